import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import type { Estate } from '../../../src/topology/estate.ts';
import { readEstate } from '../../../src/topology/read-estate.ts';
import { toYaml } from '../../../src/yaml/yaml.ts';
import { derived, onDisk } from './projects.ts';

/** An estate as YAML, its flows one a line. */
function textOf({ flows, ...rest }: Estate): string {
  const lines = flows.map(
    ({ kind, source, destination, protocol, port, why }) =>
      `${kind} ${source} → ${destination} ${protocol}${port === undefined ? '' : `/${port}`}: ${why}`,
  );
  return toYaml({ ...rest, flows: lines });
}

const lab = unwrap(readEstate(onDisk('inventory/lab'), 'inventory/lab')).estate!;
const estates = [
  ['two-servers', derived().estate],
  ['lab', lab],
] as const;

it.each(estates)('derives the estate of %s', async (name, estate) => {
  await expect(textOf(estate)).toMatchFileSnapshot(`golden/${name}.yml`);
});

describe.each(estates)('the estate of %s', (_, estate) => {
  const { scrapers, pushgateways, federators, alertmanagers, vips, flows } = estate;
  const instances = [...scrapers, ...pushgateways, ...federators, ...alertmanagers];

  it('has no address of a pair among targets, and every server exactly once', () => {
    const servers = (some: readonly { address: string; port: number }[]) =>
      some.map(({ address, port }) => `${address}:${port}`).sort();
    for (const one of federators) {
      expect(one.scraper_targets.map(({ target }) => target).sort()).toEqual(servers(scrapers));
      expect(one.pushgateway_targets.map(({ target }) => target).sort()).toEqual(servers(pushgateways));
      expect([...one.alertmanager_targets].sort()).toEqual(servers(alertmanagers.filter(({ notifier }) => notifier)));
    }
    const text = JSON.stringify(federators);
    for (const { address } of vips) expect(text).not.toContain(address);
  });

  it('gives no port of a host twice', () => {
    const bound = instances.flatMap((one) => [
      `${one.host}:${one.port}`,
      ...('cluster_port' in one ? [`${one.host}:${one.cluster_port}`] : []),
    ]);
    expect(new Set(bound).size).toBe(bound.length);
  });

  it('names replicas by labels of different names', () => {
    for (const one of scrapers) expect(one.external_labels).toEqual({ cluster: estate.cluster, scraper: one.replica });
    for (const one of federators)
      expect(one.external_labels).toEqual({ cluster: estate.cluster, federator: one.replica });
  });

  it('has a flow from each sender to each receiver, and never from one to itself', () => {
    expect(flows.filter(({ from, to }) => from === to)).toEqual([]);
    const ways = new Set(flows.map(({ from, to, protocol, port }) => `${from} ${to} ${protocol} ${port}`));
    const senders = federators.flatMap((from) =>
      [...scrapers, ...pushgateways, ...alertmanagers].map((to) => `${from.name} ${to.name} tcp ${to.port}`),
    );
    const gossip = alertmanagers.flatMap((from) =>
      alertmanagers
        .filter((to) => to !== from)
        .flatMap((to) => ['tcp', 'udp'].map((protocol) => `${from.name} ${to.name} ${protocol} ${to.cluster_port}`)),
    );
    for (const way of [...senders, ...gossip]) expect(ways).toContain(way);
  });
});
