import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../src/diagnostics/project.ts';
import { graphText } from '../../../src/inventory/listing.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { readEstate } from '../../../src/topology/read-estate.ts';
import { derived, twoServers, twoServersWith } from './projects.ts';

const names = (value: unknown) => (value as readonly { readonly name: string }[]).map(({ name }) => name);

describe('an inventory with a topology', () => {
  const { inventory, estate } = derived();

  it('has groups for the estate, its kinds of cells and its cells', () => {
    expect(graphText(inventory)).toBe(`@all:
  |--@ungrouped:
  |--@monitoring:
  |  |--@scrapers:
  |  |  |--@scraper1:
  |  |  |  |--mon-a
  |  |  |  |--mon-b
  |  |--@pushgateways:
  |  |  |--@pushgateway1:
  |  |  |  |--mon-a
  |  |  |  |--mon-b
  |  |--@federators:
  |  |  |--@federator1:
  |  |  |  |--mon-a
  |  |  |  |--mon-b
  |  |--@alertmanagers:
  |  |  |--@alertmanager1:
  |  |  |  |--mon-a
  |  |  |  |--mon-b
  |  |--@vips:
  |  |  |--mon-a
  |  |  |--mon-b`);
  });

  it('gives each host what runs there, and all the whole', () => {
    const { vars } = inventory.hosts.get('mon-b')!;
    const value = (name: string) => vars.get(name)!.value;
    expect(names(value('scraper_instances'))).toEqual(['scraper1-b']);
    expect(names(value('pushgateway_instances'))).toEqual(['pushgateway1-b']);
    expect(names(value('federator_instances'))).toEqual(['federator1-b']);
    expect(names(value('alertmanager_instances'))).toEqual(['alertmanager1-b']);
    expect(value('vip_instances')).toMatchObject([{ name: 'pushgateway1', priority: 100 }]);
    expect(value('estate')).toBe(estate);
  });

  it('says which line of the topology a variable comes from', () => {
    const { vars } = inventory.hosts.get('mon-a')!;
    expect(vars.get('scraper_instances')!.at).toMatchObject({ file: 'inv/topology.yml', line: 8 });
    expect(vars.get('scraper_instances')!.within([0, 'jobs'])).toMatchObject({ line: 9 });
    expect(vars.get('vip_instances')!.within([0, 'vip'])).toMatchObject({ line: 11, col: 46 });
    expect(vars.get('vip_instances')).toMatchObject({
      source: 'derived from the topology',
      at: { file: 'inv/topology.yml', line: 10 },
    });
  });

  it('has group_vars for derived groups, those of a cell over those of its kind', () => {
    const more = {
      'inv/group_vars/monitoring.yml': 'colour: red\n',
      'inv/group_vars/scrapers.yml': 'colour: green\n',
      'inv/group_vars/scraper1.yml': 'colour: blue\n',
    };
    const read = readEstate(twoServersWith(twoServers['inv/topology.yml'], more), 'inv');
    expect(unwrap(read).inventory.hosts.get('mon-a')!.vars.get('colour')!.value).toBe('blue');
    expect(read.ok && read.warnings).toEqual([]);
  });

  it('gives a host without a part empty lists', () => {
    const hosts = `${twoServers['inv/hosts.yml']}    other: {}\n`;
    const { vars } = derived(undefined, { 'inv/hosts.yml': hosts }).inventory.hosts.get('other')!;
    for (const name of ['scraper_instances', 'vip_instances', 'allowed_flows', 'peer_flows'])
      expect(vars.get(name)!.value).toEqual([]);
  });

  it('keeps a group of its own that bears a derived name', () => {
    const hosts = `monitoring:\n  vars: {colour: red}\n  hosts:\n    mon-a: {ansible_host: 10.0.0.1}\n    mon-b: {ansible_host: 10.0.0.2}\n`;
    const { inventory: read } = derived(undefined, { 'inv/hosts.yml': hosts });
    expect(read.groups.get('monitoring')).toMatchObject({ hosts: ['mon-a', 'mon-b'], allHosts: ['mon-a', 'mon-b'] });
    expect(read.hosts.get('mon-b')!.vars.get('colour')!.value).toBe('red');
  });
});

it('is the inventory itself where there is no topology', () => {
  const project = projectOf({ 'inv/hosts.yml': twoServers['inv/hosts.yml'] });
  expect(JSON.stringify(unwrap(readEstate(project, 'inv')))).toBe(
    JSON.stringify({ inventory: unwrap(readInventory(project, 'inv')) }),
  );
});

it('tells of an inventory that cannot be read before it speaks of the topology', () => {
  const read = readEstate(projectOf({ ...twoServers, 'inv/hosts.yml': 'all: {hots: {}}\n' }), 'inv');
  expect(read.ok ? [] : read.faults.map(({ code }) => code)).toEqual(['unknown-key']);
});
