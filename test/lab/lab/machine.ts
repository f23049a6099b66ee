import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createCgroups,
  hasLegacyCgroups,
  hasServiceManager,
  machineCgroup,
  machinesWithCgroup,
  processesIn,
  removeCgroups,
  unitOf,
} from './cgroups.ts';
import { must, run } from './command.ts';
import type { HostDisk } from './host-disk.ts';
import { plugScript } from './network.ts';
import { depthOf, innermostId, kill, nameOf } from './processes.ts';

/** What it takes to start one host as an nspawn machine. */
export type MachineSpec = {
  readonly machine: string;
  readonly hostname: string;
  readonly disk: HostDisk;
  readonly apt: string;
  readonly log: string;
  /** The variables of the script that plugs it into the network. */
  readonly plug: Readonly<Record<string, string>>;
};

/** Starts a host's machine and returns while it boots; it outlives this process, and restarts itself on a reboot. */
export async function startMachine(spec: MachineSpec): Promise<void> {
  mkdirSync(dirname(spec.log), { recursive: true });
  if (hasServiceManager()) await startAsService(spec);
  else await startInLoop(spec);
}

function nspawnArgs(spec: MachineSpec): readonly string[] {
  return [
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--settings=no',
    '--boot',
    `--directory=${spec.disk.root}`,
    `--machine=${spec.machine}`,
    `--hostname=${spec.hostname}`,
    `--bind=${spec.disk.docker}:/var/lib/docker`,
    `--bind-ro=${spec.apt}:/srv/apt`,
    '--capability=all',
    '--system-call-filter=@keyring bpf add_key keyctl',
    '--private-users=no',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    // systemd 257 refuses cgroup v1 without this word.
    ...(hasLegacyCgroups() ? ['SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'] : []),
  ];
}

// dockerd writes ip_forward and friends, so /proc/sys must be writable.
const nspawnEnv = { SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'yes' };

// nspawn's own option for a network namespace would leave the host with a /sys that shows the machine's links.
const bootScript = `${plugScript} &&
exec nsenter "--net=/run/netns/$MACHINE" systemd-nspawn "$@"`;

/** The way of systemd-nspawn@.service: a unit of the machine's systemd, which restarts it when a reboot ends it with 133. */
async function startAsService(spec: MachineSpec): Promise<void> {
  await run('systemctl', ['reset-failed', unitOf(spec.machine)]);
  const properties = [
    `Description=hadeploy lab host ${spec.machine}`,
    'Delegate=yes',
    'KillMode=mixed',
    'RestartForceExitStatus=133',
    'SuccessExitStatus=133',
    'TasksMax=infinity',
    `StandardOutput=append:${spec.log}`,
    `StandardError=append:${spec.log}`,
    ...Object.entries({ ...nspawnEnv, ...spec.plug }).map(([key, value]) => `Environment=${key}=${value}`),
  ];
  const service = ['--quiet', '--collect', '--slice=machine.slice', `--unit=${unitOf(spec.machine)}`];
  const set = properties.map((property) => `--property=${property}`);
  await must('systemd-run', [...service, ...set, 'sh', '-c', bootScript, 'sh', ...nspawnArgs(spec)]);
}

/** Without a systemd on the machine: a shell that does the same in cgroups that we make. */
async function startInLoop(spec: MachineSpec): Promise<void> {
  const cgroups = createCgroups(spec.machine);
  const log = openSync(spec.log, 'a');
  const loop = spawn('sh', ['-c', hasLegacyCgroups() ? loopLegacy : loopUnified, 'sh', ...nspawnArgs(spec)], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
    env: { ...process.env, ...nspawnEnv, ...spec.plug, CGROUPS: cgroups.join(' ') },
  });
  loop.unref();
  closeSync(log);
  // A machine is known by what is in its cgroup, so it has begun only when the loop has entered it.
  while (loop.exitCode === null && !isAlive(spec.machine)) await sleep(5);
}

const loopLegacy = `
for folder in $CGROUPS; do echo 0 >"$folder/cgroup.procs"; done
while :; do
  (${bootScript})
  [ $? -eq 133 ] || exit
done`;

// Only a leaf may hold processes, and nspawn makes leaves below the cgroup it starts in: so this shell sits in one of its
// own, and every boot gets a new one.
const loopUnified = `
mkdir -p "$CGROUPS/loop"
echo 0 >"$CGROUPS/loop/cgroup.procs"
for controller in $(cat "$CGROUPS/cgroup.controllers"); do echo "+$controller" >"$CGROUPS/cgroup.subtree_control"; done
boot=0
while :; do
  boot=$((boot + 1))
  mkdir -p "$CGROUPS/boot-$boot"
  (echo 0 >"$CGROUPS/boot-$boot/cgroup.procs"; ${bootScript})
  [ $? -eq 133 ] || exit
done`;

/** The names of all machines, of any lab, that have a living process. */
export const livingMachines = (): readonly string[] => machinesWithCgroup().filter((name) => isAlive(name));

/** Whether anything of a machine lives, be it booting, up, shutting down or what a killed nspawn left. */
export const isAlive = (machine: string): boolean => processesIn(machineCgroup(machine)).length > 0;

/** The id of systemd inside a running machine; undefined when it is off, not that far, or has lost its nspawn. */
export function machineInit(machine: string): number | undefined {
  const pids = processesIn(machineCgroup(machine));
  if (!pids.some((pid) => nameOf(pid) === 'systemd-nspawn' && depthOf(pid) === 1)) return undefined;
  // Before it became systemd it still sees this machine's files, and must not be entered.
  return pids.find((pid) => nameOf(pid) === 'systemd' && isFirst(pid));
}

/** Ends a machine as a power cut does, and clears what the cut leaves on this side. */
export async function cutPower(machine: string): Promise<void> {
  const cgroup = machineCgroup(machine);
  for (let pids = processesIn(cgroup); pids.length > 0; pids = processesIn(cgroup)) {
    // The loop and nspawn first, that nothing starts again; then the first process, which takes all others along.
    for (const pid of pids.filter((one) => depthOf(one) === 1)) await kill(pid);
    for (const pid of pids.filter(isFirst)) await kill(pid);
  }
  if (hasServiceManager()) await run('systemctl', ['stop', unitOf(machine)]);
  else removeCgroups(machine);
}

const isFirst = (pid: number): boolean => depthOf(pid) === 2 && innermostId(pid) === 1;
