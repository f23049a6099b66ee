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
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  attempt(() => rmdirSync(folder));
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Best effort: what cannot be had or removed here is found by its effect, not by this write.
  }
}
