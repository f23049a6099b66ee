import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../estate/ask.ts';
import { labUnavailable } from '../lab/availability.ts';
import { eventually } from '../support/eventually.ts';
import { scenario } from '../support/scenario.ts';

const reason = labUnavailable();
const INTERVAL_MS = 3000;
/** What the pair scrapes that writes as VictoriaMetrics wants it. */
const SECONDS = 'lab_seconds{job="seconds"}';

/** Three pairs that write to one store, each with the labels that another kind of store needs. */
const topology = (store: string, target: string, machine: string) => `cluster: lab
versions: {prometheus: "prom/prometheus:v2.53.3"}
exporters:
  seconds: {targets: ["${target}"], sample_limit: 100}
  shards: {targets: ["${target}"], sample_limit: 100}
  parts: {targets: ["${target}"], sample_limit: 100}
scrapers:
  victoriametrics:
    hosts: [mon-a, mon-b]
    exporters: [seconds]
    interval: 3s
    remote_write: &store
      kind: victoriametrics
      url: http://${store}/api/v1/write
      auth: {username: lab, password_file: /run/secrets/store}
  mimir: {hosts: [mon-a, mon-b], exporters: [shards], interval: 3s, remote_write: {<<: *store, kind: mimir, tenant: ops}}
  thanos: {hosts: [mon-a, mon-b], exporters: [parts], interval: 3s, remote_write: {<<: *store, kind: thanos}}
federators:
  federator1: {hosts: [mon-a, mon-b], interval: 3s}
firewall:
  allow: [{from: ["${machine}"], to: [scrapers, federators]}]
`;

/** One series as the store keeps it. */
interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** In milliseconds, rising. */
  readonly timestamps: readonly number[];
}

describe.skipIf(reason)(`scrapers that write to a store${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const at = scenario('t-outgrowing', { hosts: 2 });
  const federators = () => at.lab.hosts.map(({ address }) => `${address}:9095`);
  let target: Server;
  let store: string;

  /** A page of the store, which asks for a password. */
  async function storePage(path: string): Promise<string> {
    const headers = { authorization: `Basic ${btoa('lab:of-the-store')}` };
    const answer = await fetch(`http://${store}${path}`, { headers, signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  }

  /** What queries see of a selector in the store, from a time on. */
  async function stored(selector: string, since = 0) {
    const path = `/api/v1/export?match[]=${encodeURIComponent(selector)}&start=${since / 1000}`;
    const lines = (await storePage(path)).trim().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Series);
  }

  /** Returns once the store has samples of that many seconds, from a time on. */
  const covered = (since: number, seconds: number) =>
    eventually(async () => {
      const newest = (await stored(SECONDS, since)).flatMap(({ timestamps }) => timestamps).at(-1) ?? 0;
      expect(newest).toBeGreaterThan(since + seconds * 1000);
    }, 60);

  /** Holds when the store has one series from a time on, with at most one sample per interval, and no interval is lost. */
  async function expectOneSeries(since: number): Promise<void> {
    const series = await stored(SECONDS, since);
    expect(series).toHaveLength(1);
    const { timestamps } = series[0]!;
    const slots = timestamps.map((time) => Math.ceil(time / INTERVAL_MS));
    expect(new Set(slots).size).toBe(slots.length);
    expect(Math.max(...timestamps.slice(1).map((time, index) => time - timestamps[index]!))).toBeLessThanOrEqual(
      2 * INTERVAL_MS,
    );
  }

  beforeAll(async () => {
    target = createServer((_, answer) =>
      answer.end(`lab_seconds ${Date.now() / 1000}\nlab_shards{cluster="search",replica="1"} 5\n`),
    );
    await new Promise<void>((settle) => target.listen(9100, at.lab.bridgeAddress, settle));
    store = `${at.addressOf('mon-a')}:8428`;
    const image = at.lab.images.find((name) => name.startsWith('victoriametrics/'));
    const flags = '-dedup.minScrapeInterval=3s -search.latencyOffset=0s -httpAuth.username=lab';
    // The daemon is restarted when its settings are applied.
    await Promise.all([
      at.on(
        'mon-a',
        `docker run -d --restart unless-stopped --name store -p 8428:8428 --tmpfs /victoria-metrics-data ${image} ${flags} -httpAuth.password=of-the-store`,
      ),
      ...['mon-a', 'mon-b'].map((host) =>
        at.on(
          host,
          `umask 077; mkdir -p -m 755 /opt/hadeploy/secrets; printf of-the-store >/opt/hadeploy/secrets/store; chown 65534 /opt/hadeploy/secrets/store`,
        ),
      ),
    ]);
    const folder = join(at.folder, 'inventory');
    const [a, b] = at.lab.hosts;
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'hosts.yml'),
      `all: {hosts: {mon-a: {ansible_host: ${a!.address}}, mon-b: {ansible_host: ${b!.address}}}}\n`,
    );
    writeFileSync(join(folder, 'topology.yml'), topology(store, `${at.lab.bridgeAddress}:9100`, at.lab.bridgeAddress));
  });
  afterAll(() => {
    target?.closeAllConnections();
    target?.close();
  });

  it('are judged by the promtool of the image that runs, for each kind of store, and come up', async () => {
    const applied = await at.hadeploy('apply', 'inventory', '--yes');
    expect({ code: applied.code, stderr: applied.stderr }).toMatchObject({ code: 0 });
    for (const scraper of ['victoriametrics-a', 'mimir-a', 'thanos-a'])
      expect(
        await at.on('mon-a', `docker exec ${scraper} promtool check config /etc/prometheus/prometheus.yml`),
      ).toContain('is valid prometheus config file');
  });

  it('arrive at VictoriaMetrics as one series with one sample per interval, though both write', async () => {
    const since = Date.now();
    await covered(since, 14);
    const [first] = await stored(SECONDS, since);
    expect(first!.metric).toEqual({
      __name__: 'lab_seconds',
      cluster: 'lab',
      instance: `${at.lab.bridgeAddress}:9100`,
      job: 'seconds',
    });
    await expectOneSeries(since);
    const queue = 'prometheus_remote_storage_queue_highest_sent_timestamp_seconds{pair="victoriametrics"}';
    await eventually(async () =>
      expect(await query(federators()[0]!, `${queue} > time() - 15`), 'both write').toHaveLength(2),
    );
  });

  it('are still told apart by both federators', async () => {
    for (const federator of federators())
      await eventually(async () => {
        const seen = await query(federator, SECONDS);
        expect(seen.map(({ labels }) => labels['scraper']).sort()).toEqual(['a', 'b']);
      });
  });

  it('have no gap and nothing twice in the store while one of the pair is stopped', async () => {
    const since = Date.now();
    await covered(since, 6);
    await at.on('mon-a', 'docker stop victoriametrics-a');
    const stopped = Date.now();
    await covered(stopped, 12);
    await expectOneSeries(since);
    const step = INTERVAL_MS / 1000;
    const range = `start=${since / 1000}&end=${(stopped + 12_000) / 1000}&step=${step}`;
    const answer = JSON.parse(
      await storePage(`/api/v1/query_range?query=${encodeURIComponent(`count_over_time(${SECONDS}[15s])`)}&${range}`),
    );
    const [counts, ...others] = answer.data.result as { values: [number, string][] }[];
    expect(others).toEqual([]);
    expect(counts!.values.map(([, count]) => Number(count)).filter((count) => count < 4 || count > 6)).toEqual([]);
    for (const federator of federators())
      await eventually(async () => {
        const seen = await query(federator, SECONDS);
        expect(seen.map(({ labels }) => labels['scraper'])).toEqual(['b']);
      });
    await at.on('mon-a', 'docker start victoriametrics-a');
  });

  it('arrive as Mimir tells replicas apart, with what metrics call `cluster` kept', async () => {
    await eventually(async () => {
      const seen = (await stored('lab_shards{job="shards"}')).map(({ metric }) => metric);
      expect(new Set(seen.map((labels) => labels['__replica__']))).toEqual(new Set(['a', 'b']));
      for (const labels of seen)
        expect(labels).toMatchObject({ cluster: 'lab-mimir', exported_cluster: 'search', replica: '1' });
      expect(seen.some((labels) => 'scraper' in labels)).toBe(false);
      const plain = (await stored('up{job="shards"}')).map(({ metric }) => metric);
      expect(plain.some((labels) => 'exported_cluster' in labels)).toBe(false);
      expect(new Set(plain.map((labels) => labels['cluster']))).toEqual(new Set(['lab-mimir']));
    });
  });

  it('arrive as Thanos tells replicas apart, with what metrics call `replica` kept', async () => {
    await eventually(async () => {
      const seen = (await stored('lab_shards{job="parts"}')).map(({ metric }) => metric);
      expect(new Set(seen.map((labels) => labels['replica']))).toEqual(new Set(['a', 'b']));
      for (const labels of seen) expect(labels).toMatchObject({ cluster: 'search', exported_replica: '1' });
      expect(seen.some((labels) => 'scraper' in labels)).toBe(false);
    });
  });

  it('are watched by the federators: how far behind they are is known of each, and no alert is pending', async () => {
    const sent = 'prometheus_remote_storage_queue_highest_sent_timestamp_seconds{job="scraper"} > 0';
    for (const federator of federators()) {
      await eventually(async () => expect(await query(federator, sent)).toHaveLength(6));
      expect(await query(federator, 'ALERTS{alertname=~"RemoteWrite.*"}')).toEqual([]);
    }
  });
});
