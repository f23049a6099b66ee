import { type Outcome, run } from './command.ts';
import { LabError } from './lab-error.ts';
import { machineInit } from './machine.ts';

/** Runs a shell script as root inside a machine, as if typed at its console: no network, login or SSH is involved. */
export function execInside(machine: string, script: string, timeout?: number): Promise<Outcome> {
  const init = machineInit(machine);
  if (init === undefined) throw new LabError(`${machine} is not running.`);
  const environment = [
    'HOME=/root',
    'LANG=C.UTF-8',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ];
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'];
  return run(
    'nsenter',
    [...['--target', String(init)], ...namespaces, '--', 'env', '-i', ...environment, 'sh', '-c', script],
    timeout === undefined ? {} : { timeout },
  );
}
