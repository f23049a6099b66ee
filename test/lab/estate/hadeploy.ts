import { spawn } from 'node:child_process';

/** What a command said, both streams as one, and its exit code. */
export interface Said {
  readonly code: number;
  readonly text: string;
  readonly seconds: number;
}

/** Runs the program itself on an inventory. */
export function hadeploy(command: string, inventory: string, ...more: readonly string[]): Promise<Said> {
  const start = Date.now();
  const args = ['bin/hadeploy', command, inventory, ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (bytes) => {
    text += bytes;
  });
  child.stderr.on('data', (bytes) => {
    text += bytes;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, text, seconds: (Date.now() - start) / 1000 }));
  });
}
