import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../src/diagnostics/project.ts';
import type { Given } from '../../../src/topology/overrides.ts';
import { readEstate } from '../../../src/topology/read-estate.ts';
import { checkTopology } from '../../../src/topology/rules/rules.ts';
import { changed, twoServers, twoServersWith } from './projects.ts';

const project = twoServersWith(twoServers['inv/topology.yml']);
const read = (...given: readonly Given[]) => readEstate(project, 'inv', given);
const topologyWith = (...given: readonly Given[]) => unwrap(read(...given)).topology!;

/** Faults with where they are told: the code, and the name on the command line or the line of the file. */
const faults = (...given: readonly Given[]) => {
  const outcome = read(...given);
  return (outcome.ok ? outcome.warnings : outcome.faults).map(({ code, at, mend }) => [code, at?.file, mend]);
};

describe('what the command line puts into a topology', () => {
  it('is a value by its path', () => {
    const { scrapers, federators } = topologyWith({ name: 'versions.prometheus', text: 'prom/prometheus:v3.6.0' });
    expect([scrapers[0]!.image, federators[0]!.image]).toEqual(['prom/prometheus:v3.6.0', 'prom/prometheus:v3.6.0']);
  });

  it('is read as it would be in the file', () => {
    const { scrapers, firewall } = topologyWith(
      { name: 'scrapers.scraper1.port', text: '9290' },
      { name: 'firewall.allow', text: '[{from: [10.0.8.1], to: [scrapers]}]' },
    );
    expect(scrapers[0]!.port).toBe(9290);
    expect(firewall.allow).toEqual([{ from: ['10.0.8.1'], to: ['scrapers'] }]);
  });

  it('is merged with what the file says, mapping by mapping', () => {
    const value = { scraper1: { interval: '20s' }, scraper2: { hosts: ['mon-b', 'mon-a'], exporters: ['node'] } };
    const { scrapers } = topologyWith({ name: 'scrapers', value });
    expect(scrapers).toMatchObject([
      { name: 'scraper1', hosts: ['mon-a', 'mon-b'], interval: '20s' },
      { name: 'scraper2', hosts: ['mon-b', 'mon-a'], interval: '15s' },
    ]);
  });

  it('is empty without any harm', () => {
    expect(topologyWith({ name: 'scrapers', value: {} }).scrapers).toHaveLength(1);
  });

  it('is the last that was given', () => {
    const first = { name: 'versions', value: { prometheus: 'a/b:v1.0.0' } };
    expect(topologyWith(first, { name: 'versions.prometheus', text: 'a/b:v2.0.0' }).scrapers[0]!.image).toBe(
      'a/b:v2.0.0',
    );
  });

  it('may speak of what was put in before', () => {
    const scraper2 = { hosts: ['mon-b', 'mon-a'], exporters: [] };
    const given = [
      { name: 'scrapers', value: { scraper2 } },
      { name: 'scrapers.scraper2.interval', text: '20s' },
    ];
    expect(topologyWith(...given).scrapers[1]).toMatchObject({ interval: '20s' });
  });

  it('sets the interval of all scrapers that name none', () => {
    const text = changed(
      'exporters: [node]}',
      'exporters: [node], interval: 40s}\n  scraper2: {hosts: [mon-b, mon-a], exporters: []}',
    );
    const outcome = readEstate(twoServersWith(text), 'inv', [{ name: 'scrape_interval', text: '20s' }]);
    expect(unwrap(outcome).topology!.scrapers.map(({ interval }) => interval)).toEqual(['40s', '20s']);
  });

  it('passes over variables', () => {
    expect(topologyWith({ name: 'colour', text: ': [' }).overrides).toEqual([]);
  });

  it('is an origin of the variables that follow', () => {
    const { inventory } = unwrap(read({ name: 'scrapers.scraper1.interval', text: '20s' }));
    const { source, value } = inventory.hosts.get('mon-a')!.vars.get('scraper_instances')!;
    expect(source).toBe('derived from the topology with -e scrapers.scraper1.interval');
    expect(value).toMatchObject([{ interval: '20s' }]);
  });

  it('is held against the rules of estates, at its own place', () => {
    const survey = unwrap(
      read({ name: 'scrape_interval', text: '3m' }, { name: 'versions.prometheus', text: 'a/b:latest' }),
    );
    const { topology, estate, inventory } = survey;
    const found = checkTopology({ project, inventory, topology: topology!, estate: estate! });
    const errors = found.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, at }) => [code, at?.file])).toEqual([
      ['stale-between-hops', '-e scrape_interval'],
      ['unpinned-image', '-e versions.prometheus'],
    ]);
  });

  it('does not make files that it names no more into sources of hosts', () => {
    const text = changed('{notifiers: [mon-a, mon-b]}', '{notifiers: [mon-a, mon-b], config: a.yml}');
    const more = { 'inv/a.yml': twoServers['inv/alertmanager.yml'], 'inv/b.yml': twoServers['inv/alertmanager.yml'] };
    const given = [{ name: 'alertmanagers.alertmanager1.config', text: 'b.yml' }];
    expect(unwrap(readEstate(twoServersWith(text, more), 'inv', given)).topology!.alertmanagers[0]!.config).toBe(
      'inv/b.yml',
    );
  });
});

describe('faults of what the command line puts into a topology', () => {
  it.each<[string, Given, readonly unknown[]]>([
    [
      'an unknown key',
      { name: 'version.prometheus', text: 'a' },
      ['unknown-override', '-e version.prometheus', 'Did you mean "versions"?'],
    ],
    [
      'an unknown cell',
      { name: 'scrapers.scraper2.interval', text: '5s' },
      ['unknown-override', '-e scrapers.scraper2.interval', 'Did you mean "scraper1"?'],
    ],
    [
      'an unknown key of a cell',
      { name: 'scrapers.scraper1.intervall', text: '5s' },
      ['unknown-key', '-e scrapers.scraper1.intervall', 'Did you mean "interval"?'],
    ],
    [
      'an unknown version',
      { name: 'versions', value: { promethues: 'a' } },
      ['unknown-key', '-e versions.promethues', 'Did you mean "prometheus"?'],
    ],
    [
      'a wrong type',
      { name: 'scrapers.scraper1.interval', text: '15' },
      ['wrong-type', '-e scrapers.scraper1.interval', expect.anything()],
    ],
    ['a mapping for a text', { name: 'cluster.name', text: 'x' }, ['wrong-type', '-e cluster.name', expect.anything()]],
    [
      'an unknown host',
      { name: 'scrapers.scraper1.hosts', text: '[mon-a, mon-x]' },
      ['unknown-host', '-e scrapers.scraper1.hosts', 'Did you mean "mon-a"?'],
    ],
    [
      'half a cell',
      { name: 'scrapers.scraper9', text: '{hosts: [mon-a, mon-b]}' },
      ['missing-key', '-e scrapers.scraper9.hosts', expect.anything()],
    ],
    ['a template', { name: 'cluster', text: '"{{ x }}"' }, ['template-in-topology', '-e cluster', expect.anything()]],
    ['broken YAML', { name: 'firewall.allow', text: '[{' }, ['yaml-syntax', '-e firewall.allow', expect.anything()]],
  ])('tell of %s where it was given', (_, given, expected) => {
    expect(faults(given)).toEqual([expected]);
  });

  it('tell of a path where there is no topology', () => {
    const bare = projectOf({ 'inv/hosts.yml': twoServers['inv/hosts.yml'] });
    const outcome = readEstate(bare, 'inv', [
      { name: 'versions.prometheus', text: 'a' },
      { name: 'colour', text: 'red' },
    ]);
    expect(outcome.ok ? [] : outcome.faults.map(({ code, what }) => [code, what])).toEqual([
      ['unknown-override', '-e versions.prometheus is a path into topology.yml, and inv has none.'],
    ]);
  });

  it('leave the faults of the file where they are', () => {
    const text = changed('exporters: [node]', 'exporters: [nodes]');
    const outcome = readEstate(twoServersWith(text), 'inv', [{ name: 'scrapers.scraper1.interval', text: '20s' }]);
    expect(outcome.ok ? [] : outcome.faults.map(({ at }) => [at?.file, at?.line])).toEqual([['inv/topology.yml', 9]]);
  });
});
