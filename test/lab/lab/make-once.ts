import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from './lock.ts';

/** Fills a folder unless it is there: the work is done in a draft beside it, which takes its name only when whole. */
export async function makeOnce(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await withLock(`make${folder.replaceAll('/', '-')}`, async () => {
    if (!existsSync(folder)) await makeNow(folder, make);
  });
}

async function makeNow(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  for (const old of readdirSync(dirname(folder)).filter((name) => name.startsWith(`${basename(folder)}.draft-`)))
    rmSync(join(dirname(folder), old), { recursive: true, force: true, maxRetries: 3 });
  // A killed command's child may go on writing for a while, so every draft has a name of its own.
  const draft = `${folder}.draft-${process.pid}`;
  mkdirSync(draft);
  await make(draft);
  renameSync(draft, folder);
}
