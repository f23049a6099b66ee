import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, numberOf, query } from '../estate/ask.ts';
import { type Bench, lies, longestGap, longestSilence, repeated, startBench } from '../estate/bench.ts';
import { eventually } from '../estate/eventually.ts';
import { hadeploy } from '../estate/hadeploy.ts';
import { watchHolders } from '../estate/holders.ts';
import { estateInventory } from '../estate/inventory.ts';
import { type Flow, pairsOf, type Source, wrongPairs } from '../estate/pairs.ts';
import {
  BENCH,
  countProbes,
  countProbesNoMore,
  delivered,
  published,
  reached,
  reachedFromContainer,
  streamUdp,
} from '../estate/reach.ts';
import { labUnavailable } from '../lab/availability.ts';
import type { Lab } from '../lab/lab.ts';
import { down, up } from '../lab/life.ts';

const reason = labUnavailable();
const name = 't-estate-all';
let lab: Lab;
let inventory: string;
let bench: Bench;

const address = (host: string) => lab.hosts.find((one) => one.name === host)!.address;
const vip = (last: number) => lab.bridgeAddress.replace(/\.1$/, `.${last}`);
const federators = () => [`${address('mon-a')}:9095`, `${address('mon-b')}:9095`];
const inside = async (host: string, script: string) => (await lab.exec(host, script)).stdout.trim();
const doors = () => [
  { address: vip(51), port: 9091 },
  { address: vip(52), port: 9191 },
];

/** What follows from topology.yml, as playbooks see it. */
async function estate(): Promise<{ readonly flows: readonly Flow[] }> {
  const listed = JSON.parse((await hadeploy('inventory', inventory, '--list')).text);
  return listed._meta.hostvars['mon-a'].estate;
}

/** Everyone who may try to reach something: the hosts of the estate, one beside it, and the machine that runs the lab. */
const sources = (): readonly Source[] => [...lab.hosts, { name: BENCH, address: lab.bridgeAddress }];

/** The hosts that have an address now; one without power has none. */
async function holders(of: string): Promise<readonly string[]> {
  const asked = lab.hosts.map(async ({ name: host }) => [
    host,
    await inside(host, `ip -4 -o address show to ${of}`).catch(() => ''),
  ]);
  return (await Promise.all(asked)).filter(([, said]) => said !== '').map(([host]) => host!);
}

/** The one host that has an address. */
async function holder(of: string): Promise<string> {
  return (
    await eventually(
      `${of} has one holder`,
      () => holders(of),
      (found) => found.length === 1,
    )
  )[0]!;
}

/** The time that a loss may take until pushes succeed again, in milliseconds. */
const LIMIT_MS = 3000;

/** Waits until federators show what was pushed through a door once the limit after a loss was over. */
async function newsFrom(door: string, since: number, alive: readonly string[]): Promise<void> {
  for (const federator of alive)
    await eventually(
      `${federator} shows what was pushed to ${door} after the loss`,
      async () => bench.seen.findLast((one) => one.door === door && one.federator === federator)?.value ?? 0,
      (pushed) => pushed * 1000 > since + LIMIT_MS,
    );
}

/** Loses something of the holder of an address, and judges pushes, what federators showed, and who held it. */
async function lose(of: string, what: string, deed: (holder: string) => Promise<unknown>): Promise<Lost> {
  await healthy();
  const before = await holder(of);
  const stop = await watchHolders(lab, of);
  const since = Date.now();
  await deed(before);
  const lost = Date.now();
  const alive = federators().filter((one) => what !== 'the host' || one !== `${address(before)}:9095`);
  await newsFrom(of, lost, alive);
  const held = await stop({ ...(what === 'the host' && { [before]: since }) });
  const after = await holder(of);
  const silence = longestSilence(bench, of, since);
  const { back, oldest } = lies(bench, of, since);
  console.info(
    `${what} lost: pushes again after ${silence} ms, oldest value shown ${oldest.toFixed(1)} s, shown by none for ${longestGap(bench, of, since, alive)} ms; ` +
      `held by none for ${held.none} ms, by two for ${held.two} ms (${held.story.join(', ')})`,
  );
  expect(silence).toBeLessThan(LIMIT_MS);
  expect(back).toBe(0);
  expect(oldest).toBeLessThan(MAX_AGE_S);
  return { before, after, since, two: held.two };
}

/** A group of alerts, as a notifier tells of it. */
interface Group {
  readonly labels: Readonly<Record<string, string>>;
}

interface Lost {
  readonly before: string;
  readonly after: string;
  readonly since: number;
  readonly two: number;
}

/** `max_age` of the lab's gateways, in seconds. */
const MAX_AGE_S = 60;

/** Waits until both federators see everything, and each address has one holder. */
async function healthy(): Promise<void> {
  for (const federator of federators()) {
    await eventually(
      `${federator} sees everything`,
      async () => [
        await numberOf(federator, 'min(up)'),
        await numberOf(federator, 'min(sum by (vip) (vip:held:fresh))'),
      ],
      ([seen, held]) => seen === 1 && held === 1,
      120,
    );
  }
}

/** A silence as an Alertmanager tells of it, also days after its end. */
interface Silence {
  readonly createdBy: string;
  readonly comment: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

async function silencesOf(host: string): Promise<readonly Silence[]> {
  return (await json(`http://${address(host)}:9093/api/v2/silences`)) as readonly Silence[];
}

/** The members whose alerts were silenced since then; each silence is over, and took no longer than a change does. */
async function silencedSince(since: number): Promise<readonly string[]> {
  const found = (await silencesOf('mon-b')).filter(
    ({ createdBy, startsAt }) => createdBy === 'hadeploy' && Date.parse(startsAt) > since,
  );
  for (const { status, startsAt, endsAt } of found) {
    expect(status.state).toBe('expired');
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBeLessThan(120_000);
  }
  return [...new Set(found.map(({ comment }) => comment.replace(' is being changed', '')))].sort();
}

/** Waits until gates hold that look at what federators saw some seconds ago; anything else to do is a fault. */
async function nothingToDo(): Promise<void> {
  const said: string[] = [];
  await eventually(
    'nothing is left to do',
    async () => said[said.push((await hadeploy('apply', inventory, '--yes')).text) - 1]!,
    (text) => text.includes('Nothing to change'),
  );
  expect(said.join('\n')).not.toMatch(/^ {4}[+~!-] /m);
}

/** Applies until there is nothing to do, which is after one time. */
async function mend(): Promise<void> {
  expect((await hadeploy('apply', inventory, '--yes')).text).toMatch(/^(?:Done:|Nothing to change)/m);
  await healthy();
  await nothingToDo();
}

describe.skipIf(reason !== undefined)(`a whole estate on three hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    lab = await up({ name, hosts: 4 });
    inventory = estateInventory(lab);
    for (const host of lab.hosts)
      await inside(
        host.name,
        'docker run -d --restart unless-stopped --net host --name node prom/node-exporter:v1.9.0',
      );
    bench = await startBench(lab.bridgeAddress, doors(), federators());
  });
  afterAll(async () => {
    bench?.stop();
    await down(name);
  });

  it('comes from prepared hosts to everything healthy in one apply, and a second one changes nothing', async () => {
    const first = await hadeploy('apply', inventory, '--yes');
    expect(first.text).toContain('Done:');
    expect(first.code).toBe(0);
    await healthy();
    const second = await hadeploy('apply', inventory, '--yes');
    expect(second.text).toContain('Nothing to change');
    console.info(`first apply ${first.seconds.toFixed(0)} s, second ${second.seconds.toFixed(1)} s`);
  });

  it('shows a value that was pushed through an address once, in both federators', async () => {
    for (const federator of federators()) {
      for (const door of doors()) {
        const pushed = `pushgateway:newest:value{metric_name="lab_pushed_seconds",instance="${door.address}"}`;
        await eventually(
          `${federator} has ${pushed}`,
          () => query(federator, pushed),
          (found) => found.length === 1,
        );
      }
      const targets = (await json(`http://${federator}/api/v1/targets?state=active`)) as {
        data: { activeTargets: { scrapeUrl: string }[] };
      };
      expect(
        targets.data.activeTargets.filter(({ scrapeUrl }) => doors().some((d) => scrapeUrl.includes(d.address))),
      ).toEqual([]);
    }
  });

  it('ships rules that hold their own tests, as rendered for these cells, with the promtool of the image that runs', async () => {
    const folder = 'playbooks/roles/federator/tests';
    const tests = readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`).toString('base64')]);
    const copies = tests.map(([file, text]) => `echo ${text} | base64 -d >/root/rules/${file}`).join('\n');
    const said = await inside(
      'mon-a',
      `mkdir -p /root/rules\n${copies}
docker run --rm -v /opt/hadeploy/federator1-a/config:/etc/prometheus:ro -v /root/rules:/tests:ro --entrypoint sh \
  "$(docker inspect -f '{{.Config.Image}}' federator1-a)" -c 'promtool test rules /tests/*.yml' 2>&1; echo "code $?"`,
    );
    expect(said).toMatch(/code 0$/);
  });

  it('lets in over TCP and UDP, from each host and from two outside, what the estate needs, and nothing else', async () => {
    const doors = (await Promise.all(lab.hosts.map((host) => published(lab, host.name)))).flat();
    expect(doors.filter(({ on }) => on !== '0.0.0.0')).toEqual([]);
    const pairs = pairsOf(sources(), doors, (await estate()).flows, address);
    // Counted by hand: mon-a and mon-b read all, mon-c gossips and hands a gateway over, the bench may open the pages, mon-d is a stranger.
    const open = sources().map(
      ({ name: from }) => pairs.filter((pair) => pair.from.name === from && pair.wanted).length,
    );
    expect({ ports: doors.length, pairs: pairs.length, open }).toEqual({
      ports: 6 + 8 + 5,
      pairs: 76,
      open: [8 + 5, 6 + 5, 2 + 2 + 1, 0, 4 + 6 + 3],
    });
    expect(await wrongPairs(lab, pairs)).toEqual([]);
  });

  it('lets in at the shared addresses who may reach their holders', async () => {
    const { flows } = await estate();
    for (const { address: shared, port } of doors()) {
      const host = await holder(shared);
      const pairs = pairsOf(sources(), [{ host, protocol: 'tcp', port }], flows, () => shared);
      expect(pairs.find(({ from }) => from.name === 'bench')?.wanted).toBe(true);
      expect(pairs.find(({ from }) => from.name === 'mon-d')?.wanted).toBe(false);
      expect(await wrongPairs(lab, pairs)).toEqual([]);
    }
  });

  it('lets every container reach what it needs, also on its own host', async () => {
    const { flows } = await estate();
    const needed = flows.filter(({ from_host, protocol }) => from_host !== undefined && protocol === 'tcp');
    expect(needed).toHaveLength(2 * (4 + 4 + 1 + 3 + 2) + 6 + 4);
    for (const from of new Set(needed.map((flow) => flow.from))) {
      const asked = needed.filter((flow) => flow.from === from);
      const wanted = asked.map(({ destination, port }) => `${destination} ${port}`);
      const found = await reachedFromContainer(lab, asked[0]!.from_host!, from, wanted);
      expect([...found].sort()).toEqual([...new Set(wanted)].sort());
    }
    for (const host of ['mon-a', 'mon-b', 'mon-c']) {
      const metrics = await inside(
        host,
        'docker exec $(docker ps -qf name=alertmanager1) wget -qO- http://127.0.0.1:9093/metrics',
      );
      expect(metrics.match(/^alertmanager_cluster_pings_seconds_count\{/gm)).toHaveLength(2);
    }
  });

  it('publishes nothing over IPv6, and nothing that Docker does not tell of', async () => {
    for (const host of ['mon-a', 'mon-b', 'mon-c']) {
      const doors = await published(lab, host);
      const link = `${(await inside(host, "ip -6 -o address show dev eth0 scope link | awk '{print $4}'")).split('/')[0]}%eth0`;
      const asked = [22, ...doors.map(({ port }) => port)].map((port) => `${link} ${port}`);
      expect([...(await reached(lab, 'mon-d', asked))]).toEqual([`${link} 22`]);
      const listening = await inside(host, "ss -Hlntu | awk '{print $1, $5}'");
      const heard = listening.split('\n').filter((line) => !/ (127\.|\[::1\])/.test(line));
      const told = doors.map(({ protocol, port, on }) => `${protocol} ${on}:${port}`);
      expect(heard.sort()).toEqual([...told, 'tcp 0.0.0.0:22', 'tcp [::]:22', 'tcp *:9100'].sort());
    }
  });

  const gateway = (host: string, deed: string) => inside(host, `${deed} $(docker ps -aqf name=pushgateway1)`);

  it('takes pushes again within 3 s when the gateway of the holder is killed, and shows no older value', async () => {
    const { after, two, since } = await lose(vip(51), 'the gateway', (host) =>
      inside(host, `kill -9 $(docker inspect -f '{{.State.Pid}}' $(docker ps -qf name=pushgateway1))`),
    );
    expect(two).toBe(0);
    // Docker starts it again, and the address stays or moves, whichever comes first.
    expect(['mon-a', 'mon-b']).toContain(after);
    await healthy();
    expect(lies(bench, vip(51), since).back).toBe(0);
  });

  it('takes pushes again within 3 s when the gateway of the holder stays dead, and leaves the address to the other', async () => {
    const { before, after, two, since } = await lose(vip(51), 'the gateway for good', (host) =>
      gateway(host, 'docker kill'),
    );
    expect(two).toBe(0);
    expect(after).not.toBe(before);
    await gateway(before, 'docker start');
    await healthy();
    expect(await holder(vip(51))).toBe(after);
    expect(lies(bench, vip(51), since).back).toBe(0);
  });

  it('moves the address within 3 s when keepalived of the holder is killed, to exactly one holder', async () => {
    const { before, after, two } = await lose(vip(51), 'keepalived', (host) =>
      inside(host, 'kill -9 $(pidof keepalived)'),
    );
    expect(after).not.toBe(before);
    // A killed one leaves the address where it is, until systemd starts it again a second later.
    expect(two).toBeLessThan(LIMIT_MS);
    await healthy();
  });

  it('moves the address within 3 s when the whole holder loses power, and needs nobody when it comes back', async () => {
    let crashed = '';
    const { before, after, two, since } = await lose(vip(51), 'the host', async (host) => {
      crashed = host;
      await lab.crash(host);
    }).finally(() => lab.boot(crashed));
    expect(two).toBe(0);
    expect(after).not.toBe(before);
    await healthy();
    expect(await holder(vip(51))).toBe(after);
    expect(lies(bench, vip(51), since).back).toBe(0);
    await mend();
  });

  it('has no gap in what the pairs see while one scraper of each is dead', async () => {
    await healthy();
    const since = Date.now();
    await inside('mon-a', 'docker kill scraper1-a');
    await inside('mon-b', 'docker kill scraper2-a');
    // Both hops and the evaluation have an interval of 5 s: by now what the dead ones had last is old in every hop.
    const window = 20;
    await eventually(
      'the window lies behind the loss',
      async () => Date.now() - since,
      (ms) => ms > window * 1000,
    );
    for (const federator of federators()) {
      const once = 'max without (scraper) (up{job=~"node|lab"})';
      // Every second of it all four targets are there, are up, are new, and so are the recorded series.
      const told = {
        seconds: await numberOf(federator, `count_over_time(count(${once} == 1)[${window}s:1s])`),
        targets: await numberOf(federator, `min_over_time(count(${once} == 1)[${window}s:1s])`),
        recorded: await numberOf(federator, `min_over_time(count(pair:up:max == 1)[${window}s:1s])`),
        series: await numberOf(federator, `count(count_over_time(pair:up:max[${window}s]) >= ${window / 5 - 1})`),
      };
      const age = `time() - min(max without (scraper) (timestamp(up{job=~"node|lab"})))`;
      const oldest = await numberOf(federator, `max_over_time((${age})[${window}s:1s])`);
      console.info(`${federator}: ${JSON.stringify(told)}, no sample older than ${oldest.toFixed(1)} s`);
      expect(told.seconds).toBeGreaterThanOrEqual(window);
      expect(told).toMatchObject({ targets: 4, recorded: 4, series: 4 });
      expect(oldest).toBeLessThan(2 * (5 + 5));
    }
    await mend();
  });

  it('keeps the data of a federator when its container is made anew, and none of a scraper and of a gateway', async () => {
    const start = Date.now();
    const standby = (await holder(vip(51))) === 'mon-a' ? 'mon-b' : 'mon-a';
    const pushed = `http://${address(standby)}:9091/metrics/job/kept/instance/kept`;
    expect((await fetch(pushed, { method: 'PUT', body: 'kept 1\n' })).status).toBe(200);
    const groups = async () =>
      ((await json(`http://${address(standby)}:9091/api/v1/metrics`)) as { data: { labels: { job: string } }[] }).data;
    expect((await groups()).map(({ labels }) => labels.job)).toContain('kept');
    const anew = (host: string, name: string) =>
      inside(host, `cd /opt/hadeploy/${name} && docker compose up -d --force-recreate --wait`);
    await anew('mon-a', 'federator1-a');
    await anew('mon-a', 'scraper1-a');
    await anew(standby, standby === 'mon-a' ? 'pushgateway1-a' : 'pushgateway1-b');
    const old = Math.floor(start / 1000) - 30;
    const at = (server: string, job: string) =>
      json(
        `http://${server}/api/v1/query?query=${encodeURIComponent(`count(up{job="${job}"})`)}&time=${old}`,
      ) as Promise<{ data: { result: unknown[] } }>;
    expect((await at(federators()[0]!, 'node')).data.result).toHaveLength(1);
    expect((await at(`${address('mon-a')}:9090`, 'node')).data.result).toHaveLength(0);
    expect((await groups()).map(({ labels }) => labels.job)).not.toContain('kept');
    const volumes = (host: string) => inside(host, 'docker volume ls -q');
    expect(await volumes('mon-a')).toBe('alertmanager1-a_data\nfederator1-a_data');
    expect(await volumes('mon-b')).toBe('alertmanager1-b_data\nfederator1-b_data');
    expect(await volumes('mon-c')).toBe('alertmanager1-c_data');
    await healthy();
  });

  it('notifies once when a federator dies, and tells of two holders when a keepalived hangs', async () => {
    const fired = (alert: string, since: number) =>
      bench.pages.filter((one) => one.at > since && one.alert === alert && one.status === 'firing').length;
    await eventually(
      'the watchdog has come',
      async () => fired('Watchdog', 0),
      (pages) => pages > 0,
    );
    const since = Date.now();
    const hung = await holder(vip(52));
    await inside('mon-a', 'docker kill federator1-a');
    // A hung one keeps the address and says nothing, so the other one takes it as well: as after a kill -9 that nobody mends.
    await inside(hung, 'kill -STOP $(pidof keepalived)');
    for (const alert of ['FederatorDown', 'VipHeldByTwo'])
      await eventually(
        `the other federator tells of ${alert}`,
        async () => fired(alert, since),
        (pages) => pages > 0,
        180,
      );
    console.info(`told after ${((bench.pages.findLast(({ at }) => at > since)?.at ?? 0) - since) / 1000} s`);
    await inside(hung, 'kill -CONT $(pidof keepalived)');
    await holder(vip(52));
    await inside('mon-a', 'docker start federator1-a');
    await healthy();
    expect(['FederatorDown', 'Watchdog'].map((alert) => fired(alert, since))).toEqual([1, 0]);
    expect(bench.pages.filter(({ alert, status }) => alert === 'Watchdog' && status === 'resolved')).toEqual([]);
  });

  it('keeps silences and sends no page again when both notifiers lose everything at once', async () => {
    const silence = {
      matchers: [{ name: 'alertname', value: 'Nothing', isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'lab',
      comment: 'kept by the backup',
    };
    await json(`http://${address('mon-a')}:9093/api/v2/silences`, {
      method: 'POST',
      body: JSON.stringify(silence),
      headers: { 'content-type': 'application/json' },
    });
    const silences = async (host: string) =>
      (await silencesOf(host)).filter(({ createdBy }) => createdBy === 'lab').map(({ comment }) => comment);
    await eventually(
      'the backup has the silence',
      () => silences('mon-c'),
      (found) => found.length === 1,
    );
    const notifiers = ['mon-a', 'mon-b'];
    const both = (script: string) =>
      Promise.all(notifiers.map((host) => inside(host, `n=$(docker ps -aqf name=alertmanager1); ${script}`)));
    // Both are dead before either is wiped, and both are empty before either starts: only the backup can know.
    await both('docker kill $n');
    const emptied = await both(
      'docker run --rm --volumes-from $n --entrypoint sh prom/alertmanager:v0.28.1 -c "rm -rf /alertmanager/*; ls /alertmanager"',
    );
    expect(emptied).toEqual(['', '']);
    const wiped = Date.now();
    await both('docker start $n');
    for (const host of notifiers) {
      await eventually(
        `${host} has the silence again`,
        () => silences(host),
        (found) => found.join() === 'kept by the backup',
      );
      // Federators repeat what fires each minute; for each group a notifier then looks in the log for whether it was sent.
      await eventually(
        `${host} has asked the log about everything that fires`,
        async () => {
          const groups = (await json(`http://${address(host)}:9093/api/v2/alerts/groups`)) as Group[];
          const metrics = await (await fetch(`http://${address(host)}:9093/metrics`)).text();
          const queries = Number(/^alertmanager_nflog_queries_total (\d+)/m.exec(metrics)?.[1]);
          return { queries, groups: groups.map(({ labels }) => labels['alertname']) };
        },
        ({ queries, groups }) => groups.includes('Watchdog') && queries >= groups.length,
        120,
      );
    }
    console.info(`both notifiers asked the log ${((Date.now() - wiped) / 1000).toFixed(0)} s after they came back`);
    expect(bench.pages.filter(({ at }) => at < wiped).map(({ alert }) => alert)).toContain('Watchdog');
    expect(repeated(bench, wiped)).toEqual([]);
  });

  it('never lets the backup notify or stand before a notifier', async () => {
    await mend();
    for (const federator of federators()) {
      await eventually(
        'the backup stands last',
        () => numberOf(federator, 'alertmanager_peer_position{role="backup"}'),
        (position) => position === 2,
      );
      for (const counter of ['alertmanager_notifications_total', 'alertmanager_alerts_received_total']) {
        const most = `max_over_time(sum(${counter}{role="backup"})[1h:5s])`;
        expect(await numberOf(federator, most)).toBe(0);
      }
      const told = (await json(`http://${federator}/api/v1/alertmanagers`)) as {
        data: { activeAlertmanagers: { url: string }[] };
      };
      expect(told.data.activeAlertmanagers.map(({ url }) => new URL(url).host).sort()).toEqual(
        ['mon-a', 'mon-b'].map((host) => `${address(host)}:9093`),
      );
    }
  });

  it('changes the version of the gateways, and goes back, without a push being lost', async () => {
    await healthy();
    const since = Date.now();
    const applied = await hadeploy('apply', inventory, '--yes', '-e', 'versions.pushgateway=prom/pushgateway:v1.5.1');
    expect(applied.text).toMatch(/^Done:/m);
    expect(await inside('mon-b', "docker ps --filter name=pushgateway --format '{{.Image}}' | sort -u")).toContain(
      'v1.5.1',
    );
    expect((await hadeploy('rollback', inventory, '--yes')).text).toMatch(/^Done:/m);
    const gateways = ['pushgateway1-a', 'pushgateway1-b', 'pushgateway2-a', 'pushgateway2-b'];
    expect(await silencedSince(since)).toEqual(gateways);
    for (const door of doors()) {
      console.info(`${door.address}: longest without a push ${longestSilence(bench, door.address, since)} ms`);
      expect(longestSilence(bench, door.address, since)).toBeLessThan(3000);
      expect(lies(bench, door.address, since).back).toBe(0);
    }
    await healthy();
    await nothingToDo();
  });

  it('puts a gateway back whose new version ends at once, and leaves the others alone', async () => {
    const since = Date.now();
    const failed = await hadeploy('apply', inventory, '--yes', '-e', 'versions.pushgateway=prom/node-exporter:v1.9.0');
    expect(failed.code).toBe(1);
    expect(failed.text).toMatch(/unknown long flag/);
    expect(failed.text).toMatch(
      /was put back to what it was: compose:pushgateway[12]-[ab]\. pushgateway[12]-[ab] is well/,
    );
    expect(failed.text.match(/The other gateway has the address and every pusher done$/gm)).toHaveLength(1);
    for (const door of doors()) expect(longestSilence(bench, door.address, since)).toBeLessThan(3000);
    expect(await silencedSince(since)).toHaveLength(1);
    await healthy();
    await nothingToDo();
  });

  it('changes no scraper while the other of its pair is dead, but brings that one back', async () => {
    await inside('mon-a', 'docker stop scraper1-a');
    const refused = await hadeploy('apply', inventory, '--yes', '-e', 'versions.prometheus=prom/prometheus:v2.42.0');
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('scraper1-b on mon-b may not change: scraper1-a on mon-a is not proved well.');
    expect(await inside('mon-b', "docker inspect -f '{{.Config.Image}}' scraper1-b")).toBe('prom/prometheus:v2.53.3');
    expect((await hadeploy('apply', inventory, '--yes')).text).toMatch(/^Done:/m);
    await healthy();
  });

  // Members that know different addresses refuse each other's adverts, so both are told at once.
  it('changes a shared address: one holder of the new one, none of the old one', async () => {
    const path = `${inventory}/topology.yml`;
    const [old, fresh] = await Promise.all([watchHolders(lab, vip(51)), watchHolders(lab, vip(53))]);
    writeFileSync(path, readFileSync(path, 'utf8').replace(`vip: ${vip(51)}`, `vip: ${vip(53)}`));
    const applied = await hadeploy('apply', inventory, '--yes');
    expect(applied.text).toMatch(/^Done:/m);
    const [before, after] = [await old(), await fresh()];
    console.info(`old address ${before.story.join(', ')}; new address ${after.story.join(', ')}`);
    console.info(`new address held by two for ${after.two} ms`);
    expect(after.two).toBeLessThan(2000);
    expect(await holders(vip(51))).toEqual([]);
    expect(await holders(vip(53))).toHaveLength(1);
    for (const federator of federators())
      await eventually(
        `${federator} sees one holder of the new address and no other`,
        () => query(federator, 'vip:held:fresh{vip_name="pushgateway1"} == 1'),
        (found) => found.length === 1 && found[0]!.labels['vip'] === vip(53),
      );
    await json(`http://${vip(53)}:9091/api/v1/metrics`);
    await nothingToDo();
  });

  it('shuts out a member that was taken out of the cluster, in the middle of what it sends', async () => {
    const path = `${inventory}/topology.yml`;
    await countProbes(lab, 'mon-a', [address('mon-c')], 9094);
    const stop = await streamUdp(lab, 'mon-c', address('mon-a'), 9094);
    const count = () => delivered(lab, 'mon-a', address('mon-c'));
    await eventually('what it sends goes through', count, ({ passed }) => passed > 10);
    writeFileSync(path, readFileSync(path, 'utf8').replace(', backup: mon-c', ''));
    const applied = await hadeploy('apply', inventory, '--yes');
    expect(applied.text).toMatch(/^Done:/m);
    const shut = await count();
    const later = await eventually('it goes on sending', count, ({ came }) => came > shut.came + 20);
    expect(later.passed).toBe(shut.passed);
    expect(later.passed).toBeLessThan(later.came);
    await stop();
    await countProbesNoMore(lab, 'mon-a');
    expect(await inside('mon-a', `conntrack -L -p udp -s ${address('mon-c')} --dport 9094 2>/dev/null`)).toBe('');
    const doors = (await Promise.all(lab.hosts.map((host) => published(lab, host.name)))).flat();
    const pairs = pairsOf(sources(), doors, (await estate()).flows, address);
    // What is left is the other gateway of its pair, to which it hands its pushers over.
    const left = pairs.filter(({ from, wanted }) => from.name === 'mon-c' && wanted);
    expect(left.map(({ host, port }) => `${host}:${port}`)).toEqual(['mon-b:9191']);
    expect(await wrongPairs(lab, pairs)).toEqual([]);
    await nothingToDo();
  });
});
