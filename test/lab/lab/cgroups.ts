import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether this machine's controllers are on cgroup v1, which decides how systemd and Docker inside a host must be started. */
export const hasLegacyCgroups = (): boolean => !existsSync('/sys/fs/cgroup/cgroup.controllers');

/** Whether this machine's own systemd hands out cgroups, so that none may be made behind its back. */
export const hasServiceManager = (): boolean => existsSync('/run/systemd/system');

/** Makes a host's own cgroup in every hierarchy and returns the folders; without it, all hosts' systemds would share one. */
export function createCgroups(machine: string): readonly string[] {
  return hierarchies().map((hierarchy) => {
    const parent = join(hierarchy, 'hadeploy-lab');
    const folder = join(parent, machine);
    mkdirSync(folder, { recursive: true });
    for (const [from, to] of [
      [hierarchy, parent],
      [parent, folder],
    ] as const)
      prepare(from, to);
    return folder;
  });
}

/** The unit that a machine runs as where this machine's systemd starts it. */
export const unitOf = (machine: string): string => `${unitPrefix}${machine}.service`;

/** A cgroup that has every process of a machine, in it or below it. */
export const machineCgroup = (machine: string): string =>
  hasServiceManager() ? join(parentCgroup(), unitOf(machine)) : join(parentCgroup(), machine);

/** The names of all machines, of any lab, that have a cgroup. */
export function machinesWithCgroup(): readonly string[] {
  const names = foldersIn(parentCgroup());
  if (!hasServiceManager()) return names;
  const units = names.filter((name) => name.startsWith(unitPrefix));
  return units.map((unit) => unit.slice(unitPrefix.length, -'.service'.length));
}

/** The ids of the processes in a cgroup and below it; none when there is no such cgroup. */
export function processesIn(cgroup: string): readonly number[] {
  let own: number[] = [];
  attempt(() => {
    own = readFileSync(join(cgroup, 'cgroup.procs'), 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  });
  return [...own, ...foldersIn(cgroup).flatMap((name) => processesIn(join(cgroup, name)))];
}

const unitPrefix = 'hadeploy-lab-';

function parentCgroup(): string {
  if (!hasServiceManager()) return join(hierarchies()[0] ?? '', 'hadeploy-lab');
  return join(hasLegacyCgroups() ? '/sys/fs/cgroup/systemd' : '/sys/fs/cgroup', 'machine.slice');
}

/** Removes the cgroups that a machine's host left; a cgroup with a living process in it stays. */
export function removeCgroups(machine: string): void {
  for (const hierarchy of hierarchies()) {
    const parent = join(hierarchy, 'hadeploy-lab');
    removeTree(join(parent, machine));
    if (existsSync(parent)) attempt(() => rmdirSync(parent));
  }
}

function hierarchies(): readonly string[] {
  if (!hasLegacyCgroups()) return ['/sys/fs/cgroup'];
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, point]) => point ?? '');
}

function prepare(from: string, to: string): void {
  // A new v1 cpuset is empty and takes no process until it has what its parent has.
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    if (existsSync(join(to, file)) && hasLegacyCgroups()) writeFileSync(join(to, file), readFileSync(join(from, file)));
  if (hasLegacyCgroups()) return;
  const controllers = readFileSync(join(from, 'cgroup.controllers'), 'utf8').trim().split(' ');
  for (const controller of controllers.filter((name) => name !== ''))
    attempt(() => writeFileSync(join(from, 'cgroup.subtree_control'), `+${controller}`));
}

function removeTree(folder: string): void {
  for (const name of foldersIn(folder)) removeTree(join(folder, name));
  attempt(() => rmdirSync(folder));
}

function foldersIn(folder: string): readonly string[] {
  let names: string[] = [];
  attempt(() => {
    const entries = readdirSync(folder, { withFileTypes: true });
    names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  });
  return names;
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Best effort: what cannot be had or removed here is found by its effect, not by this write.
  }
}
