import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deed } from '../../../src/resources/change.ts';
import { directory } from '../../../src/resources/directory.ts';
import { anything } from '../../../src/resources/places.ts';
import { runCases } from '../../support/cases.ts';
import { bringHere, doHere, localShells, lookHere } from '../../support/local-shells.ts';

runCases(directory, import.meta.url);

const owner = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
const none = { action: 'none' };
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'directory-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each(localShells())('a directory in $name', (shell) => {
  it('is made with its parents, mended, and removed', () => {
    const path = join(root, "it's", 'a dir');
    const spec = { path, owner, group, mode: '0750' };
    expect(bringHere(shell, directory, spec)).toMatchObject({ change: { action: 'create' }, after: none });
    expect(statSync(path).mode & 0o7777).toBe(0o750);
    expect(statSync(join(path, '..')).mode & 0o7777).toBe(0o755);
    chmodSync(path, 0o2777);
    expect(bringHere(shell, directory, spec)).toMatchObject({
      change: { action: 'update', fields: [{ field: 'mode', from: '2777', to: '0750' }] },
      after: none,
    });
    expect(bringHere(shell, directory, { path, state: 'absent' })).toMatchObject({
      change: { action: 'delete' },
      after: none,
    });
    expect(existsSync(path)).toBe(false);
  });

  it('comes back as it was, and goes again when it was not there and is empty', () => {
    const path = join(root, 'd');
    const spec = { path, owner, group, mode: '0700' };
    const undo = (observed: unknown) => {
      const former = directory.former!(spec, observed as never);
      return bringHere(shell, directory, former && 'spec' in former && former.spec).after;
    };
    const absent = lookHere(shell, directory, spec).observed;
    bringHere(shell, directory, spec);
    expect(undo(absent)).toEqual(none);
    expect(existsSync(path)).toBe(false);
    mkdirSync(path, { mode: 0o751 });
    const there = lookHere(shell, directory, spec).observed;
    bringHere(shell, directory, spec);
    expect(undo(there)).toEqual(none);
    expect(statSync(path).mode & 0o7777).toBe(0o751);
    writeFileSync(join(path, 'kept'), '');
    expect(undo(absent)).toEqual(none);
    expect(existsSync(join(path, 'kept'))).toBe(true);
  });

  it('that a package brought since it was looked at is settled all the same', () => {
    const spec = { path: join(root, 'brought'), owner, group, mode: '0750' };
    const { change } = lookHere(shell, directory, spec);
    mkdirSync(spec.path);
    for (const step of directory.apply(spec, change as Deed, undefined)) doHere(shell, step);
    expect(lookHere(shell, directory, spec).change).toEqual(none);
  });

  it('is followed through a symlink, whose target is mended', () => {
    mkdirSync(join(root, 'disk'), { mode: 0o700 });
    symlinkSync('disk', join(root, 'data'));
    const spec = { path: join(root, 'data'), owner, group };
    expect(bringHere(shell, directory, spec)).toMatchObject({ change: { action: 'update' }, after: none });
    expect(statSync(join(root, 'disk')).mode & 0o7777).toBe(0o755);
    expect(lookHere(shell, directory, { ...spec, state: 'absent' }).change).toMatchObject({ action: 'blocked' });
  });

  it('blocks where a file or a dangling symlink stands, also as a parent', () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync('nowhere', join(root, 'link'));
    for (const name of ['file', 'link', 'file/below']) {
      expect(lookHere(shell, directory, { path: join(root, name) }).change).toMatchObject({ action: 'blocked' });
    }
  });

  it('that is no longer declared stays while something is in it', () => {
    writeFileSync(join(root, 'kept'), '');
    const spec = directory.absent!({ path: root })!;
    const { observed, change } = lookHere(shell, directory, spec);
    expect(change).toEqual(none);
    const disturbed = directory.diff(spec, observed as never, { disturbed: true, brought: new Set([anything]) });
    expect(disturbed).toMatchObject({ action: 'delete', notes: [expect.stringContaining('kept')] });
    expect(bringHere(shell, { ...directory, diff: () => disturbed }, spec).change).toEqual(disturbed);
    expect(existsSync(join(root, 'kept'))).toBe(true);
  });
});
