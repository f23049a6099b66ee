import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDeed } from '../../../src/resources/change.ts';
import { file } from '../../../src/resources/file.ts';
import { runCases } from '../../support/cases.ts';
import { bringHere, type LocalShell, localShells, lookHere, runHere } from '../../support/local-shells.ts';

runCases(file, import.meta.url);

const owner = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
const none = { action: 'none' };
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'file-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** How its validate command judges a file's new bytes, and whether the look left anything behind. */
function prove(shell: LocalShell, spec: Parameters<typeof file.diff>[0]): number | undefined {
  const { observed, change } = lookHere(shell, file, spec);
  if (!isDeed(change)) throw new Error('nothing to prove');
  const script = file.check!(spec, change, observed as never);
  return script && runHere(shell, script).code;
}

describe.each(localShells())('a file in $name', (shell) => {
  it.each([
    ['text', 'it\'s $HOME `x` \\n "q"\n\n'],
    ['nothing', ''],
    ['bytes', Uint8Array.from({ length: 3000 }, (_, i) => i % 256)],
    ['much text', 'x'.repeat(2_000_000)],
  ])('of %s is written, mended after drift, and removed', (_, content) => {
    const path = join(root, "it's a file");
    const spec = { path, content, owner, group, mode: '0640' };
    expect(bringHere(shell, file, spec)).toMatchObject({ change: { action: 'create' }, after: none });
    expect(readFileSync(path).equals(Buffer.from(content))).toBe(true);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    writeFileSync(path, 'drift\n');
    expect(bringHere(shell, file, spec)).toMatchObject({
      change: { action: 'update', cause: 'content differs', fields: [{ from: 'drift\n' }] },
      after: none,
    });
    chmodSync(path, 0o666);
    expect(bringHere(shell, file, spec)).toMatchObject({ change: { cause: 'mode differs' }, after: none });
    expect(bringHere(shell, file, file.absent!(spec)!)).toMatchObject({ change: { action: 'delete' }, after: none });
    expect(readdirSync(root)).toEqual([]);
  });

  it('comes back as it was, byte for byte, with owner and mode', () => {
    const path = join(root, 'was here');
    const spec = { path, content: 'new\n', owner, group, validate: 'grep -q new %s' };
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.option(bytes), fc.constantFrom(0o600, 0o644, 0o4755), (content, mode) => {
        rmSync(path, { force: true });
        if (content !== null) writeFileSync(path, content);
        if (content !== null) chmodSync(path, mode);
        const { observed } = lookHere(shell, file, spec);
        expect(bringHere(shell, file, spec).after).toEqual(none);
        const former = file.former!(spec, observed as never);
        expect(bringHere(shell, file, former && 'spec' in former && former.spec).after).toEqual(none);
        expect(existsSync(path)).toBe(content !== null);
        if (content === null) return;
        expect(readFileSync(path).equals(Buffer.from(content))).toBe(true);
        expect(statSync(path).mode & 0o7777).toBe(mode);
      }),
      { numRuns: 8 },
    );
  });

  it('keeps its inode when only its mode changes, since containers may have it mounted', () => {
    const path = join(root, 'mounted');
    writeFileSync(path, 'x', { mode: 0o600 });
    const before = statSync(path).ino;
    bringHere(shell, file, { path, content: 'x', owner, group });
    expect(statSync(path)).toMatchObject({ ino: before, mode: 0o100644 });
  });

  it('blocks on a symlink, a directory, and below a file', () => {
    writeFileSync(join(root, 'plain'), '');
    symlinkSync('plain', join(root, 'link'));
    mkdirSync(join(root, 'folder'));
    for (const name of ['link', 'folder', 'plain/below']) {
      expect(lookHere(shell, file, { path: join(root, name), content: '' }).change).toMatchObject({
        action: 'blocked',
      });
    }
  });

  it('may be planned in a directory that an earlier task makes', () => {
    const spec = { path: join(root, 'later', 'file'), content: '' };
    expect(lookHere(shell, file, spec).change).toMatchObject({ action: 'create' });
  });

  it('is proved by its program before anything is touched', () => {
    const spec = {
      path: join(root, 'a.conf'),
      content: 'good\n',
      owner,
      group,
      validate: 'grep -q ^good %s && test ! -e /nowhere',
    };
    expect(prove(shell, spec)).toBe(0);
    expect(prove(shell, { ...spec, content: 'bad\n' })).toBe(1);
    expect(prove(shell, { ...spec, validate: `case %s in */a.conf) exit 0;; esac; exit 7` })).toBe(0);
    expect(prove(shell, { ...spec, validate: "unbalanced ' %s" })).not.toBe(0);
    expect(prove(shell, { ...spec, validate: 'no-such-program %s' })).toBeUndefined();
    expect(existsSync(spec.path)).toBe(false);
    expect(readdirSync('/dev/shm').filter((name) => name.startsWith('hadeploy.'))).toEqual([]);
  });

  it('that its program refuses does not land', () => {
    const spec = { path: join(root, 'a.conf'), content: 'bad\n', owner, group, validate: 'grep -q ^good %s' };
    expect(() => bringHere(shell, file, spec)).toThrow('refused');
    expect(readdirSync(root)).toEqual([]);
  });
});
