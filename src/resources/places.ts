import { dirname } from 'node:path/posix';
import type { Deed } from './change.ts';
import type { Circumstances } from './kind.ts';

/** What the change of a file or directory means for the folder it is in, for those that come later (`brings`). */
export function placeMarks(path: string, { action }: Deed): readonly string[] {
  if (action === 'delete') return [goneFrom(dirname(path), path)];
  return action === 'create' ? [madeIn(dirname(path))] : [];
}

/** What a kind brings that does not say what it brings. */
export const anything = 'anything';

/**
 * Whether a folder with so many entries will be empty by then: `unknown` where something comes before of which only the
 * host can tell what it does.
 */
export function willBeEmpty(folder: string, entries: number, { brought }: Circumstances): boolean | 'unknown' {
  if (brought === undefined) return entries === 0;
  const gone = [...brought].filter((mark) => mark.startsWith(goneFrom(folder, ''))).length;
  if (entries <= gone && !brought.has(madeIn(folder))) return true;
  return brought.has(anything) ? 'unknown' : false;
}

function goneFrom(folder: string, path: string): string {
  return `gone from ${folder}\0${path}`;
}

function madeIn(folder: string): string {
  return `made in ${folder}`;
}
