import { expect, it } from 'vitest';
import { graphOf } from '../../../src/topology/graph.ts';
import { changed, derived } from './projects.ts';

const graph = graphOf(derived().estate);
const edges = (kind: string) =>
  graph.edges.filter((edge) => edge.kind === kind).map(({ from, to }) => `${from} → ${to}`);

it('puts what runs on a server into its box', () => {
  expect(graph.hosts.map(({ name, nodes }) => [name, nodes.map(({ id }) => id)])).toEqual([
    ['mon-a', ['federator1-a', 'scraper1-a', 'pushgateway1-a', 'alertmanager1-a']],
    ['mon-b', ['federator1-b', 'scraper1-b', 'pushgateway1-b', 'alertmanager1-b']],
  ]);
  expect(graph.outside.map(({ id, lines }) => [id, ...lines])).toEqual([
    ['exporters node', 'node', '2 targets'],
    ['vip pushgateway1', '10.0.0.50:9091', 'VIP of pushgateway1'],
    ['client 10.0.9.0/24', '10.0.9.0/24'],
  ]);
});

it.each([
  ['push', ['client 10.0.9.0/24 → vip pushgateway1']],
  ['holds', ['vip pushgateway1 → pushgateway1-a', 'vip pushgateway1 → pushgateway1-b']],
  ['gossip', ['alertmanager1-a → alertmanager1-b']],
  ['vrrp', ['pushgateway1-a → pushgateway1-b']],
  [
    'allow',
    ['a', 'b']
      .flatMap((r) => [`client 10.0.9.0/24 → federator1-${r}`])
      .concat(['a', 'b'].map((r) => `client 10.0.9.0/24 → alertmanager1-${r}`)),
  ],
  ['notify', ['a', 'b'].flatMap((f) => ['a', 'b'].map((r) => `federator1-${f} → alertmanager1-${r}`))],
])('draws %s', (kind, expected) => {
  expect(edges(kind)).toEqual(expected);
});

it('draws pushers to the gateways themselves where these have no address of their own', () => {
  const text = changed(', vip: 10.0.0.50/24, interface: eth0, virtual_router_id: 51', '');
  const direct = graphOf(derived(text).estate).edges.filter(({ kind }) => kind === 'push');
  expect(direct.map(({ to }) => to)).toEqual(['pushgateway1-a', 'pushgateway1-b']);
});

it('has both ends of every edge', () => {
  const ids = new Set([...graph.hosts.flatMap(({ nodes }) => nodes), ...graph.outside].map(({ id }) => id));
  for (const { from, to } of graph.edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
});
