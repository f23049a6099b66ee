import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './lab-error.ts';
import { locksDir } from './paths.ts';

/** Runs the work while holding the named lock; another process that wants it waits. */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(locksDir, { recursive: true });
  // The lock lives in a child that ends when our end of its input closes, so a killed lab command never leaves it held.
  const child = spawn('flock', [join(locksDir, name), '-c', 'echo held; cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('error', reject);
      child.once('close', () => reject(new LabError(`The lock ${join(locksDir, name)} could not be taken.`)));
    });
    return await work();
  } finally {
    child.stdin.end();
    await ended;
  }
}
