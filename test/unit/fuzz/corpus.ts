import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that broke something once, or is of a kind that breaks readers. */
export interface Kept {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** The kept files of a folder of `corpus/`; what a fuzz run finds is added there by hand, as one more file. */
export function corpus(folder: 'yaml' | 'ini' | 'template' | 'known-hosts' | 'plan' | 'answers'): readonly Kept[] {
  const path = join(import.meta.dirname, 'corpus', folder);
  const names = readdirSync(path).sort();
  if (names.length === 0) throw new Error(`${path} is empty`);
  return names.map((name) => {
    const bytes = readFileSync(join(path, name));
    return { name, bytes, text: bytes.toString('utf8') };
  });
}
