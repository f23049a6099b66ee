import type { Estate, Flow, Instance } from './estate.ts';

/** What a line of the picture means. */
export type EdgeKind = Exclude<Flow['kind'], 'hand-over'> | 'holds';

/** The picture of an estate: who scrapes, pushes to, notifies and gossips with whom, and on which hosts. */
export interface Graph {
  readonly title: string;
  /** The servers, each with what runs there. */
  readonly hosts: readonly { readonly name: string; readonly address: string; readonly nodes: readonly Node[] }[];
  /** What is on no server, or now on one and now on the other. */
  readonly outside: readonly Node[];
  /** No edge twice; of gossip and adverts, which go both ways, one way only. */
  readonly edges: readonly Edge[];
}

export interface Node {
  readonly id: string;
  readonly kind: Instance['role'] | 'exporters' | 'vip' | 'client';
  /** What stands in the box, line by line. */
  readonly lines: readonly string[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
}

/** The picture of an estate as nodes and edges. */
export function graphOf(estate: Estate): Graph {
  const { scrapers, pushgateways, federators, alertmanagers, vips, exporters, flows } = estate;
  const instances: readonly Instance[] = [...federators, ...scrapers, ...pushgateways, ...alertmanagers];
  const backups = new Set(alertmanagers.filter(({ notifier }) => !notifier).map(({ name }) => name));
  const addresses = new Map(instances.map(({ host, address }) => [host, address]));
  const clients = [...new Set(flows.filter(({ from_host }) => from_host === undefined).map(({ from }) => from))];
  return {
    title: estate.cluster,
    hosts: [...addresses]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, address]) => ({
        name,
        address,
        nodes: instances.filter(({ host }) => host === name).map((one) => nodeOf(one, backups.has(one.name))),
      })),
    outside: [
      ...exporters.map(({ name, targets, file_sd }) => ({
        id: `exporters ${name}`,
        kind: 'exporters' as const,
        lines: [name, [count(targets, 'target'), count(file_sd, 'file')].filter((text) => text !== '').join(', ')],
      })),
      ...vips.map(({ name, address, port }) => ({
        id: `vip ${name}`,
        kind: 'vip' as const,
        lines: [`${address}:${port}`, `VIP of ${name}`],
      })),
      ...clients.map((from) => ({ id: `client ${from}`, kind: 'client' as const, lines: [from] })),
    ],
    edges: distinct([
      ...scrapers.flatMap(({ name, jobs }) =>
        jobs.map(({ job_name }) => ({ from: name, to: `exporters ${job_name}`, kind: 'scrape' as const })),
      ),
      ...vips.flatMap(({ name }) =>
        pushgateways
          .filter(({ cell }) => cell === name)
          .map((one) => ({ from: `vip ${name}`, to: one.name, kind: 'holds' as const })),
      ),
      ...flowEdges(estate),
    ]),
  };
}

function nodeOf({ name, role, port }: Instance, isBackup: boolean): Node {
  return { id: name, kind: role, lines: [name, isBackup ? `:${port}, backup` : `:${port}`] };
}

/** Flows as edges: pushers are drawn to the address where there is one, and who is notified is not shown scraped too. */
function flowEdges({ flows, pushgateways }: Estate): readonly Edge[] {
  const notified = new Set(flows.filter(({ kind }) => kind === 'notify').map(({ from, to }) => `${from} ${to}`));
  const withVip = new Map(
    pushgateways.filter(({ vip }) => vip !== undefined).map(({ name, cell }) => [name, `vip ${cell}`]),
  );
  return flows
    .filter((flow): flow is Flow & { readonly kind: EdgeKind } => flow.kind !== 'hand-over')
    .filter(({ kind, from, to }) => kind !== 'scrape' || !notified.has(`${from} ${to}`))
    .filter(({ kind, from, to }) => (kind !== 'gossip' && kind !== 'vrrp') || from < to)
    .map(({ kind, from, from_host, to }) => ({
      from: from_host === undefined ? `client ${from}` : from,
      to: kind === 'push' ? (withVip.get(to) ?? to) : to,
      kind,
    }));
}

function count(some: readonly unknown[], what: string): string {
  return some.length === 0 ? '' : `${some.length} ${what}${some.length > 1 ? 's' : ''}`;
}

function distinct(edges: readonly Edge[]): readonly Edge[] {
  return [...new Map(edges.map((edge) => [`${edge.from}\n${edge.to}\n${edge.kind}`, edge])).values()];
}
