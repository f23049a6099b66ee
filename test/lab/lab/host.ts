import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseImage } from './base-image.ts';
import { must } from './command.ts';
import { execInside } from './console.ts';
import { hostDisk, mountDisk } from './host-disk.ts';
import { hostKeysDir, privateKeyPath, sshConfigPath } from './keys.ts';
import { LabError } from './lab-error.ts';
import { cutPower, isAlive, machineInit, startMachine } from './machine.ts';
import { machineName } from './names.ts';
import { plugVariables, unplug } from './network.ts';
import { labDir } from './paths.ts';
import type { LabState } from './state.ts';
import { bridgeAddress } from './subnet.ts';

export type LabHost = LabState['hosts'][number];

const bootTimeout = 120_000;

/** Where the hosts of a lab pull images from. */
export const registryAddress = (state: LabState): string => `${bridgeAddress(state.subnet)}:5000`;

/** The id of the host's systemd, or undefined while the host is off. */
export const hostInit = (state: LabState, host: LabHost): number | undefined =>
  machineInit(machineName(state.name, host.name));

/** Boots a host that is off, from its own disk or, when it has none, a new one; returns when it is ready. */
export async function bootHost(state: LabState, host: LabHost, image: BaseImage): Promise<void> {
  const machine = machineName(state.name, host.name);
  await cutPower(machine);
  const disk = hostDisk(state.name, host.name);
  const settings = {
    ...host,
    bridgeAddress: bridgeAddress(state.subnet),
    registry: registryAddress(state),
    hostKeys: hostKeysDir(state.name, host.name),
    authorizedKey: readFileSync(`${privateKeyPath(state.name)}.pub`, 'utf8'),
  };
  await mountDisk(disk, image, state.bare, settings, state.diskMb);
  await startMachine({
    machine,
    hostname: host.name,
    disk,
    apt: image.apt,
    log: hostLog(state, host),
    plug: plugVariables(state.name, state.subnet, host),
  });
  await untilReady(state, host);
}

/** Cuts a host's power. */
export async function crashHost(state: LabState, host: LabHost): Promise<void> {
  await cutPower(machineName(state.name, host.name));
  await unplug(state.name, host.name);
}

/** Shuts a host down from inside and returns when it is off. */
export async function powerOffHost(state: LabState, host: LabHost): Promise<void> {
  const machine = machineName(state.name, host.name);
  await execInside(machine, 'systemctl poweroff');
  await until(`${host.name} to power off`, state, host, () => !isAlive(machine));
  await crashHost(state, host);
}

/** Reboots a host from inside and returns when it is ready again. */
export async function rebootHost(state: LabState, host: LabHost): Promise<void> {
  const before = hostInit(state, host);
  await execInside(machineName(state.name, host.name), 'systemctl reboot');
  await until(`${host.name} to reboot`, state, host, () => {
    const now = hostInit(state, host);
    return now !== undefined && now !== before;
  });
  await untilReady(state, host);
}

/** Returns when systemd is up, sshd lets the lab's key in and, on a prepared host, Docker answers. */
export async function untilReady(state: LabState, host: LabHost): Promise<void> {
  const machine = machineName(state.name, host.name);
  await until(`${host.name} to boot`, state, host, () => {
    if (!isAlive(machine)) throw failure(state, host, 'stopped while booting');
    return machineInit(machine) !== undefined;
  });
  const docker = state.bare ? '' : 'until docker info >/dev/null 2>&1; do sleep 0.1; done';
  const script = `until systemctl is-active --quiet ssh multi-user.target; do sleep 0.1; done\n${docker}`;
  const outcome = await execInside(machine, script, bootTimeout);
  if (outcome.code !== 0) throw failure(state, host, `was not ready within ${bootTimeout / 1000} s`);
  await must('ssh', ['-F', sshConfigPath(state.name), host.name, 'true'], { timeout: 20_000 });
}

async function until(what: string, state: LabState, host: LabHost, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + bootTimeout;
  while (!holds()) {
    if (Date.now() > deadline) throw failure(state, host, `kept the lab waiting for ${what}`);
    await sleep(50);
  }
}

const hostLog = (state: LabState, host: LabHost): string => join(labDir(state.name), 'logs', `${host.name}.log`);

function failure(state: LabState, host: LabHost, what: string): LabError {
  const log = readFileSync(hostLog(state, host), 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  return new LabError(`${host.name} ${what}. The end of ${hostLog(state, host)}:\n${log}`);
}
