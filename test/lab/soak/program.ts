import { spawn } from 'node:child_process';
import type { Line, Span } from './recording.ts';

/** What a program wrote and when, and its exit code. */
export interface Told extends Span {
  readonly code: number;
  readonly log: readonly Line[];
}

/** Runs a program to its end, showing each line and noting when it came. */
export function runTimed(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Told> {
  const from = Date.now();
  const log: Line[] = [];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const at = Date.now();
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        log.push({ at, text: line });
        process.stdout.write(`${((at - from) / 1000).toFixed(1).padStart(7)}  ${line}\n`);
      }
    });
  }
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('close', (code) => settle({ from, to: Date.now(), code: code ?? -1, log }));
  });
}
