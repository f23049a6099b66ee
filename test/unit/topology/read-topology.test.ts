import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/diagnostics/diagnostic.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { readEstate } from '../../../src/topology/read-estate.ts';
import { readTopology } from '../../../src/topology/read-topology.ts';
import type { Topology } from '../../../src/topology/topology.ts';
import { changed, derived, twoServers, twoServersWith } from './projects.ts';

/** The codes of faults, each with the text it points at. */
const faultsIn = (read: Result<unknown>, text: string) =>
  (read.ok ? read.warnings : read.faults).map(
    ({ code, at }) => `${code} ${text.split('\n')[at!.line - 1]!.slice(at!.col - 1, (at!.endCol ?? at!.col) - 1)}`,
  );

/** The topology with a pair that writes to a store, with one more setting. */
const written = (setting: string) =>
  changed('[node]}', `[node], remote_write: {kind: thanos, url: "https://x/api/v1/receive", ${setting}}}`);

describe('a topology', () => {
  const { topology } = derived();

  it('has its defaults filled in', () => {
    expect(topology.scrapers[0]).toMatchObject({ interval: '15s', retention: '2h', port: 9090 });
    expect(topology.pushgateways[0]).toMatchObject({ grouping: ['job', 'instance'], max_age: '5m', port: 9091 });
    expect(topology.federators[0]).toMatchObject({
      interval: '30s',
      timeout: '25s',
      evaluation_interval: '30s',
      port: 9095,
      rule_files: [],
    });
    expect(topology.alertmanagers[0]).toMatchObject({
      port: 9093,
      cluster_port: 9094,
      config: 'inv/alertmanager.yml',
      retention: '120h',
    });
  });

  it('knows its places', () => {
    expect(topology.at(['scrapers', 'scraper1', 'hosts', 1])).toMatchObject({ line: 9, col: 29 });
    expect(topology.at(['federators', 'federator1', 'rules'])).toMatchObject({ line: 13 });
  });

  it('fits on thirty lines when it is the smallest useful one', () => {
    expect(twoServers['inv/topology.yml'].split('\n').length).toBeLessThanOrEqual(31);
  });

  it.each([
    ['30s', '25s'],
    ['5s', '4s'],
    ['1m', '50s'],
    ['1s', '1s'],
  ])('gives federators that read every %s a timeout of %s', (interval, timeout) => {
    const text = changed('federator1: {', `federator1: {interval: ${interval}, `);
    expect(derived(text).topology.federators[0]).toMatchObject({ timeout, evaluation_interval: interval });
  });

  it('takes the address for monitoring over the one for SSH, and the name where there is neither', () => {
    const hosts = 'all:\n  hosts:\n    mon-a: {ansible_host: 1.2.3.4, monitoring_address: 10.0.0.1}\n    mon-b:\n';
    const { addresses } = derived(twoServers['inv/topology.yml'], { 'inv/hosts.yml': hosts }).topology;
    expect([...addresses.values()]).toEqual(['10.0.0.1', 'mon-b']);
  });
});

describe('a topology with faults', () => {
  it.each<[string, string, readonly string[]]>([
    ['an unknown key', changed('cluster: small', 'cluster: small\nscaper: {}'), ['unknown-key scaper']],
    ['a number for a duration', changed('exporters: [node]', 'exporters: [node], interval: 15'), ['wrong-type 15']],
    ['a bad name', changed('  scraper1:', '  Scraper_1:'), ['bad-key Scraper_1']],
    ['a vip without its interface', changed('interface: eth0, ', ''), ['missing-key pushgateway1']],
    [
      'an unknown host',
      changed('scraper1: {hosts: [mon-a, mon-b]', 'scraper1: {hosts: [mon-a, mon-x]'),
      ['unknown-host mon-x'],
    ],
    [
      'an unknown backup',
      changed('{notifiers: [mon-a, mon-b]}', '{notifiers: [mon-a, mon-b], backup: mon-c}'),
      ['unknown-host mon-c'],
    ],
    ['an unknown exporter group', changed('exporters: [node]', 'exporters: [nodes]'), ['unknown-exporters nodes']],
    [
      'an exporter group without targets',
      changed('{targets: ["10.0.0.1:9100", "10.0.0.2:9100"]}', '{scheme: https}'),
      ['no-targets node'],
    ],
    ['a password without its user', written('auth: {password_file: /run/secrets/p}'), ['missing-key auth']],
    [
      'a password and a token',
      written('auth: {username: u, password_file: /run/secrets/p, credentials_file: /run/secrets/t}'),
      ['not-allowed username'],
    ],
    [
      'a password in clear',
      written('auth: {username: u, password: hunter2}'),
      ['unknown-key password', 'missing-key auth'],
    ],
    [
      'no host in an address',
      changed('[node]}', '[node], remote_write: {kind: thanos, url: "http:///x"}}'),
      ['bad-value "http:///x"'],
    ],
    [
      'an unknown store',
      changed('[node]}', '[node], remote_write: {kind: cortex, url: "http://x/y"}}'),
      ['not-allowed cortex'],
    ],
    ['an unknown service', changed('to: [federators,', 'to: [grafana,'), ['unknown-service grafana']],
    ['no image', changed('  pushgateway: prom/pushgateway:v1.11.0\n', ''), ['no-image pushgateway1']],
    [
      'no such configuration',
      changed('{notifiers: [mon-a, mon-b]}', '{notifiers: [mon-a, mon-b], config: am.yml}'),
      ['missing-file am.yml'],
    ],
    ['no such rules', changed('federator1: {', 'federator1: {rules: rules/, '), ['missing-file rules/']],
    ['no such targets', changed('node: {', 'node: {file_sd: [t.yml], '), ['missing-file t.yml']],
    ['one name for two cells', changed('  federator1:', '  scraper1:'), ['same-name scraper1']],
    ['a cell named as a group', changed('  federator1:', '  vips:'), ['reserved-name vips']],
    ['a template', changed('cluster: small', 'cluster: "{{ name }}"'), ['template-in-topology "{{ name }}"']],
    [
      'two faults',
      changed('mon-b], exporters: [node]', 'mon-x], exporters: [nodes]'),
      ['unknown-host mon-x', 'unknown-exporters nodes'],
    ],
    ['nothing in it', '', ['empty-value ']],
    ['broken YAML', 'cluster: [', ['yaml-syntax ']],
  ])('is refused for %s', (_, text, expected) => {
    const read = readEstate(twoServersWith(text), 'inv');
    expect(read.ok).toBe(false);
    expect(faultsIn(read, text)).toEqual(expected);
  });

  it.each(['scrapers', 'monitoring', 'scraper1'])('is refused beside a group %s of other hosts', (group) => {
    const hosts = `${twoServers['inv/hosts.yml']}    mon-c: {}\n${group}:\n  hosts: {mon-c: {}}\n`;
    const project = twoServersWith(twoServers['inv/topology.yml'], { 'inv/hosts.yml': hosts });
    expect(faultsIn(readEstate(project, 'inv'), twoServers['inv/topology.yml'])[0]).toMatch(/^group-taken /);
  });

  it('is refused beside a variable that follows from it', () => {
    const vars = 'allowed_flows: []\n';
    const project = twoServersWith(twoServers['inv/topology.yml'], { 'inv/group_vars/all.yml': vars });
    expect(faultsIn(readEstate(project, 'inv'), vars)).toEqual(['derived-variable []']);
  });
});

it('can be read for an inventory that was read before', () => {
  const project = twoServersWith(twoServers['inv/topology.yml']);
  const { files } = project;
  const inventory = readInventory({ files: new Map([...files].filter(([path]) => path.endsWith('hosts.yml'))) }, 'inv');
  const read: Result<Topology> = readTopology(
    project,
    'inv/topology.yml',
    inventory.ok ? inventory.value : (undefined as never),
  );
  expect(read).toMatchObject({ ok: true, value: { path: 'inv/topology.yml', cluster: 'small' } });
});
