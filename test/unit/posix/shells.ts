import { spawnSync } from 'node:child_process';
import type { Script } from '../../../src/posix/script.ts';

/** The shells that hosts have (Debian's sh is dash, Alpine's is busybox's) as far as they are installed here. */
export const SHELLS: readonly (readonly string[])[] = [['sh'], ['bash'], ['busybox', 'sh']].filter(
  ([program]) => spawnSync(program!, ['-c', ':'], { stdio: 'ignore' }).error === undefined,
);

/** What a script that travels on stdin, as on a host, says and comes to. */
export function runScript(shell: readonly string[], script: Script) {
  const [program, ...args] = shell;
  const { status, stdout, stderr } = spawnSync(program!, [...args, '-s'], {
    input: script.text,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}
