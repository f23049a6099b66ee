import type { BaseImage } from './base-image.ts';
import type { Outcome } from './command.ts';
import { execInside } from './console.ts';
import { bootHost, crashHost, type LabHost, powerOffHost, rebootHost, registryAddress } from './host.ts';
import { knownHostsPath, privateKeyPath, sshConfigPath } from './keys.ts';
import { LabError } from './lab-error.ts';
import { machineName } from './names.ts';
import { setBridged, setPlug } from './network.ts';
import { labDir } from './paths.ts';
import type { LabState } from './state.ts';
import { bridgeAddress } from './subnet.ts';

/** A lab that is up: where it is, and what can be done to its hosts. Hosts are named, as in "mon-a". */
export type Lab = {
  readonly name: string;
  /** The lab's folder. */
  readonly dir: string;
  readonly bare: boolean;
  /** This machine's address in the lab. */
  readonly bridgeAddress: string;
  /** ADDRESS:PORT of the registry that the hosts' Docker has as its mirror. */
  readonly registry: string;
  /** The NAME:TAG images it serves. */
  readonly images: readonly string[];
  readonly hosts: readonly LabHost[];
  /** Paths of the lab's private key, known_hosts and ssh_config. */
  readonly privateKey: string;
  readonly knownHosts: string;
  readonly sshConfig: string;
  /** Runs a shell script as root at the host's console, so also while the host is cut off; code 124 after the timeout. */
  exec(host: string, script: string, options?: { readonly timeout?: number }): Promise<Outcome>;
  /** Cuts the host's power. */
  crash(host: string): Promise<void>;
  /** Shuts the host down in order. */
  poweroff(host: string): Promise<void>;
  /** Starts a host that is off, from its own disk; returns when it is ready. */
  boot(host: string): Promise<void>;
  /** Reboots the host in order; returns when it is ready. */
  reboot(host: string): Promise<void>;
  /** Cuts the host off: its link goes down ("unplugged", the default), or stays up and leads nowhere ("isolated"). */
  partition(host: string, how?: 'unplugged' | 'isolated'): Promise<void>;
  /** Ends a partition of either sort. */
  heal(host: string): Promise<void>;
};

/** The handle on a lab of this state. */
export function labOf(state: LabState, image: BaseImage, images: readonly string[]): Lab {
  const find = (name: string): LabHost => {
    const found = state.hosts.find((host) => host.name === name);
    if (found === undefined)
      throw new LabError(
        `Lab ${state.name} has no host ${name}; it has ${state.hosts.map((host) => host.name).join(', ')}.`,
      );
    return found;
  };
  return {
    name: state.name,
    dir: labDir(state.name),
    bare: state.bare,
    bridgeAddress: bridgeAddress(state.subnet),
    registry: registryAddress(state),
    images,
    hosts: state.hosts,
    privateKey: privateKeyPath(state.name),
    knownHosts: knownHostsPath(state.name),
    sshConfig: sshConfigPath(state.name),
    exec: async (host, script, options) =>
      execInside(machineName(state.name, find(host).name), script, options?.timeout),
    crash: async (host) => crashHost(state, find(host)),
    poweroff: async (host) => powerOffHost(state, find(host)),
    boot: async (host) => bootHost(state, find(host), image),
    reboot: async (host) => rebootHost(state, find(host)),
    partition: async (host, how = 'unplugged') =>
      how === 'unplugged'
        ? setPlug(state.name, find(host).name, 'down')
        : setBridged(state.name, find(host).name, false),
    heal: async (host) => {
      await setBridged(state.name, find(host).name, true);
      await setPlug(state.name, host, 'up');
    },
  };
}
