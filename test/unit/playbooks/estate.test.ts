import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { type CompiledPlay, compile } from '../../../src/playbook/compile.ts';
import { readSoundParts } from '../../../src/playbook/read-playbook.ts';
import { readProject } from '../../../src/project/read-project.ts';
import { kinds } from '../../../src/resources/index.ts';
import { readEstate } from '../../../src/topology/read-estate.ts';

/** The plays of the estate's playbook for the lab's inventory, its topology changed; `held` are the hosts' addresses. */
function plays(change: readonly [from: string, to: string][], held: Readonly<Record<string, readonly string[]>> = {}) {
  const whole = unwrap(readProject(['inventory/lab', 'playbooks']));
  const path = 'inventory/lab/topology.yml';
  const before = new TextDecoder().decode(whole.files.get(path));
  const after = change.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, before);
  const project = { ...whole, files: new Map([...whole.files, [path, new TextEncoder().encode(after)]]) };
  const { inventory } = unwrap(readEstate(project, 'inventory/lab'));
  const { playbook, faults } = readSoundParts(project, 'playbooks/site.yml', inventory, kinds, {
    rolesPaths: ['playbooks/roles'],
  });
  expect(faults).toEqual([]);
  const facts = (host: string) => ({ addresses: ['10.90.0.9', ...(held[host] ?? [])] });
  const extraVars = new Map<string, unknown>();
  return unwrap(compile({ playbook, inventory, extraVars, tags: [], skipTags: [], facts })).plays;
}

/** What a play does, in short: `mon-c compose:alertmanager1-c`. */
const ids = (play: CompiledPlay) =>
  [...play.resources].flatMap(([host, resources]) => resources.map(({ id }) => `${host} ${id}`));

/** Bundles in the order of the plays that deploy them. */
const bundles = (all: readonly CompiledPlay[], name: RegExp) =>
  all
    .map((play) => ids(play).flatMap((id) => /compose:(.*)/.exec(id)?.[1] ?? []))
    .map((found) => found.filter((one) => name.test(one)))
    .filter((found) => found.length > 0);

/** The contents of a bundle or a file, as one text. */
const text = (all: readonly CompiledPlay[], id: string) =>
  JSON.stringify(all.flatMap((play) => [...play.resources.values()].flat().find((one) => one.id === id)?.spec ?? []));

const lab = plays([]);

describe('the playbook of estates', () => {
  it('never changes both of a pair of scrapers or federators in one play', () => {
    expect(bundles(lab, /^scraper/)).toEqual([['scraper1-b'], ['scraper2-b'], ['scraper1-a'], ['scraper2-a']]);
    expect(bundles(lab, /^federator/)).toEqual([['federator1-b'], ['federator1-a']]);
  });

  it('starts a backup Alertmanager last where members are sorted by their start, and makes it anew after its notifiers', () => {
    const all = lab;
    expect(bundles(all, /^alert/)).toEqual([['alertmanager1-b'], ['alertmanager1-a'], ['alertmanager1-c']]);
    const label = (one: readonly CompiledPlay[]) =>
      /hadeploy\.after: (\w+)/.exec(text(one, 'compose:alertmanager1-c'))?.[1];
    expect(label(all)).toMatch(/^[0-9a-f]{64}$/);
    expect(label(plays([['alertmanager:v0.28.1', 'alertmanager:v0.27.0']]))).not.toBe(label(all));
    expect(text(all, 'compose:alertmanager1-a')).not.toContain('hadeploy.after');
  });

  it('starts a backup Alertmanager first where members have names, by which it sorts last', () => {
    const all = plays([['alertmanager:v0.28.1', 'alertmanager:v0.31.0']]);
    expect(bundles(all, /^alert/)).toEqual([['alertmanager1-c'], ['alertmanager1-b'], ['alertmanager1-a']]);
    expect(text(all, 'compose:alertmanager1-c')).toContain('--cluster.peer-name=9-alertmanager1-c');
    expect(text(all, 'compose:alertmanager1-a')).toContain('--cluster.peer-name=1-alertmanager1-a');
    expect(text(all, 'compose:alertmanager1-c')).not.toContain('hadeploy.after');
  });

  it('has nothing to say of kinds of cells that an estate does not have', () => {
    const topology = readFileSync('inventory/lab/topology.yml', 'utf8');
    const section = topology.slice(topology.indexOf('\npushgateways:'), topology.indexOf('\nfederators:'));
    const all = plays([[section, '']]);
    expect(all.filter(({ hosts }) => hosts.length === 0).map(({ name }) => name)).toEqual(['Shared addresses']);
    expect(all.filter(({ name }) => name.startsWith('Pushgateways'))).toEqual([]);
    expect(bundles(all, /^federator/)).toEqual([['federator1-b'], ['federator1-a']]);
  });

  it('gives a backup a configuration that tells nobody', () => {
    expect(text(lab, 'compose:alertmanager1-c')).toContain('receiver: nobody');
    expect(text(lab, 'compose:alertmanager1-c')).not.toContain('webhook');
    expect(text(lab, 'compose:alertmanager1-a')).toContain('webhook');
  });

  it('takes the gateway that holds an address after the other one, and drains it first', () => {
    const all = plays([], { 'mon-a': ['10.90.0.51'], 'mon-c': ['10.90.0.52'] });
    expect(bundles(all, /^push/)).toEqual([
      ['pushgateway1-b'],
      ['pushgateway2-a'],
      ['pushgateway1-a'],
      ['pushgateway2-b'],
    ]);
    const holder = all.find(({ name }) => name === 'Pushgateways: pushgateway1-a')!;
    const own = holder.drain.get('mon-a')!.filter(({ delegate }) => delegate === undefined);
    expect(own.map(({ id, notify }) => [id, notify])).toEqual([
      [
        'command:/etc/keepalived/hadeploy-drain pushgateway1 10.90.0.51 9091 10.90.0.11 10.90.0.12 15 60 10 false',
        ['The gateway stands by again'],
      ],
    ]);
  });

  it('silences alerts about the very member that changes, at Alertmanagers that do not, unless told not to', () => {
    const delegated = (all: readonly CompiledPlay[]) =>
      all.flatMap(({ moving, drain, handlers }) =>
        [...(moving ?? [])].flatMap(([host, { member }]) =>
          [...drain.get(host)!, ...handlers.get(host)!.map(({ resource }) => resource)]
            .filter(({ delegate }) => delegate !== undefined)
            .map(({ id, delegate }) => [member, id, delegate!] as const),
        ),
      );
    const found = delegated(lab);
    const moving = lab.flatMap((play) => [...(play.moving?.values() ?? [])].map(({ member }) => member));
    expect(found.map(([member]) => member)).toEqual(moving.flatMap((member) => [member, member]));
    const of = (name: string) => found.filter(([member]) => member === name).map(([, id, { hosts }]) => [id, hosts]);
    const about = `instance="10.90.0.12:9093"`;
    expect(of('alertmanager1-b')).toEqual([
      [
        expect.stringContaining(`--duration=10m --comment='alertmanager1-b is being changed' '${about}'`),
        ['mon-a', 'mon-c'],
      ],
      [expect.stringContaining(`query -q --created-by=hadeploy '${about}'`), ['mon-a', 'mon-c']],
    ]);
    expect(found.every(([, , { mayFail }]) => mayFail)).toBe(true);
    expect(delegated(plays([['cluster: lab', 'cluster: lab\nsilence_members: false']]))).toEqual([]);
  });

  it('keeps data of federators on a volume, and none of scrapers and gateways', () => {
    const all = lab;
    expect(text(all, 'compose:federator1-a')).toContain('data:/prometheus');
    expect(text(all, 'compose:scraper1-a')).toMatch(/tmpfs:.*- \/prometheus:uid=65534/);
    for (const name of ['scraper1-a', 'pushgateway1-a'])
      expect(text(all, `compose:${name}`)).not.toMatch(/\\nvolumes:|- data:/);
    expect(text(all, 'compose:pushgateway1-a')).toContain('--persistence.file=');
  });

  it('asks gateways at their servers and never at the shared address', () => {
    const config = text(lab, 'compose:federator1-a');
    expect(config).toContain('10.90.0.12:9191');
    expect(config).not.toMatch(/10\.90\.0\.5[12]/);
  });

  it('tracks the end of federated series where Prometheus can', () => {
    expect(text(lab, 'compose:federator1-a')).toContain('track_timestamps_staleness: true');
    const older = plays([['prometheus:v2.53.3', 'prometheus:v2.42.0']]);
    expect(text(older, 'compose:federator1-a')).not.toContain('track_timestamps_staleness: true');
  });

  it('tells keepalived to move an address only when its holder fails, over unicast', () => {
    const conf = text(lab, 'file:/etc/keepalived/keepalived.conf');
    for (const line of ['state BACKUP', 'nopreempt', 'vrrp_version 3', 'init_fail', 'weight 0', 'check_unicast_src'])
      expect(conf).toContain(line);
    expect(conf).toMatch(/unicast_src_ip 10\.90\.0\.11\\n {2}unicast_peer \{\\n {4}10\.90\.0\.12\\n {2}\}/);
    expect(conf).not.toContain('state MASTER');
    expect(conf).not.toContain('vrrp_strict');
  });

  it('opens to each host what the flows say, and closes the rest', () => {
    const chain = lab.flatMap((play) => play.resources.get('mon-c') ?? []).find(({ id }) => id.endsWith(':MONITORING'));
    const { rules } = chain!.spec as { rules: readonly string[] };
    expect(rules).toContain('-s 10.90.0.11 -p udp --dport 9094 -j RETURN');
    expect(rules).toContain('-s 10.90.0.12 -p tcp --dport 9190 -j RETURN');
    expect(rules.at(-1)).toBe('-j DROP');
    expect(rules.some((rule) => rule.includes('--dport 9095'))).toBe(false);
  });
});
