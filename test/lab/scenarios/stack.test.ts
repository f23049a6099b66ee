import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable } from '../lab/availability.ts';
import { ask, clusterOf, lifeOf, metric, ready, rulesOf, tcp, udp } from '../support/checks.ts';
import { eventually } from '../support/eventually.ts';
import { inShort, planOf } from '../support/plan.ts';
import { scenario } from '../support/scenario.ts';
import { differences, snapshot } from '../support/snapshot.ts';
import { listen, type Webhook } from '../support/webhook.ts';

const reason = labUnavailable();
const servers = ['mon-a', 'mon-b'];

/** The same question to both servers, answers in order. */
const both = <T>(question: (host: string) => Promise<T>): Promise<readonly T[]> => Promise.all(servers.map(question));

describe.skipIf(reason)(`the two-server stack on bare hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const at = scenario('t-stack', { hosts: 3, bare: true });
  let webhook: Webhook;
  const inInventory = (path: string) => join(at.folder, 'inventory', path);
  const nothingToChange = async () => {
    const again = await at.hadeploy('apply', 'inventory', '--dry-run', '--detailed-exitcode');
    expect(again.stdout).toMatch(/^Nothing to change: \d+ resources on 2 hosts are as they should be\.\n$/);
    expect(again.code).toBe(0);
  };

  beforeAll(async () => {
    webhook = await listen(at.lab.bridgeAddress);
    const settings = inInventory('group_vars/all.yml');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('prometheus:v2.53.3', 'prometheus:v2.42.0'));
    appendFileSync(
      settings,
      `
alertmanager_config:
  route: {receiver: sink, group_by: [alertname], group_wait: 1s, group_interval: 5m}
  receivers: [{name: sink, webhook_configs: [{url: "${webhook.url}", send_resolved: false}]}]
`,
    );
  });
  afterAll(() => webhook?.close());

  it('bare hosts are all healthy after one apply, which did what the dry run before it showed', async () => {
    const untouched = await snapshot(at, servers);
    const dry = await at.hadeploy('apply', 'inventory', '--dry-run', '--json', '--detailed-exitcode');
    expect(dry.code).toBe(2);
    expect(differences(untouched, await snapshot(at, servers))).toEqual([]);

    const real = await at.hadeploy('apply', 'inventory', '--yes', '--json');
    expect({ code: real.code, stderr: real.stderr }).toEqual({ code: 0, stderr: '' });
    expect(planOf(real)).toEqual(planOf(dry));
    expect(inShort(planOf(real)['mon-a'])).toHaveLength(9);
    await nothingToChange();

    expect(await both((host) => ready(at, host, 9090))).toEqual([true, true]);
    expect(await both((host) => ready(at, host, 9093))).toEqual([true, true]);
    const running = `docker ps --format '{{.Names}} {{.Image}} {{.Status}}' | sed 's/Up .*(/(/' | sort`;
    expect(await both((host) => at.on(host, running))).toEqual(
      servers.map(() =>
        [
          'alertmanager-alertmanager-1 prom/alertmanager:v0.28.1 (healthy)',
          'prometheus-prometheus-1 prom/prometheus:v2.42.0 (healthy)',
        ].join('\n'),
      ),
    );
  });

  it('a second apply changes nothing, says so, and has two conversations with each host', async () => {
    const verbose = '/etc/ssh/sshd_config.d/count.conf';
    await both((host) => at.on(host, `echo 'LogLevel VERBOSE' >${verbose}; systemctl reload ssh`));
    const said = `journalctl --sync; journalctl -u ssh -o cat --no-pager | grep -c '^Starting session: .* for deploy ' || :`;
    const before = await both((host) => at.on(host, said));
    const again = await at.hadeploy('apply', 'inventory', '--yes');
    expect(again.stdout).toMatch(/^Nothing to change: /);
    expect(again.code).toBe(0);
    const after = await both((host) => at.on(host, said));
    expect(after.map((count, index) => Number(count) - Number(before[index]))).toEqual([2, 2]);
    await both((host) => at.on(host, `rm ${verbose}; systemctl reload ssh`));
  });

  it('the cluster is the servers of the inventory, and each acknowledges the pings of the other', async () => {
    const cluster = { status: 'ready', members: servers.map((host) => `${at.addressOf(host)}:9094`) };
    expect(await both((host) => clusterOf(at, host))).toEqual([cluster, cluster]);
    const pings = (host: string) => metric(at, host, 9093, 'alertmanager_cluster_pings_seconds_count');
    const before = await both(pings);
    await eventually(async () => {
      for (const [index, now] of (await both(pings)).entries()) {
        expect(now.size).toBe(1);
        for (const [peer, count] of now) expect(count).toBeGreaterThan(before[index]!.get(peer) ?? 0);
      }
    });
  });

  it('only peers reach the cluster port, on TCP and UDP, and only peers and clients reach the pages', async () => {
    const reaches = (from: string, to: string) =>
      Promise.all([udp(at, from, to), ...[9094, 9093, 9090].map((port) => tcp(at, from, to, port))]);
    const reached = await Promise.all([
      reaches('mon-b', 'mon-a'),
      reaches('mon-a', 'mon-b'),
      ...servers.map((host) => reaches('mon-c', host)),
    ]);
    expect(reached).toEqual([
      ['open', 'open', 'open', 'open'],
      ['open', 'open', 'open', 'open'],
      ['shut', 'shut', 'shut', 'shut'],
      ['shut', 'shut', 'shut', 'shut'],
    ]);
    // This machine is among the `monitoring_clients` of the inventory.
    const client = await both((host) => Promise.all([9094, 9093, 9090].map((port) => tcp(at, 'here', host, port))));
    expect(client).toEqual(servers.map(() => ['shut', 'open', 'open']));
  });

  it('both Prometheus servers scrape everything and tell every Alertmanager', async () => {
    type Targets = { readonly data: { readonly activeTargets: readonly { readonly health: string }[] } };
    type Told = { readonly data: { readonly activeAlertmanagers: readonly { readonly url: string }[] } };
    await eventually(async () => {
      const targets = await both((host) => ask<Targets>(at, host, 9090, '/api/v1/targets'));
      expect(targets.map(({ data }) => data.activeTargets.map(({ health }) => health))).toEqual(
        servers.map(() => ['up', 'up', 'up', 'up']),
      );
    });
    const told = await both((host) => ask<Told>(at, host, 9090, '/api/v1/alertmanagers'));
    const all = servers.map((host) => `http://${at.addressOf(host)}:9093/api/v2/alerts`);
    expect(told.map(({ data }) => data.activeAlertmanagers.map(({ url }) => url).sort())).toEqual([all, all]);
  });

  it('an alert that fires at both Alertmanagers is notified once', async () => {
    const queries = async (host: string) =>
      (await metric(at, host, 9093, 'alertmanager_nflog_queries_total')).get('') ?? 0;
    const before = await both(queries);
    const alert = JSON.stringify([{ labels: { alertname: 'Fired', severity: 'page' } }]);
    const fired = await both((host) =>
      fetch(`http://${at.addressOf(host)}:9093/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: alert,
      }).then(({ status }) => status),
    );
    expect(fired).toEqual([200, 200]);
    await eventually(async () => expect(webhook.about('Fired')).toHaveLength(1));
    // The second in the cluster waits 15 s for the first, then asks its notification log whether it must send itself.
    await eventually(async () => {
      for (const [index, now] of (await both(queries)).entries()) expect(now).toBeGreaterThan(before[index]!);
    }, 40);
    // It has asked and would send at once: to prove that it does not takes a little time.
    await pause(2000);
    expect(webhook.about('Fired').map(({ status }) => status)).toEqual(['firing']);
  });

  it('a dry run with another scrape interval shows the diff and the reload on both hosts, and changes nothing', async () => {
    const before = await snapshot(at, servers);
    const start = await at.on('mon-a', 'date +%s');
    const dry = await at.hadeploy('apply', 'inventory', '--dry-run', '--diff', '-e', 'scrape_interval=15s');
    expect(dry.code).toBe(0);
    const shown = dry.stdout.split('\n').map((line) => line.trim());
    for (const line of ['-  scrape_interval: 5s', '+  scrape_interval: 15s', '~ compose:prometheus  reload']) {
      expect(shown.filter((one) => one === line)).toHaveLength(2);
    }
    // promtool has judged the new configuration in the image itself, and its container is gone.
    const judged = `docker events --since ${start} --until "$(date +%s.%N)" --filter event=die --format '{{.Actor.Attributes.image}} {{.Actor.Attributes.exitCode}}'`;
    expect(await at.on('mon-a', judged)).toBe('prom/prometheus:v2.42.0 0');
    expect(differences(before, await snapshot(at, servers))).toEqual([]);
  });

  it('a changed rule file and a new one are reloaded, without a restart', async () => {
    const lives = await both((host) => lifeOf(at, host, 'prometheus'));
    const rules = inInventory('rules/availability.yml');
    writeFileSync(rules, readFileSync(rules, 'utf8').replace('alert: TargetDown', 'alert: TargetGone'));
    writeFileSync(inInventory('rules/more.yml'), 'groups: [{name: more, rules: [{record: one, expr: vector(1)}]}]\n');
    const applied = await at.hadeploy('apply', 'inventory', '--yes', '--json');
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    for (const host of servers) {
      expect(inShort(planOf(applied)[host])).toEqual([
        'compose:prometheus reload: config/rules/availability.yml, config/rules/more.yml, service prometheus',
      ]);
    }
    const loaded = ['availability/TargetGone', 'more/one'];
    expect(await both((host) => rulesOf(at, host))).toEqual([loaded, loaded]);
    expect(await both((host) => lifeOf(at, host, 'prometheus'))).toEqual(lives);
  });

  it('a removed rule file disappears from hosts and processes, and the plan says so', async () => {
    rmSync(inInventory('rules/more.yml'));
    const applied = await at.hadeploy('apply', 'inventory', '--yes', '--json');
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    for (const host of servers) {
      const [change] = planOf(applied)[host]!;
      expect(change!.fields).toContainEqual({
        field: 'config/rules/more.yml',
        from: expect.stringContaining('vector(1)'),
        to: null,
      });
    }
    expect(await both((host) => at.on(host, 'ls /opt/hadeploy/prometheus/config/rules'))).toEqual(
      servers.map(() => 'availability.yml'),
    );
    expect(await both((host) => rulesOf(at, host))).toEqual(servers.map(() => ['availability/TargetGone']));
  });

  it('a broken rule file is refused in the words of promtool before anything is touched', async () => {
    writeFileSync(inInventory('rules/broken.yml'), 'groups: [{name: b, rules: [{record: b, expr: "sum(up"}]}]\n');
    const before = await snapshot(at, servers);
    const refused = await at.hadeploy('apply', 'inventory', '--yes');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('error check-failed');
    expect(refused.stderr).toContain('unclosed left parenthesis');
    expect(refused.stderr).toContain('Nothing was touched.');
    expect(differences(before, await snapshot(at, servers))).toEqual([]);
    rmSync(inInventory('rules/broken.yml'));
  });

  it('an upgrade recreates one Prometheus after the other, and one of them always answers', async () => {
    const before = await both((host) => lifeOf(at, host, 'prometheus'));
    const settings = inInventory('group_vars/all.yml');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('prometheus:v2.42.0', 'prometheus:v2.53.3'));
    const upgrade = at.start(['apply', 'inventory', '--yes']);
    let over = false;
    const ended = upgrade.ended.finally(() => {
      over = true;
    });
    const seen: (readonly boolean[])[] = [];
    while (!over) {
      seen.push(await both((host) => ready(at, host, 9090)));
      await pause(50);
    }
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/batch 1 of 2: mon-a\n {2}mon-a\n {4}~ compose:prometheus {2}recreate\n/);
    expect(stdout).toMatch(/batch 2 of 2: mon-b\n {2}mon-b\n {4}~ compose:prometheus {2}recreate\n/);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.filter((answers) => answers.every((answer) => !answer))).toEqual([]);
    const after = await both((host) => lifeOf(at, host, 'prometheus'));
    for (const [index, life] of after.entries()) expect(life).not.toBe(before[index]);
    type Build = { readonly data: { readonly version: string } };
    const builds = await both((host) => ask<Build>(at, host, 9090, '/api/v1/status/buildinfo'));
    expect(builds.map(({ data }) => data.version.slice(0, 6))).toEqual(['2.53.3', '2.53.3']);
  });

  it('a reboot brings everything back: containers, cluster, and the firewall before them', async () => {
    await at.lab.reboot('mon-b');
    const jump = `iptables -S DOCKER-USER | sed -n 2p; iptables -S MONITORING | tail -n 1`;
    await eventually(async () =>
      expect(await at.on('mon-b', jump)).toBe('-A DOCKER-USER -j MONITORING\n-A MONITORING -j DROP'),
    );
    const cluster = { status: 'ready', members: servers.map((host) => `${at.addressOf(host)}:9094`) };
    await eventually(async () => {
      expect(await ready(at, 'mon-b', 9090)).toBe(true);
      expect(await both((host) => clusterOf(at, host))).toEqual([cluster, cluster]);
    }, 60);
    expect(await rulesOf(at, 'mon-b')).toEqual(['availability/TargetGone']);
    await eventually(async () =>
      expect(await Promise.all([udp(at, 'mon-a', 'mon-b'), udp(at, 'mon-b', 'mon-a')])).toEqual(['open', 'open']),
    );
    expect([await udp(at, 'mon-c', 'mon-b'), await tcp(at, 'mon-c', 'mon-b', 9094)]).toEqual(['shut', 'shut']);
    await nothingToChange();
  });
});
