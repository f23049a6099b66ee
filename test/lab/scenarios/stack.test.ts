import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable } from '../lab/availability.ts';
import { ask, clusterOf, lifeOf, metric, ready, rulesOf, targetsOf, tcp, udp } from '../support/checks.ts';
import { ending, well } from '../support/ending.ts';
import { eventually } from '../support/eventually.ts';
import { inShort, planOf } from '../support/plan.ts';
import { scenario } from '../support/scenario.ts';
import { differences, snapshot } from '../support/snapshot.ts';
import { listen, type Webhook } from '../support/webhook.ts';

const reason = labUnavailable();
const servers = ['mon-a', 'mon-b'];

/** The pages of a scraper, a pushgateway, an Alertmanager and a federator. */
const pages = [9090, 9091, 9093, 9095];

/** The federator of a host: the half of the pair with the host's letter. */
const federatorOf = (host: string) => `federator1-${host.slice(-1)}`;

/** The same question to both servers, answers in order. */
const both = <T>(question: (host: string) => Promise<T>): Promise<readonly T[]> => Promise.all(servers.map(question));

describe.skipIf(reason)(`the two-server stack on bare hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const at = scenario('t-stack', { hosts: 3, bare: true });
  let webhook: Webhook;
  let exporter: Server;
  const inInventory = (path: string) => join(at.folder, 'inventory', path);
  const edit = (path: string, from: string | RegExp, to: string) => {
    const text = readFileSync(inInventory(path), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(inInventory(path), text.replace(from, to));
  };
  const nothingToChange = async () => {
    const again = await at.hadeploy('apply', 'inventory', '--dry-run', '--detailed-exitcode');
    expect(again.stdout).toMatch(/^Nothing to change: \d+ resources on 2 hosts are as they should be\.\n$/);
    expect(again.code).toBe(0);
  };

  beforeAll(async () => {
    webhook = await listen(at.lab.bridgeAddress);
    edit('alertmanager.yml', /"http:.*?"/, JSON.stringify(webhook.url));
    edit('topology.yml', 'prometheus:v2.53.3', 'prometheus:v2.42.0');
    exporter = createServer((_, answer) => answer.end('lab 1\n')).listen(9100, at.lab.bridgeAddress);
  });
  afterAll(() => {
    webhook?.close();
    exporter?.close();
    exporter?.closeAllConnections();
  });

  it('bare hosts are all healthy after one apply, which did what the dry run before it showed', async () => {
    const untouched = await snapshot(at, servers);
    const dry = await at.hadeploy('apply', 'inventory', '--dry-run', '--json', '--detailed-exitcode');
    expect(dry.code).toBe(2);
    expect(differences(untouched, await snapshot(at, servers))).toEqual([]);

    const real = await at.hadeploy('apply', 'inventory', '--yes', '--json');
    expect(ending(real)).toEqual(well);
    expect(planOf(real)).toEqual(planOf(dry));
    expect(inShort(planOf(real)['mon-a']).filter((one) => one.startsWith('compose:'))).toEqual(
      ['alertmanager1-a', 'scraper1-a', 'pushgateway1-a', 'federator1-a'].map((name) =>
        expect.stringContaining(`compose:${name} create: `),
      ),
    );
    await nothingToChange();

    for (const port of pages) expect(await both((host) => ready(at, host, port))).toEqual([true, true]);
    const running = `docker ps --format '{{.Names}} {{.Image}} {{.Status}}' | sed 's/Up .*(/(/' | sort`;
    expect(await both((host) => at.on(host, running))).toEqual(
      ['a', 'b'].map((letter) =>
        [
          `alertmanager1-${letter} prom/alertmanager:v0.28.1 (healthy)`,
          `federator1-${letter} prom/prometheus:v2.42.0 (healthy)`,
          `pushgateway1-${letter} prom/pushgateway:v1.11.0 (healthy)`,
          `scraper1-${letter} prom/prometheus:v2.42.0 (healthy)`,
        ].join('\n'),
      ),
    );
  });

  it('a second apply changes nothing, says so, and has one conversation with each host', async () => {
    const verbose = '/etc/ssh/sshd_config.d/count.conf';
    await both((host) => at.on(host, `echo 'LogLevel VERBOSE' >${verbose}; systemctl reload ssh`));
    const said = `journalctl --sync; journalctl -u ssh -o cat --no-pager | grep -c '^Starting session: .* for deploy ' || :`;
    const before = await both((host) => at.on(host, said));
    const again = await at.hadeploy('apply', 'inventory', '--yes');
    expect(again.stdout).toMatch(/^Nothing to change: /);
    expect(again.code).toBe(0);
    const after = await both((host) => at.on(host, said));
    expect(after.map((count, index) => Number(count) - Number(before[index]))).toEqual([1, 1]);
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
      Promise.all([udp(at, from, to), ...[9094, ...pages].map((port) => tcp(at, from, to, port))]);
    const reached = await Promise.all([
      reaches('mon-b', 'mon-a'),
      reaches('mon-a', 'mon-b'),
      ...servers.map((host) => reaches('mon-c', host)),
    ]);
    expect(reached).toEqual([...servers.map(() => Array(6).fill('open')), ...servers.map(() => Array(6).fill('shut'))]);
    // The topology opens the pages to this machine.
    const client = await both((host) => Promise.all([9094, ...pages].map((port) => tcp(at, 'here', host, port))));
    expect(client).toEqual(servers.map(() => ['shut', 'open', 'open', 'open', 'open']));
  });

  it('both scrapers scrape the same, both federators read everything and tell every Alertmanager', async () => {
    type Targets = { readonly data: { readonly activeTargets: readonly { readonly scrapeUrl: string }[] } };
    const scraped = await both((host) => ask<Targets>(at, host, 9090, '/api/v1/targets'));
    expect(scraped.map(({ data }) => data.activeTargets.map(({ scrapeUrl }) => scrapeUrl))).toEqual(
      servers.map(() => [`http://${at.lab.bridgeAddress}:9100/metrics`]),
    );
    const all = pages.flatMap((port) => servers.map((host) => `${at.addressOf(host)}:${port} up`)).sort();
    await eventually(async () => expect(await both((host) => targetsOf(at, host))).toEqual([all, all]));
    type Told = { readonly data: { readonly activeAlertmanagers: readonly { readonly url: string }[] } };
    const told = await both((host) => ask<Told>(at, host, 9095, '/api/v1/alertmanagers'));
    const alertmanagers = servers.map((host) => `http://${at.addressOf(host)}:9093/api/v2/alerts`);
    expect(told.map(({ data }) => data.activeAlertmanagers.map(({ url }) => url).sort())).toEqual([
      alertmanagers,
      alertmanagers,
    ]);
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
    const reloads = ['a', 'b'].map((letter) => `~ compose:scraper1-${letter}  reload`);
    for (const line of reloads) expect(shown.filter((one) => one === line)).toHaveLength(1);
    // Of all, and of the one job.
    for (const line of ['-  scrape_interval: 5s', '+  scrape_interval: 15s'])
      expect(shown.filter((one) => one === line)).toHaveLength(4);
    // promtool has judged the new configuration in the image itself, and its container is gone.
    const judged = `docker events --since ${start} --until "$(date +%s.%N)" --filter event=die --format '{{.Actor.Attributes.image}} {{.Actor.Attributes.exitCode}}'`;
    expect(await at.on('mon-a', judged)).toBe('prom/prometheus:v2.42.0 0');
    expect(differences(before, await snapshot(at, servers))).toEqual([]);
  });

  it('a changed rule file and a new one are reloaded, without a restart', async () => {
    const lives = await both((host) => lifeOf(at, host, federatorOf(host)));
    edit('rules/availability.yml', 'alert: TargetDown', 'alert: TargetGone');
    writeFileSync(inInventory('rules/more.yml'), 'groups: [{name: more, rules: [{record: one, expr: vector(1)}]}]\n');
    const applied = await at.hadeploy('apply', 'inventory', '--yes', '--json');
    expect(ending(applied)).toEqual(well);
    for (const host of servers) {
      expect(inShort(planOf(applied)[host])).toEqual([
        `compose:${federatorOf(host)} reload: config/rules/availability.yml, config/rules/more.yml, service prometheus`,
      ]);
    }
    const loaded = ['availability/TargetGone', 'more/one'];
    expect(await both((host) => rulesOf(at, host))).toEqual([loaded, loaded]);
    expect(await both((host) => lifeOf(at, host, federatorOf(host)))).toEqual(lives);
  });

  it('a removed rule file disappears from hosts and processes, and the plan says so', async () => {
    rmSync(inInventory('rules/more.yml'));
    const applied = await at.hadeploy('apply', 'inventory', '--yes', '--json');
    expect(ending(applied)).toEqual(well);
    for (const host of servers) {
      const change = planOf(applied)[host]!.find(({ kind }) => kind === 'compose');
      expect(change!.fields).toContainEqual({
        field: 'config/rules/more.yml',
        from: expect.stringContaining('vector(1)'),
        to: null,
      });
    }
    expect(await both((host) => at.on(host, `ls /opt/hadeploy/${federatorOf(host)}/config/rules`))).toEqual(
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

  it('an upgrade recreates one half of each pair after the other, and one of them always answers', async () => {
    const before = await both((host) => lifeOf(at, host, federatorOf(host)));
    edit('topology.yml', 'prometheus:v2.42.0', 'prometheus:v2.53.3');
    const upgrade = at.start(['apply', 'inventory', '--yes']);
    let over = false;
    const ended = upgrade.ended.finally(() => {
      over = true;
    });
    const seen: (readonly boolean[])[] = [];
    while (!over) {
      seen.push(await both((host) => ready(at, host, 9090)));
      seen.push(await both((host) => ready(at, host, 9095)));
      await pause(50);
    }
    const upgraded = await ended;
    expect(ending(upgraded)).toEqual(well);
    expect(upgraded.stdout.match(/~ compose:\S+ {2}recreate/g)).toEqual(
      ['scraper1-b', 'scraper1-a', 'federator1-b', 'federator1-a'].map((name) => `~ compose:${name}  recreate`),
    );
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.filter((answers) => answers.every((answer) => !answer))).toEqual([]);
    const after = await both((host) => lifeOf(at, host, federatorOf(host)));
    for (const [index, life] of after.entries()) expect(life).not.toBe(before[index]);
    type Build = { readonly data: { readonly version: string } };
    for (const port of [9090, 9095]) {
      const builds = await both((host) => ask<Build>(at, host, port, '/api/v1/status/buildinfo'));
      expect(builds.map(({ data }) => data.version.slice(0, 6))).toEqual(['2.53.3', '2.53.3']);
    }
  });

  it('a reboot brings everything back: containers, cluster, the shared address, and the firewall before them', async () => {
    await at.lab.reboot('mon-b');
    const jump = `iptables -S DOCKER-USER | sed -n 2p; iptables -S MONITORING | tail -n 1`;
    await eventually(async () =>
      expect(await at.on('mon-b', jump)).toBe('-A DOCKER-USER -j MONITORING\n-A MONITORING -j DROP'),
    );
    const cluster = { status: 'ready', members: servers.map((host) => `${at.addressOf(host)}:9094`) };
    await eventually(async () => {
      for (const port of pages) expect(await ready(at, 'mon-b', port)).toBe(true);
      expect(await both((host) => clusterOf(at, host))).toEqual([cluster, cluster]);
    }, 60);
    expect(await rulesOf(at, 'mon-b')).toEqual(['availability/TargetGone']);
    const address = at.lab.bridgeAddress.replace(/1$/, '50');
    await eventually(async () =>
      expect((await both((host) => at.on(host, `ip -4 -o address show to ${address}`))).filter(Boolean)).toHaveLength(
        1,
      ),
    );
    expect((await fetch(`http://${address}:9091/-/ready`)).status).toBe(200);
    await eventually(async () =>
      expect(await Promise.all([udp(at, 'mon-a', 'mon-b'), udp(at, 'mon-b', 'mon-a')])).toEqual(['open', 'open']),
    );
    expect([await udp(at, 'mon-c', 'mon-b'), await tcp(at, 'mon-c', 'mon-b', 9094)]).toEqual(['shut', 'shut']);
    await nothingToChange();
  });
});
