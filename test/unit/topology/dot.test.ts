import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { expect, it } from 'vitest';
import { dotOf } from '../../../src/topology/dot.ts';
import { graphOf } from '../../../src/topology/graph.ts';
import { changed, derived } from './projects.ts';

it.each([
  ['the two servers', derived().estate],
  ['a name with signs of its own', derived(changed('cluster: small', 'cluster: \'<a> & "b"\\\'')).estate],
])('is understood by Graphviz for %s', async (_, estate) => {
  const graph = graphOf(estate);
  const svg = (await Graphviz.load()).dot(dotOf(graph), 'svg');
  expect(svg.match(/class="node"/g)).toHaveLength(
    graph.hosts.flatMap(({ nodes }) => nodes).length + graph.outside.length,
  );
  expect(svg.match(/class="edge"/g)).toHaveLength(graph.edges.length);
  expect(svg.match(/class="cluster"/g)).toHaveLength(graph.hosts.length);
});

it('explains only lines that occur', () => {
  expect(dotOf(graphOf(derived().estate))).toContain('agrees on the VIP with');
  const text = changed(', vip: 10.0.0.50/24, interface: eth0, virtual_router_id: 51', '');
  expect(dotOf(graphOf(derived(text).estate))).not.toContain('VIP');
});
