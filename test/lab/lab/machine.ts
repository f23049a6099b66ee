import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { createCgroups, hasLegacyCgroups, hasServiceManager, removeCgroups } from './cgroups.ts';
import { must, run } from './command.ts';
import type { HostDisk } from './host-disk.ts';
import { plugScript } from './network.ts';
import { containerInit, findProcesses, kill, nameOf, type Process } from './processes.ts';

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
  else startInLoop(spec);
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
  await run('systemctl', ['reset-failed', unitName(spec.machine)]);
  const properties = [
    'Delegate=yes',
    'KillMode=mixed',
    'RestartForceExitStatus=133',
    'SuccessExitStatus=133',
    'TasksMax=infinity',
    `StandardOutput=append:${spec.log}`,
    `StandardError=append:${spec.log}`,
    ...Object.entries({ ...nspawnEnv, ...spec.plug }).map(([key, value]) => `Environment=${key}=${value}`),
  ];
  const service = ['--quiet', '--collect', '--slice=machine.slice', `--unit=${unitName(spec.machine)}`];
  const set = properties.map((property) => `--property=${property}`);
  await must('systemd-run', [...service, ...set, 'sh', '-c', bootScript, 'sh', ...nspawnArgs(spec)]);
}

const unitName = (machine: string): string => `hadeploy-lab-${machine}.service`;

/** Without a systemd on the machine: a shell that does the same in cgroups that we make. */
function startInLoop(spec: MachineSpec): void {
  const cgroups = createCgroups(spec.machine);
  const log = openSync(spec.log, 'a');
  spawn('sh', ['-c', hasLegacyCgroups() ? loopLegacy : loopUnified, 'sh', ...nspawnArgs(spec)], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
    env: { ...process.env, ...nspawnEnv, ...spec.plug, CGROUPS: cgroups.join(' ') },
  }).unref();
  closeSync(log);
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

/** The processes that hold a machine up, those whose machine name passes the test: nspawn and, maybe, its loop. */
export function machineProcesses(wanted: (machine: string) => boolean): readonly Process[] {
  return findProcesses((args) => {
    const program = args[0]?.split('/').pop();
    if (program !== 'systemd-nspawn' && program !== 'sh') return false;
    const named = args.find((arg) => arg.startsWith('--machine='));
    return named !== undefined && wanted(named.slice('--machine='.length));
  });
}

/** The id of systemd inside a running machine; undefined when it is off or not that far. */
export function machineInit(machine: string): number | undefined {
  const init = firstProcess(machine);
  // Before it became systemd it still sees this machine's files, and must not be entered.
  return init !== undefined && nameOf(init) === 'systemd' ? init : undefined;
}

function firstProcess(machine: string): number | undefined {
  const nspawn = machineProcesses((name) => name === machine).find(isNspawn);
  return nspawn === undefined ? undefined : containerInit(nspawn.pid);
}

/** Ends a machine as a power cut does, and clears what the cut leaves on this side. */
export async function cutPower(machine: string): Promise<void> {
  const init = firstProcess(machine);
  const processes = machineProcesses((name) => name === machine);
  // The loop first, that it may not start again; then the inside at one blow, which ends nspawn by itself.
  for (const found of processes.filter((one) => !isNspawn(one))) await kill(found.pid);
  if (init !== undefined) await kill(init);
  for (const found of processes.filter(isNspawn)) await kill(found.pid);
  if (hasServiceManager()) await run('systemctl', ['stop', unitName(machine)]);
  else removeCgroups(machine);
}

const isNspawn = (found: Process): boolean => found.args[0]?.endsWith('systemd-nspawn') ?? false;
