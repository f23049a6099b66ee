import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labUnavailable } from '../lab/availability.ts';
import { clusterOf, quiet, ready, rulesOf, targetsOf } from '../support/checks.ts';
import { ending, well } from '../support/ending.ts';
import { eventually } from '../support/eventually.ts';
import { inShort, type PlannedChange, planOf } from '../support/plan.ts';
import { scenario } from '../support/scenario.ts';
import { differences, snapshot } from '../support/snapshot.ts';

const reason = labUnavailable();
const servers = ['mon-a', 'mon-b'];

describe.skipIf(reason)(`what a dry run says is what apply does${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const at = scenario('t-dry-run', { hosts: 2 });

  /** Looks dry, then applies: both plans must be equal, the look must leave no trace, and nothing may be left to do. */
  async function dryThenReal(): Promise<Readonly<Record<string, readonly PlannedChange[]>>> {
    const before = await snapshot(at, servers);
    const dry = await at.hadeploy('apply', 'inventory', '--dry-run', '--json');
    expect(differences(before, await snapshot(at, servers))).toEqual([]);
    const real = await at.hadeploy('apply', 'inventory', '--yes', '--json');
    expect(ending(real)).toEqual(well);
    expect(planOf(real)).toEqual(planOf(dry));
    const again = await at.hadeploy('apply', 'inventory', '--dry-run', '--detailed-exitcode');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing to change: /) });
    return planOf(dry);
  }

  it('on hosts that a killed run left half deployed', async () => {
    const fresh = planOf(await at.hadeploy('apply', 'inventory', '--dry-run', '--json'));
    const killed = at.start(['apply', 'inventory', '--yes']);
    await killed.says('  mon-a  compose:alertmanager1-a ...');
    killed.signal('SIGKILL');
    expect((await killed.ended).code).toBe(137);
    await Promise.all(servers.map((host) => quiet(at, host)));

    // Members are made at once, so chance decides how far each was; all that comes before them was done. Where one of a
    // cell had come to life, the other is drained and changes by itself, by commands that were not due before.
    const left = await dryThenReal();
    const ids = (changes: readonly PlannedChange[] | undefined) =>
      inShort(changes).flatMap((one) => (one.startsWith('command:') ? [] : one.split(' ')[0]!));
    for (const host of servers) {
      const due = ids(fresh[host]);
      const members = due.slice(due.findIndex((one) => one.startsWith('compose:')));
      expect(ids(left[host]).filter((one) => !members.includes(one))).toEqual([]);
      expect(members.length).toBeLessThan(due.length);
    }
    expect(ids(left['mon-a'])).toContain('compose:alertmanager1-a');
    for (const host of servers) expect((await clusterOf(at, host)).members).toHaveLength(2);
  });

  it('on hosts that somebody worked on by hand', async () => {
    const federator = '/opt/hadeploy/federator1-';
    await at.on('mon-a', `sed -i 's/scrape_interval: 5s/scrape_interval: 59s/' ${federator}a/config/prometheus.yml`);
    await at.on('mon-a', 'iptables -I MONITORING -j ACCEPT; chmod 0600 /etc/docker/daemon.json');
    await at.on('mon-b', `rm ${federator}b/config/rules/availability.yml; docker stop alertmanager1-b`);
    // And something to judge, so that promtool runs on both hosts during the dry run.
    const rules = join(at.folder, 'inventory/rules/availability.yml');
    writeFileSync(rules, readFileSync(rules, 'utf8').replace('for: 1m', 'for: 2m'));

    // The plan has a gate for what federators miss, so both plans are of the time after they noticed.
    for (const host of servers) {
      const gone = `${at.addressOf('mon-b')}:9093 down`;
      await eventually(async () => expect(await targetsOf(at, host)).toContain(gone));
    }
    const planned = await dryThenReal();
    expect(inShort(planned['mon-a'])).toEqual([
      'file:/etc/docker/daemon.json mode differs: mode',
      'service:docker.service restarted notified by "Docker daemon settings": ',
      'iptables_chain:MONITORING opening unit differs: unit',
      'compose:federator1-a reload: config/prometheus.yml, config/rules/availability.yml, service prometheus',
      'iptables_chain:MONITORING rules differs: rules',
    ]);
    expect(inShort(planned['mon-b'])).toEqual([
      'compose:alertmanager1-b start: service alertmanager',
      'compose:federator1-b reload: config/rules/availability.yml, service prometheus',
    ]);
    for (const host of servers) {
      expect(await ready(at, host, 9093)).toBe(true);
      expect(await rulesOf(at, host)).toEqual(['availability/TargetDown']);
    }
  });
});
