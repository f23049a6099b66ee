import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Estate, Instance } from '../../../../src/topology/estate.ts';
import { allowedFlows } from '../../../../src/topology/flows.ts';
import { guarantees } from '../../../../src/topology/rules/guarantees.ts';
import { rules } from '../../../../src/topology/rules/rules.ts';
import { toYaml } from '../../../../src/yaml/yaml.ts';
import { surveyOf } from './sound.ts';

const hosts = ['h1', 'h2', 'h3', 'h4', 'h5'];
const addressOf = (host: string) => `10.1.0.${10 + Number(host[1])}`;
const pair = fc.shuffledSubarray(hosts, { minLength: 2, maxLength: 2 });
const interval = fc.constantFrom('10s', '15s', '30s', '1m');

/** Some cells, numbered: `scraper1`, `scraper2`, … */
function cells<T>(name: string, cell: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<Record<string, T>> {
  return fc
    .array(cell, { minLength, maxLength: 3 })
    .map((all) => Object.fromEntries(all.map((one, index) => [`${name}${index + 1}`, one])));
}

const topologies = fc
  .record({
    scrapers: cells('scraper', fc.record({ hosts: pair, interval })),
    gateways: cells(
      'pushgateway',
      fc.record({ hosts: pair, shared: fc.boolean(), grouping: fc.constantFrom(['job'], ['job', 'instance']) }),
    ),
    federators: cells('federator', fc.record({ hosts: pair, interval })),
    alertmanagers: cells(
      'alertmanager',
      fc.record({ trio: fc.shuffledSubarray(hosts, { minLength: 3, maxLength: 3 }), backup: fc.boolean() }),
    ),
    version: fc.constantFrom('v0.25.0', 'v0.28.1', 'v0.30.0', 'v1.2.0'),
    allow: fc.array(
      fc.record({
        from: fc.uniqueArray(fc.constantFrom('10.9.0.0/24', '10.9.1.7', '0.0.0.0/0'), { minLength: 1 }),
        to: fc.uniqueArray(fc.constantFrom('scrapers', 'pushgateways', 'federators', 'alertmanagers'), {
          minLength: 1,
        }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ scrapers, gateways, federators, alertmanagers, version, allow }) => ({
    cluster: 'random',
    versions: {
      prometheus: 'prom/prometheus:v2.53.3',
      alertmanager: `prom/alertmanager:${version}`,
      pushgateway: 'prom/pushgateway:v1.11.0',
    },
    exporters: Object.fromEntries(
      Object.keys(scrapers).map((name) => [`of-${name}`, { targets: [`${name}.example:9100`] }]),
    ),
    scrapers: Object.fromEntries(
      Object.entries(scrapers).map(([name, cell]) => [name, { ...cell, exporters: [`of-${name}`] }]),
    ),
    pushgateways: Object.fromEntries(
      Object.entries(gateways).map(([name, { shared, ...cell }], index) => [
        name,
        {
          ...cell,
          ...(shared && { vip: `10.1.0.${100 + index}/24`, interface: 'eth0', virtual_router_id: 50 + index }),
        },
      ]),
    ),
    federators,
    alertmanagers: Object.fromEntries(
      Object.entries(alertmanagers).map(([name, { trio, backup }]) => [
        name,
        { notifiers: trio.slice(0, 2), ...(backup && { backup: trio[2] }) },
      ]),
    ),
    firewall: { allow },
  }));

const inventory = `all: {hosts: {${hosts.map((host) => `${host}: {ansible_host: ${addressOf(host)}}`).join(', ')}}}\n`;
const config = 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n';

type Random = typeof topologies extends fc.Arbitrary<infer T> ? T : never;

const at = ({ address, port }: Instance) => `${address}:${port}`;
const byCell = <T extends Instance>(all: readonly T[]): readonly (readonly T[])[] =>
  [...new Set(all.map(({ cell }) => cell))].map((name) => all.filter(({ cell }) => cell === name));
const instancesOf = ({ scrapers, pushgateways, federators, alertmanagers }: Estate): readonly Instance[] => [
  ...scrapers,
  ...pushgateways,
  ...federators,
  ...alertmanagers,
];
const targetsIn = (jobs: readonly Readonly<Record<string, unknown>>[]) =>
  jobs.flatMap((job) =>
    (job['static_configs'] as readonly { readonly targets: readonly string[] }[]).flatMap(({ targets }) => targets),
  );

/** How each guarantee of the estate shows; those that roles give are proved by the roles' own tests. */
const proofs: Readonly<Record<string, (estate: Estate, topology: Random) => void>> = {
  'pair-scrapes-alike': ({ scrapers }) => {
    for (const [a, b, ...rest] of byCell(scrapers)) {
      expect(rest).toEqual([]);
      expect(b!.jobs).toEqual(a!.jobs);
      expect([b!.interval, b!.timeout, b!.retention]).toEqual([a!.interval, a!.timeout, a!.retention]);
      expect({ ...b!.external_labels, scraper: '' }).toEqual({ ...a!.external_labels, scraper: '' });
    }
  },
  'all-are-read': ({ federators, scrapers, pushgateways }) => {
    for (const one of federators) {
      expect(one.scraper_targets.map(({ target }) => target).sort()).toEqual(scrapers.map(at).sort());
      expect(one.pushgateway_targets.map(({ target }) => target).sort()).toEqual(pushgateways.map(at).sort());
    }
  },
  'no-shared-address-is-read': ({ federators, vips }) => {
    const shared = new Set(vips.map(({ address }) => address));
    for (const one of federators) {
      const all = [
        ...one.scraper_targets.map(({ target }) => target),
        ...one.pushgateway_targets.map(({ target }) => target),
        ...one.alertmanager_targets,
        ...targetsIn(one.self_targets),
      ];
      expect(all.filter((target) => shared.has(target.split(':')[0]!))).toEqual([]);
    }
  },
  'gateways-are-told-apart': ({ federators }) => {
    for (const { pushgateway_targets } of federators) {
      const labels = pushgateway_targets.map(({ labels: own }) => `${own['pushgateway_set']} ${own['pushgateway']}`);
      expect(labels.every((one) => !one.includes('undefined'))).toBe(true);
      expect(new Set(labels).size).toBe(labels.length);
    }
  },
  'federators-tell-notifiers': ({ federators, alertmanagers }) => {
    const notifiers = alertmanagers.filter(({ notifier }) => notifier).map(at);
    for (const one of federators) expect([...one.alertmanager_targets].sort()).toEqual(notifiers.sort());
  },
  'federators-see-each-other': ({ federators, alertmanagers }) => {
    for (const one of federators) {
      const seen = targetsIn(one.self_targets);
      const pairOf = federators.filter(({ cell }) => cell === one.cell);
      expect(seen).toEqual(expect.arrayContaining([...pairOf, ...alertmanagers].map(at)));
    }
  },
  'replica-labels-differ': ({ scrapers, federators }) => {
    for (const [a, b] of byCell(scrapers))
      expect(a!.external_labels['scraper']).not.toBe(b!.external_labels['scraper']);
    for (const [a, b] of byCell(federators)) {
      expect(a!.external_labels['federator']).not.toBe(b!.external_labels['federator']);
    }
    expect(scrapers.some(({ external_labels }) => 'federator' in external_labels)).toBe(false);
    expect(federators.some(({ external_labels }) => 'scraper' in external_labels)).toBe(false);
  },
  'peers-are-the-others': ({ alertmanagers }) => {
    for (const one of alertmanagers) {
      const others = alertmanagers.filter(({ cell, name }) => cell === one.cell && name !== one.name);
      expect([...one.peer_addresses].sort()).toEqual(
        others.map((peer) => `${peer.address}:${peer.cluster_port}`).sort(),
      );
    }
  },
  'notifiers-sort-first': ({ alertmanagers }) => {
    for (const members of byCell(alertmanagers)) {
      const named = members.filter(({ peer_name }) => peer_name !== undefined);
      expect([0, members.length]).toContain(named.length);
      const sorted = [...named].sort((a, b) => (a.peer_name! < b.peer_name! ? -1 : 1)).map(({ notifier }) => notifier);
      expect(new Set(named.map(({ peer_name }) => peer_name)).size).toBe(named.length);
      expect(sorted).toEqual([...sorted].sort((a, b) => Number(b) - Number(a)));
    }
  },
  'gossip-has-both-protocols': ({ alertmanagers, flows }) => {
    for (const to of alertmanagers) {
      const gossip = flows.filter(({ to: name, port }) => name === to.name && port === to.cluster_port);
      const others = alertmanagers.filter(({ cell, name }) => cell === to.cell && name !== to.name);
      expect(gossip.map(({ source, protocol }) => `${source} ${protocol}`).sort()).toEqual(
        others.flatMap(({ address }) => [`${address} tcp`, `${address} udp`]).sort(),
      );
    }
  },
  'holders-agree': ({ vips }) => {
    for (const { members } of vips) {
      const [a, b, ...rest] = members;
      expect(rest).toEqual([]);
      expect([a!.peer_address, b!.peer_address]).toEqual([b!.address, a!.address]);
      expect(a!.priority).not.toBe(b!.priority);
      for (const { priority } of members) expect(priority >= 1 && priority <= 254).toBe(true);
      const shared = ({ host: _, address: __, peer_address: ___, priority: ____, ...same }: typeof a & object) => same;
      expect(shared(a!)).toEqual(shared(b!));
    }
  },
  'nothing-else-is-open': (estate, { firewall }) => {
    const written = new Set<string>(firewall.allow.flatMap(({ from }) => from));
    const addresses = new Set(instancesOf(estate).map(({ address }) => address));
    for (const host of hosts) {
      const own = instancesOf(estate).filter((one) => one.host === host);
      const ports = new Set(own.flatMap((one) => [one.port, ...('cluster_port' in one ? [one.cluster_port] : [])]));
      for (const { source, port } of allowedFlows(estate.flows, host)) {
        expect(ports).toContain(port);
        expect(addresses.has(source) || written.has(source)).toBe(true);
      }
    }
  },
  'one-version-in-a-cell': (estate) => {
    for (const members of byCell(instancesOf(estate))) expect(new Set(members.map(({ image }) => image)).size).toBe(1);
  },
};

describe('what holds by construction', () => {
  it('has codes that no rule has', () => {
    const codes = guarantees.map(({ code }) => code);
    expect(new Set([...codes, ...rules.map(({ code }) => code)]).size).toBe(codes.length + rules.length);
  });

  it('is all proved here, except what roles alone give', () => {
    const unproved = guarantees.map(({ code }) => code).filter((code) => !(code in proofs));
    expect(unproved).toEqual(['ports-are-the-same-inside']);
  });

  it('holds in any estate', () => {
    fc.assert(
      fc.property(topologies, (topology) => {
        const files = { 'hosts.yml': inventory, 'topology.yml': toYaml(topology), 'alertmanager.yml': config };
        const { estate } = surveyOf(files);
        for (const [code, proof] of Object.entries(proofs)) {
          expect(() => proof(estate, topology), code).not.toThrow();
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
