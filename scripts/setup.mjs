// Installs the project's packages when they are missing or the lockfile is not the one they came from. Uses nothing
// but Node itself, and may run at any time.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

export function setup() {
  const lockfile = resolve(root, 'package-lock.json');
  const stamp = resolve(root, 'node_modules/.hadeploy-setup');
  if (existsSync(stamp) && readFileSync(stamp).equals(readFileSync(lockfile))) return;
  console.error('Installing packages ...');
  execFileSync('npm', ['ci', '--no-progress', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  copyFileSync(lockfile, stamp);
}

/** Runs a command in the project's folder with its output shown; the exit code. */
export function run(command, args, options = {}) {
  try {
    execFileSync(command, args, { cwd: root, stdio: 'inherit', ...options });
    return 0;
  } catch (error) {
    return error.status ?? 1;
  }
}
