import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** How many hosts a fault names before it counts the rest. */
const namedHosts = 3;

/** A fault that was found while compiling for a host. */
export interface HostFault extends Diagnostic {
  readonly host: string;
}

/** Faults without their repetitions, in the order in which they were found. */
export function distinct(faults: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map(faults.map((fault) => [keyOf(fault), fault]).reverse() as [string, Diagnostic][]);
  return faults.filter((fault) => seen.get(keyOf(fault)) === fault);
}

/** One fault for all hosts that have it in common; the hosts are named unless it concerns `everyone`. */
export function perHosts(faults: readonly HostFault[], everyone: number): readonly Diagnostic[] {
  const groups = new Map<string, { readonly fault: Diagnostic; readonly hosts: Set<string> }>();
  for (const { host, ...fault } of faults) {
    const key = keyOf(fault);
    const group = groups.get(key);
    if (group) group.hosts.add(host);
    else groups.set(key, { fault, hosts: new Set([host]) });
  }
  return [...groups.values()].map(({ fault, hosts }) =>
    hosts.size === everyone && everyone > 1 ? fault : { ...fault, host: hostList([...hosts]) },
  );
}

function hostList(hosts: readonly string[]): string {
  if (hosts.length <= namedHosts + 1) return hosts.join(', ');
  return `${hosts.slice(0, namedHosts).join(', ')} and ${hosts.length - namedHosts} more`;
}

// Faults at one place with one sentence are one to the user, whichever task led there first.
function keyOf(fault: Diagnostic): string {
  const { file, line, col } = fault.at ?? {};
  return JSON.stringify([fault.code, fault.what, file, line, col]);
}
