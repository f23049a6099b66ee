import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Runs the built program as a user would, without a terminal; `cwd` and `env` as given. */
export function hadeploy(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
) {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    HADEPLOY_BECOME_PASSWORD: undefined,
    ...options.env,
  };
  const ended = spawnSync(resolve('bin/hadeploy'), args, {
    encoding: 'utf8',
    env,
    ...(options.cwd && { cwd: options.cwd }),
  });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}
