import type { AllowedFlow, Estate, Flow, Instance, PeerFlow } from './estate.ts';
import type { Allow } from './topology.ts';

type Members = Omit<Estate, 'flows'>;

/** Everyone who opens connections to whom in an estate, also within one host; who may from outside comes last. */
export function flowsOf(estate: Members, allow: readonly Allow[]): readonly Flow[] {
  const { scrapers, pushgateways, federators, alertmanagers } = estate;
  const reads = federators.flatMap((from) =>
    [...scrapers, ...pushgateways, ...federators, ...alertmanagers]
      .filter((to) => to.name !== from.name && (to.role !== 'federator' || to.cell === from.cell))
      .map((to) => between('scrape', 'scrapes', from, to)),
  );
  const notifies = federators.flatMap((from) =>
    alertmanagers.filter(({ notifier }) => notifier).map((to) => between('notify', 'notifies', from, to)),
  );
  const gossips = alertmanagers.flatMap((from) =>
    alertmanagers
      .filter((to) => to.cell === from.cell && to.name !== from.name)
      .flatMap((to) =>
        (['tcp', 'udp'] as const).map((protocol) => ({
          ...between('gossip', 'gossips with', from, to),
          protocol,
          port: to.cluster_port,
        })),
      ),
  );
  const hands = pushgateways.flatMap((from) =>
    pushgateways
      .filter((to) => to.cell === from.cell && to.name !== from.name && to.vip !== undefined)
      .map((to) => between('hand-over', 'hands its pushers over to', from, to)),
  );
  return [
    ...reads,
    ...notifies,
    ...gossips,
    ...hands,
    ...adverts(estate),
    ...allow.flatMap((one) => admitted(estate, one)),
  ];
}

function between(kind: Flow['kind'], verb: string, from: Instance, to: Instance): Flow {
  return {
    kind,
    from: from.name,
    from_host: from.host,
    source: from.address,
    to: to.name,
    to_host: to.host,
    destination: to.address,
    protocol: 'tcp',
    port: to.port,
    why: `${from.name} ${verb} ${to.name}`,
  };
}

/** The two that may hold an address tell each other by VRRP; firewalls of hosts must let that in themselves. */
function adverts({ vips, pushgateways }: Members): readonly Flow[] {
  return vips.flatMap((vip) => {
    const members = pushgateways.filter(({ cell }) => cell === vip.name);
    return members.flatMap((from) =>
      members
        .filter((to) => to.name !== from.name)
        .map((to) => {
          const { port: _, ...flow } = between('vrrp', `tells who holds ${vip.address} to`, from, to);
          return { ...flow, protocol: 'vrrp' as const };
        }),
    );
  });
}

function admitted(estate: Members, { from, to }: Allow): readonly Flow[] {
  const instances = [...estate.scrapers, ...estate.pushgateways, ...estate.federators, ...estate.alertmanagers];
  const open = instances.filter(({ role, cell }) => to.includes(`${role}s`) || to.includes(cell));
  return from.flatMap((source) =>
    open.map(({ name, role, host, address, port }) => ({
      kind: role === 'pushgateway' ? 'push' : 'allow',
      from: source,
      source,
      to: name,
      to_host: host,
      destination: address,
      protocol: 'tcp',
      port,
      why: `${source} may use ${name}`,
    })),
  );
}

/**
 * What the firewall of a host must let in to containers: TCP and UDP from elsewhere, each source and port once, sorted.
 */
export function allowedFlows(flows: readonly Flow[], host: string): readonly AllowedFlow[] {
  const open = new Map<string, AllowedFlow>();
  for (const { to_host, source, destination, protocol, port, why } of flows) {
    if (to_host !== host || source === destination || protocol === 'vrrp' || port === undefined) continue;
    const key = `${source} ${protocol} ${port}`;
    const before = open.get(key);
    if (before?.why.split(', ').includes(why)) continue;
    open.set(key, { source, protocol, port, why: before ? `${before.why}, ${why}` : why });
  }
  return [...open.values()].sort(
    (a, b) => compareSources(a.source, b.source) || compare(a.protocol, b.protocol) || a.port - b.port,
  );
}

/** What other hosts of the estate can try on a host to see that its firewall lets them in, each connection once, sorted. */
export function peerFlows(flows: readonly Flow[], host: string): readonly PeerFlow[] {
  const tried = new Map<string, PeerFlow>();
  for (const { from_host, to_host, destination, protocol, port } of flows) {
    if (to_host !== host || from_host === undefined || from_host === host) continue;
    if (protocol !== 'tcp' || port === undefined) continue;
    tried.set(`${from_host} ${destination} ${port}`, { from: from_host, to: destination, port });
  }
  return [...tried.values()].sort((a, b) => compare(a.from, b.from) || compareSources(a.to, b.to) || a.port - b.port);
}

/** 10.0.0.9 before 10.0.0.10. */
function compareSources(a: string, b: string): number {
  const padded = (source: string) => source.replace(/[0-9]+/g, (digits) => digits.padStart(5, '0'));
  return compare(padded(a), padded(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
