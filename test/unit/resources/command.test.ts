import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from '../../../src/resources/command.ts';
import { runCases } from '../../support/cases.ts';
import { bringHere, localShells, lookHere } from '../../support/local-shells.ts';

runCases(command, import.meta.url);

const none = { action: 'none' };
const due = { action: 'run' };
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'command-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each(localShells())('a command in $name', (shell) => {
  it.each([
    ['creates', (it: string) => ({ creates: it })],
    ['unless', () => ({ unless: 'grep -q done it' })],
    ['onlyif', () => ({ onlyif: '! grep -q done it' })],
  ])('runs once when %s guards it', (_, guard) => {
    const spec = { run: 'x="do"\necho "${x}ne" >it', chdir: root, ...guard(join(root, 'it')) };
    expect(bringHere(shell, command, spec)).toMatchObject({ change: due, after: none });
    expect(bringHere(shell, command, spec)).toMatchObject({ change: none });
    expect(readFileSync(join(root, 'it'), 'utf8')).toBe('done\n');
  });

  it('stops at the first line that fails', () => {
    const spec = { run: 'false\ntouch it', chdir: root, creates: join(root, 'it') };
    expect(() => bringHere(shell, command, spec)).toThrow('step failed with 1');
    expect(lookHere(shell, command, spec).change).toMatchObject(due);
  });

  it.each(['exit 3', "unbalanced ' (", 'cat; exit 1', '}', 'no-such-program', 'kill $$'])(
    'has a guard that cannot disturb the other probes: %s',
    (unless) => {
      expect(lookHere(shell, command, { run: 'true', unless }).change).toMatchObject(due);
    },
  );

  it('fails alone when its text is no shell', () => {
    const spec = { run: "unbalanced '", chdir: root, creates: join(root, 'it') };
    expect(() => bringHere(shell, command, spec)).toThrow('step failed');
    expect(lookHere(shell, command, spec).change).toMatchObject(due);
  });
});
