import { readFileSync } from 'node:fs';
import { run } from './command.ts';

/** The mount points at or below a folder, innermost first. */
export function mountsBelow(folder: string): readonly string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '));
  return points.filter((point) => point === folder || point.startsWith(`${folder}/`)).reverse();
}

/** Unmounts everything at or below a folder, detaching what is still busy. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const point of mountsBelow(folder)) {
    const outcome = await run('umount', [point]);
    if (outcome.code !== 0) await run('umount', ['--lazy', point]);
  }
}
