import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, run } from './command.ts';
import { machineName, switchName, uplinkName } from './names.ts';
import { bridgeAddress } from './subnet.ts';

// The bridge lives in a network namespace of its own: the machine's firewall (Docker's, say) never sees what one host sends
// to another, and taking the namespace away takes every link with it.

const namespaceExists = (name: string): boolean => existsSync(`/run/netns/${name}`);

/** Whether the lab's bridge and the machine's link into it are there. */
export function networkExists(lab: string, subnet: number): boolean {
  return namespaceExists(switchName(lab)) && existsSync(`/sys/class/net/${uplinkName(subnet)}`);
}

/** Makes the lab's bridge and the machine's link into it. */
export async function createNetwork(lab: string, subnet: number): Promise<void> {
  const hub = switchName(lab);
  const uplink = uplinkName(subnet);
  await ip(`netns add ${hub}`);
  await ip(`link add ${uplink} type veth peer name uplink netns ${hub}`);
  await batch(hub, ['link set lo up', 'link add br0 type bridge', 'link set uplink master br0 up', 'link set br0 up']);
  await ip(`address add ${bridgeAddress(subnet)}/24 dev ${uplink}`);
  await ip(`link set ${uplink} up`);
}

/** The variables that `plugScript` reads. */
export function plugVariables(lab: string, subnet: number, host: { readonly name: string; readonly address: string }) {
  const last = Number(host.address.split('.')[3]);
  return {
    HUB: switchName(lab),
    HOST: host.name,
    MACHINE: machineName(lab, host.name),
    ADDRESS: `${host.address}/24`,
    GATEWAY: bridgeAddress(subnet),
    // The same card after every boot, as in a real server: neighbours remember it.
    CARD: `02:5a:00:00:${hexByte(subnet)}:${hexByte(last)}`,
  };
}

const hexByte = (value: number): string => value.toString(16).padStart(2, '0');

/**
 * A shell script that gives a host a new network namespace with its address on eth0, plugged into the bridge. It runs before
 * each boot, since a namespace that outlived a reboot would keep addresses and firewall rules that a real server loses.
 */
export const plugScript = `
ip -n "$HUB" link delete "$HOST" 2>/dev/null
ip netns delete "$MACHINE" 2>/dev/null
ip netns add "$MACHINE" &&
ip -n "$HUB" link add "$HOST" type veth peer name eth0 address "$CARD" netns "$MACHINE" &&
ip -n "$HUB" link set "$HOST" master br0 up &&
ip -n "$MACHINE" link set lo up &&
ip -n "$MACHINE" address add "$ADDRESS" dev eth0 &&
ip -n "$MACHINE" link set eth0 up &&
ip -n "$MACHINE" route add default via "$GATEWAY"`;

/** Takes a host's network namespace and its link away. */
export async function unplug(lab: string, host: string): Promise<void> {
  const inside = machineName(lab, host);
  if (namespaceExists(switchName(lab))) await run('ip', ['-n', switchName(lab), 'link', 'delete', host]);
  if (namespaceExists(inside)) await ip(`netns delete ${inside}`);
}

/** Pulls a host's plug (the host sees its link go down) or puts it back. */
export async function setPlug(lab: string, host: string, state: 'up' | 'down'): Promise<void> {
  await ip(`-n ${switchName(lab)} link set ${host} ${state}`);
}

/** Takes a host off the bridge (the host's link stays up, its packets go nowhere) or puts it back. */
export async function setBridged(lab: string, host: string, bridged: boolean): Promise<void> {
  await ip(`-n ${switchName(lab)} link set ${host} ${bridged ? 'master br0' : 'nomaster'}`);
}

/** Takes away every namespace and link of the lab. */
export async function removeNetwork(lab: string, subnet: number | undefined): Promise<void> {
  const listed = await must('ip', ['netns', 'list']);
  const suffix = machineName(lab, '');
  const names = listed.split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of names.filter((one) => one.endsWith(suffix))) await ip(`netns delete ${name}`);
  if (subnet === undefined) return;
  const uplink = uplinkName(subnet);
  await run('ip', ['link', 'delete', uplink]);
  // A namespace is taken apart a moment after it was deleted, and the link's name is free only then.
  for (let tries = 0; tries < 200 && existsSync(`/sys/class/net/${uplink}`); tries++) await sleep(10);
}

const ip = (command: string): Promise<string> => must('ip', command.split(' '));

const batch = (namespace: string, commands: readonly string[]): Promise<string> =>
  must('ip', ['-n', namespace, '-batch', '-'], { input: `${commands.join('\n')}\n` });
