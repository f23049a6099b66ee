import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Outcome } from '../lab/command.ts';

// Also of use in a bundle, so it is looked for below the project's folder, in which everything is run.
const program = resolve('bin/hadeploy');

/** The program as it runs: its output so far, how to signal it, and its end. */
export interface Running {
  readonly args: readonly string[];
  /** Both outputs so far, as they came. */
  said(): string;
  /** Returns once the output has this text; throws when the program ends without it. */
  says(text: string | RegExp): Promise<void>;
  /** Sends a signal to the controller process alone. */
  signal(name: 'SIGINT' | 'SIGKILL'): void;
  readonly ended: Promise<Outcome>;
}

/** Starts the real program, as a user does, in a folder; `HOME` is that folder, so nobody's ssh_config plays a part. */
export function startProgram(
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Running {
  const { SSH_AUTH_SOCK: _agent, FORCE_COLOR: _colour, ...inherited } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...inherited, HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let said = '';
  const listeners = new Set<() => void>();
  const heard = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    said += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    said += text;
    heard();
  });
  let over = false;
  const ended = new Promise<Outcome>((settle, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      over = true;
      settle({ code: code ?? (signal === 'SIGKILL' ? 137 : 143), stdout, stderr });
      heard();
    });
  });
  return {
    args,
    said: () => said,
    says: (text) =>
      new Promise((settle, reject) => {
        const listener = () => {
          if (typeof text === 'string' ? said.includes(text) : text.test(said)) settle();
          else if (over) reject(new Error(`It ended without saying ${text}:\n${said}`));
          else return;
          listeners.delete(listener);
        };
        listeners.add(listener);
        listener();
      }),
    signal: (name) => child.kill(name),
    ended,
  };
}
