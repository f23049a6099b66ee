import { spawn } from 'node:child_process';
import { LabError } from './lab-error.ts';

/** What a finished process left: its exit code (128 + n for a signal) and both outputs as text. */
export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type CommandOptions = {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the process is killed and the code is 124. */
  readonly timeout?: number;
};

/** Runs a program to its end and returns what it left; rejects only when the program cannot be started. */
export function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      // A group of its own, so that a timeout ends the whole family: a grandchild would keep the outputs open.
      detached: options.timeout !== undefined,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
          }, options.timeout);
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    // A child may exit before it has read all its input; its exit code tells the story, not our EPIPE.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new LabError(`${program} could not be started: ${error.message}.`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        code: late ? 124 : (code ?? (signal === 'SIGKILL' ? 137 : 143)),
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
  });
}

/** Runs a program and returns its standard output; throws a LabError with the end of its output when it fails. */
export async function must(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const outcome = await run(program, args, options);
  if (outcome.code !== 0) {
    const said = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').slice(-12).join('\n');
    throw new LabError(`\`${program} ${args.join(' ').slice(0, 200)}\` failed with code ${outcome.code}.\n${said}`);
  }
  return outcome.stdout;
}
