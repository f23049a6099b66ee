import type { Instance } from './estate.ts';
import type { Cell, Topology } from './topology.ts';

type Member<R> = Omit<Instance, 'role'> & { readonly role: R };

/** What all instances of a cell have, one for each of its hosts, in their order. */
export function membersOf<R extends Instance['role']>(
  topology: Topology,
  role: R,
  cell: Cell,
  hosts: readonly string[],
): readonly Member<R>[] {
  const names = hosts.map((_, index) => `${cell.name}-${replicaOf(index)}`);
  return hosts.map((host, index) => ({
    name: names[index]!,
    role,
    cell: cell.name,
    replica: replicaOf(index),
    host,
    address: topology.addresses.get(host)!,
    port: cell.port,
    image: cell.image,
    peers: names.filter((_, other) => other !== index),
  }));
}

function replicaOf(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}

/** `address:port`; an IPv6 address gets its brackets. */
export function endpoint(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
