import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, numberOf, query } from '../estate/ask.ts';
import { type Bench, lies, longestSilence, startBench } from '../estate/bench.ts';
import { eventually } from '../estate/eventually.ts';
import { hadeploy } from '../estate/hadeploy.ts';
import { estateInventory } from '../estate/inventory.ts';
import { type Flow, pairsOf, type Source, wrongPairs } from '../estate/pairs.ts';
import { BENCH, published, reached, reachedFromContainer } from '../estate/reach.ts';
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

/** The hosts that have an address now. */
async function holders(of: string): Promise<readonly string[]> {
  const asked = lab.hosts.map(async ({ name: host }) => [host, await inside(host, `ip -4 -o address show to ${of}`)]);
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

/** How long the estate gets until a deduplicated value can have come through: a scrape and two evaluations. */
const ROUND_MS = 20_000;

const settled = (since: number) =>
  eventually(
    'time passes',
    async () => Date.now() - since,
    (ms) => ms > ROUND_MS,
  );

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

/** Applies until there is nothing to do, which is after one time. */
async function mend(): Promise<void> {
  expect((await hadeploy('apply', inventory, '--yes')).text).toMatch(/^(?:Done:|Nothing to change)/m);
  await healthy();
  expect((await hadeploy('apply', inventory, '--yes')).text).toContain('Nothing to change');
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
    // Counted by hand: mon-a and mon-b read all, mon-c only gossips, the bench may open the pages, mon-d is a stranger.
    const open = sources().map(
      ({ name: from }) => pairs.filter((pair) => pair.from.name === from && pair.wanted).length,
    );
    expect({ ports: doors.length, pairs: pairs.length, open }).toEqual({
      ports: 6 + 8 + 5,
      pairs: 76,
      open: [8 + 5, 6 + 5, 2 + 2, 0, 4 + 6 + 3],
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
    expect(needed).toHaveLength(2 * (4 + 4 + 1 + 3 + 2) + 6);
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

  it('takes pushes again within 3 s when the gateway of the holder is killed, and shows no older value', async () => {
    const host = await holder(vip(51));
    const since = Date.now();
    await inside(host, `kill -9 $(docker inspect -f '{{.State.Pid}}' $(docker ps -qf name=pushgateway1))`);
    await settled(since);
    expect(longestSilence(bench, vip(51), since)).toBeLessThan(3000);
    expect(lies(bench, vip(51), since).back).toBe(0);
    expect(lies(bench, vip(51), since).oldest).toBeLessThan(60);
    await healthy();
  });

  it('moves the address within 3 s when keepalived of the holder is killed, to exactly one holder', async () => {
    const before = await holder(vip(51));
    const since = Date.now();
    await inside(before, 'kill -9 $(pidof keepalived)');
    await settled(since);
    expect(longestSilence(bench, vip(51), since)).toBeLessThan(3000);
    expect(lies(bench, vip(51), since).back).toBe(0);
    expect(await holder(vip(51))).not.toBe(before);
    await healthy();
  });

  it('moves the address within 3 s when the whole holder loses power, and tells it once', async () => {
    const before = await holder(vip(51));
    const since = Date.now();
    await lab.crash(before);
    await settled(since);
    expect(longestSilence(bench, vip(51), since)).toBeLessThan(3000);
    expect(lies(bench, vip(51), since).back).toBe(0);
    await lab.boot(before);
    expect(await holder(vip(51))).not.toBe(before);
    await healthy();
    await mend();
  });

  it('has no gap in what the pairs see while one scraper of each is dead', async () => {
    await healthy();
    const since = Date.now();
    await inside('mon-a', 'docker kill scraper1-a');
    await inside('mon-b', 'docker kill scraper2-a');
    await settled(since);
    for (const federator of federators()) {
      const range = '[20s:1s]';
      expect(
        await numberOf(federator, `min_over_time(count(max without (scraper) (up{job=~"node|lab"}))${range})`),
      ).toBe(4);
      expect(await numberOf(federator, `min_over_time(sum(pair:up:max)${range})`)).toBe(4);
    }
    await mend();
  });

  it('keeps the data of a federator when its container is made anew, and none of a scraper', async () => {
    const start = Date.now();
    await inside('mon-a', 'cd /opt/hadeploy/federator1-a && docker compose up -d --force-recreate --wait');
    await inside('mon-a', 'cd /opt/hadeploy/scraper1-a && docker compose up -d --force-recreate --wait');
    const old = Math.floor(start / 1000) - 30;
    const at = (server: string, job: string) =>
      json(
        `http://${server}/api/v1/query?query=${encodeURIComponent(`count(up{job="${job}"})`)}&time=${old}`,
      ) as Promise<{ data: { result: unknown[] } }>;
    expect((await at(federators()[0]!, 'node')).data.result).toHaveLength(1);
    expect((await at(`${address('mon-a')}:9090`, 'node')).data.result).toHaveLength(0);
    expect(await inside('mon-a', 'docker volume ls -q')).toBe('alertmanager1-a_data\nfederator1-a_data');
    await healthy();
  });

  it('notifies once when a federator dies, and not again of what is known when both notifiers lose everything', async () => {
    await eventually(
      'the watchdog has come',
      async () => bench.pages.some(({ alert }) => alert === 'Watchdog'),
      Boolean,
    );
    const silence = {
      matchers: [{ name: 'alertname', value: 'Nothing', isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'lab',
      comment: 'kept by the backup',
    };
    const notifier = `http://${address('mon-a')}:9093/api/v2/silences`;
    await json(notifier, {
      method: 'POST',
      body: JSON.stringify(silence),
      headers: { 'content-type': 'application/json' },
    });
    const silences = async (host: string) =>
      ((await json(`http://${address(host)}:9093/api/v2/silences`)) as unknown[]).length;
    await eventually(
      'the backup has the silence',
      () => silences('mon-c'),
      (found) => found === 1,
    );

    const since = Date.now();
    await inside('mon-a', 'docker kill federator1-a');
    await eventually(
      'the other federator tells of it',
      async () => bench.pages.filter((one) => one.at > since && one.alert === 'FederatorDown').length,
      (found) => found > 0,
      180,
    );
    await inside('mon-a', 'docker start federator1-a');

    const wiped = Date.now();
    for (const host of ['mon-a', 'mon-b'])
      await inside(
        host,
        'n=$(docker ps -qf name=alertmanager1); docker kill $n; docker run --rm --volumes-from $n --entrypoint sh prom/alertmanager:v0.28.1 -c "rm -rf /alertmanager/*"; docker start $n',
      );
    for (const host of ['mon-a', 'mon-b'])
      await eventually(
        `${host} has the silence again`,
        () => silences(host),
        (found) => found === 1,
      );
    await eventually(
      'time passes',
      async () => Date.now() - wiped,
      (ms) => ms > 60_000,
      90,
    );
    const again = bench.pages.filter((one) => one.at > wiped && one.alert === 'Watchdog' && one.status === 'firing');
    expect(again).toEqual([]);
    expect(
      bench.pages.filter(
        (one) => one.at > since && one.at < wiped && one.alert === 'FederatorDown' && one.status === 'firing',
      ),
    ).toHaveLength(1);
  });

  it('never lets the backup notify or stand before a notifier', async () => {
    await mend();
    for (const federator of federators()) {
      await eventually(
        'the backup stands last',
        () => numberOf(federator, 'alertmanager_peer_position{role="backup"}'),
        (position) => position === 2,
      );
      expect(await numberOf(federator, 'sum(alertmanager_notifications_total{role="backup"})')).toBe(0);
      expect(await numberOf(federator, 'sum(alertmanager_alerts_received_total{role="backup"})')).toBe(0);
    }
  });

  it('changes the version of the gateways without a push being lost', async () => {
    await healthy();
    const since = Date.now();
    const path = `${inventory}/topology.yml`;
    writeFileSync(path, readFileSync(path, 'utf8').replace('pushgateway:v1.11.0', 'pushgateway:v1.5.1'));
    const applied = await hadeploy('apply', inventory, '--yes');
    expect(applied.text).toMatch(/^Done:/m);
    for (const door of doors()) {
      expect(longestSilence(bench, door.address, since)).toBeLessThan(3000);
      expect(lies(bench, door.address, since).back).toBe(0);
    }
    await healthy();
    expect((await hadeploy('apply', inventory, '--yes')).text).toContain('Nothing to change');
  });
});
