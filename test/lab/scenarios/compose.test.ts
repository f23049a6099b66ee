import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deeds } from '../../../src/plan/plan.ts';
import { isDeed } from '../../../src/resources/change.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { deploy } from '../../../src/run/deploy.ts';
import { type Job, type Report, strict } from '../../../src/run/job.ts';
import { observe } from '../../../src/run/observe.ts';
import type { Connection, Ports } from '../../../src/run/ports.ts';
import { type HostStep, stepsScript } from '../../../src/run/step-script.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';
import { labUnavailable } from '../lab/availability.ts';
import type { Lab } from '../lab/lab.ts';
import { down, up } from '../lab/life.ts';

const reason = labUnavailable();
const host = 'mon-a';
let lab: Lab;
let conversations = 0;

interface Wish {
  readonly version?: string;
  readonly interval?: string;
  readonly rules?: readonly string[];
  readonly side?: boolean;
}

/** A bundle of the classic sort: one server with its rules, and a neighbour that mounts nothing. */
function bundle({ version = 'v2.42.0', interval = '15s', rules = ['a'], side = true }: Wish = {}) {
  const server = `
  prometheus:
    image: prom/prometheus:${version}
    command: [--config.file=/etc/prometheus/prometheus.yml, --storage.tsdb.path=/prometheus]
    ports: ["9090:9090"]
    volumes: ["./config:/etc/prometheus:ro", "data:/prometheus"]
    restart: unless-stopped`;
  const neighbour = `
  pushgateway:
    image: prom/pushgateway:v1.5.1
    restart: unless-stopped`;
  const rule = (name: string) => `groups: [{name: ${name}, rules: [{record: ${name}, expr: vector(1)}]}]\n`;
  return {
    project: 'metrics',
    path: '/opt/metrics',
    compose: `services:${server}${side ? neighbour : ''}\nvolumes: {data: {}}\n`,
    files: {
      'config/prometheus.yml': `global: {scrape_interval: ${interval}}\nrule_files: [rules/*.yml]\n`,
      ...Object.fromEntries(rules.map((name) => [`config/rules/${name}.yml`, rule(name)])),
    },
    services: {
      prometheus: {
        reload: 'HUP',
        loaded: {
          metrics: 'http://127.0.0.1:9090/metrics',
          time: 'prometheus_config_last_reload_success_timestamp_seconds',
          success: 'prometheus_config_last_reload_successful',
        },
        check: 'promtool check config /etc/prometheus/prometheus.yml',
      },
    },
    timeout: 60,
  };
}

type Task = readonly [kind: string, spec: Readonly<Record<string, unknown>>];

function ports(): Ports {
  const ssh = sshTransport({ home: homedir() });
  const counted = (connection: Connection): Connection => ({
    exec: (script, options) => {
      conversations += 1;
      return connection.exec(script, options);
    },
    hold: (script, options) => connection.hold(script, options),
    http: (ask) => connection.http(ask),
    reach: (to, port, timeoutS) => connection.reach(to, port, timeoutS),
    close: () => connection.close(),
  });
  return {
    transport: { connect: async (target, signal) => counted(await ssh.connect(target, signal)) },
    clock: { now: Date.now, sleep: (ms) => pause(ms) },
    ask: async () => ({ status: undefined, error: 'nobody asks' }),
    mark: () => randomBytes(16).toString('hex'),
    tell: () => {},
  };
}

const target = () => ({
  host,
  address: lab.hosts[0]!.address,
  user: 'root',
  privateKeyFile: lab.privateKey,
  knownHostsFile: lab.knownHosts,
});

function resource([kind, spec]: Task): Resource {
  const task = { name: kind, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
  return { host, kind, id: kinds.get(kind)!.id(spec), spec, task, become: true, notify: [], noLog: false };
}

function run(tasks: readonly Task[], answer: 'go' | 'stop' = 'go'): Promise<Report> {
  const resources = tasks.map(resource);
  const play = {
    name: 'all',
    batches: [[host]],
    resources: new Map([[host, resources]]),
    handlers: new Map([[host, []]]),
  };
  const declared = new Map([[host, new Set(resources.map(({ id }) => id))]]);
  const job: Job = {
    run: { id: 'run-1', who: 'test@here', command: 'apply inventory', since: '2026-11-22T01:30:00Z' },
    playbook: 'site.yml',
    targets: new Map([[host, target()]]),
    kinds,
    become: () => true,
    factProbes: () => [],
    witness: () => undefined,
    rolling: strict,
    preflight: () => [],
    compile: () => ({ ok: true, value: { plays: [play], declared }, warnings: [] }),
    prune: true,
    forks: 1,
  };
  conversations = 0;
  return deploy(job, ports(), async () => answer, new AbortController().signal);
}

const apply = (wish?: Wish) => run([['compose', bundle(wish)]]);
const dryRun = (wish?: Wish) => run([['compose', bundle(wish)]], 'stop');

/** What a report shows of the bundle: its cause, and each field with what it becomes. */
function shown(report: Report): unknown {
  expect(report.faults).toEqual([]);
  const changes = deeds(report.plan!).flatMap(({ resource: { kind }, change }) =>
    kind === 'compose' && isDeed(change) ? [change] : [],
  );
  return changes.map(({ cause, fields }) => [cause, ...fields.map(({ field, to }) => [field, to])])[0] ?? 'nothing';
}

const inside = async (script: string) => (await lab.exec(host, script)).stdout.trim();
const container = (service: string) => inside(`docker ps -q --filter label=com.docker.compose.service=${service}`);
const loaded = () => inside('curl -fsS http://127.0.0.1:9090/api/v1/status/config http://127.0.0.1:9090/api/v1/rules');
const everything = () =>
  inside(`find /opt /etc /tmp /var/lib/hadeploy -type f -exec stat -c '%n %s %Y %a %U' {} + | sort | sha256sum
docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.State}}'; docker volume ls -q; docker network ls -q; iptables-save | grep -v '^#' | sed 's/\\[.*//' | sha256sum`);

describe.skipIf(reason !== undefined)(`a compose bundle on a real host${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    lab = await up({ name: 't-compose', hosts: 1 });
  });
  afterAll(() => down('t-compose'));

  it('a dry run on a fresh host shows what the apply then does, and touches nothing', async () => {
    const before = await everything();
    const planned = shown(await dryRun());
    expect(await everything()).toBe(before);
    expect(planned).toEqual([
      'create',
      ['compose.yml', bundle().compose],
      ['config/prometheus.yml', bundle().files['config/prometheus.yml']],
      ['config/rules/a.yml', expect.stringContaining('record: a')],
      ['image prom/prometheus:v2.42.0', 'pulled'],
      ['image prom/pushgateway:v1.5.1', 'pulled'],
      ['service prometheus', 'created'],
      ['service pushgateway', 'created'],
    ]);
    expect(shown(await apply())).toEqual(planned);
    expect(await loaded()).toContain('scrape_interval: 15s');
  });

  it('a second apply changes nothing, in two conversations', async () => {
    expect(shown(await apply())).toBe('nothing');
    expect(conversations).toBe(2);
  });

  it('a changed file is reloaded in the same container, and the process has it', async () => {
    const before = await container('prometheus');
    expect(shown(await apply({ interval: '20s', rules: ['a', 'b'] }))).toEqual([
      'reload',
      ['config/prometheus.yml', expect.stringContaining('20s')],
      ['config/rules/b.yml', expect.stringContaining('record: b')],
      ['service prometheus', 'reloaded'],
    ]);
    expect(await container('prometheus')).toBe(before);
    expect(await loaded()).toMatch(/scrape_interval: 20s[\s\S]*"name":"b"/);
  });

  it('a rule file that is no longer declared disappears from the host and from the process', async () => {
    const planned = [
      ['config/rules/b.yml', undefined],
      ['service prometheus', 'reloaded'],
    ];
    expect(shown(await apply({ interval: '20s' }))).toEqual(['reload', ...planned]);
    expect(await inside('ls /opt/metrics/config/rules')).toBe('a.yml');
    expect(await loaded()).not.toContain('"name":"b"');
  });

  it('a file that the new process would refuse is refused while planning, with its words, and nothing is left', async () => {
    const before = await everything();
    const report = await apply({ interval: 'often' });
    expect(report.faults).toMatchObject([
      { code: 'check-failed', output: expect.stringContaining('not a valid duration string') },
    ]);
    expect(await everything()).toBe(before);
  });

  it('a reload that a broken-off run left out is made up for', async () => {
    const wanted = resource(['compose', bundle({ interval: '25s' })]);
    const at = ports();
    const connection = await at.transport.connect(target(), new AbortController().signal);
    const kind = kinds.get('compose')!;
    const seen = (await observe(connection, host, [wanted], kinds, at)).get(wanted);
    const change = kind.diff(wanted.spec, seen, { disturbed: false });
    const steps = isDeed(change) ? kind.apply(wanted.spec, change, seen) : [];
    const reload = steps.findIndex((step) => step.do === 'run' && step.what === 'reload prometheus');
    expect(reload).toBeGreaterThan(0);
    await connection.exec(stepsScript(steps.slice(0, reload) as HostStep[], 'mark'), { become: true, timeoutS: 60 });
    await connection.close();
    expect(await loaded()).toContain('scrape_interval: 20s');
    expect(shown(await apply({ interval: '25s' }))).toEqual(['reload', ['service prometheus', 'reloaded']]);
    expect(await loaded()).toContain('scrape_interval: 25s');
    expect(shown(await apply({ interval: '25s' }))).toBe('nothing');
  });

  it('a service taken out of the file is removed, and its neighbour is not touched', async () => {
    const before = await container('prometheus');
    expect(shown(await apply({ interval: '25s', side: false }))).toEqual([
      'remove',
      ['compose.yml', expect.any(String)],
      ['service pushgateway', 'removed'],
    ]);
    expect(await container('pushgateway')).toBe('');
    expect(await container('prometheus')).toBe(before);
  });

  it('a new image is pulled while the old container serves, then the container is recreated', async () => {
    const before = await container('prometheus');
    expect(shown(await apply({ version: 'v2.53.3', interval: '25s', side: false }))).toEqual([
      'recreate',
      ['compose.yml', expect.any(String)],
      ['image prom/prometheus:v2.53.3', 'pulled'],
      ['service prometheus', 'recreated'],
    ]);
    expect(await container('prometheus')).not.toBe(before);
    expect(await inside('curl -fsS http://127.0.0.1:9090/api/v1/status/buildinfo')).toContain('"version":"2.53.3');
  });

  const last: Wish = { version: 'v2.53.3', interval: '25s', side: false };

  it('an image that cannot be pulled stops the run before anything is touched', async () => {
    const before = await container('prometheus');
    const report = await apply({ ...last, version: 'v0.0.1' });
    expect(report.faults).toMatchObject([
      { code: 'step-failed', what: expect.stringContaining('pull prom/prometheus:v0.0.1') },
    ]);
    expect(await container('prometheus')).toBe(before);
    expect(shown(await dryRun(last))).toBe('nothing');
  });

  it('a reference that names another image by now recreates its container', async () => {
    await inside('docker tag prom/prometheus:v2.42.0 prom/prometheus:v2.53.3');
    expect(shown(await apply(last))).toEqual(['recreate', ['service prometheus', 'recreated']]);
    expect(shown(await apply(last))).toBe('nothing');
  });

  it('a container that somebody stopped is started', async () => {
    await inside('docker stop metrics-prometheus-1');
    expect(shown(await apply(last))).toEqual(['start', ['service prometheus', 'started']]);
    expect(shown(await apply(last))).toBe('nothing');
  });

  it('a file that somebody changed by hand is put back and loaded', async () => {
    await inside(
      "sed -i 's/25s/59s/' /opt/metrics/config/prometheus.yml && kill -s HUP $(docker inspect -f '{{.State.Pid}}' metrics-prometheus-1)",
    );
    expect(shown(await apply(last))).toMatchObject([
      'reload',
      ['config/prometheus.yml', expect.any(String)],
      ['service prometheus', 'reloaded'],
    ]);
    expect(await loaded()).toContain('scrape_interval: 25s');
  });

  it('a folder that somebody replaced is mounted anew', async () => {
    await inside('cd /opt/metrics && cp -a config copy && rm -r config && mv copy config');
    expect(shown(await apply(last))).toEqual(['recreate', ['service prometheus', 'recreated']]);
    expect(shown(await apply(last))).toBe('nothing');
  });

  it('files of others in a mounted folder stay, and are named', async () => {
    await inside('echo "[]" > /opt/metrics/config/targets.json');
    const report = await apply({ ...last, interval: '30s' });
    expect(deeds(report.plan!)[0]!.change).toMatchObject({
      notes: expect.arrayContaining(['Left alone, not written by hadeploy: config/targets.json.']),
    });
    expect(await inside('cat /opt/metrics/config/targets.json')).toBe('[]');
  });

  const now: Wish = { ...last, interval: '30s' };

  it('a reboot brings everything back, also what was reloaded before, and is no drift', async () => {
    expect(shown(await apply(now))).toBe('nothing');
    await lab.reboot(host);
    expect(shown(await apply(now))).toBe('nothing');
    await expect.poll(loaded, { timeout: 30_000 }).toContain('scrape_interval: 30s');
  });

  it('a docker that does not run blocks the plan, unless an earlier task starts it', async () => {
    await inside('systemctl stop docker.socket docker.service');
    const report = await apply(now);
    expect(report.faults).toMatchObject([{ code: 'blocked', why: expect.stringContaining('does not run') }]);
    const tasks: readonly Task[] = [
      ['service', { name: 'docker', state: 'started' }],
      ['compose', bundle(now)],
    ];
    expect(shown(await run(tasks))).toEqual(['start', ['service prometheus', 'started']]);
    expect(shown(await apply(now))).toBe('nothing');
  });

  const files = () =>
    inside('cd /opt/metrics && stat -c "%n %a %u %Y" compose.yml && find . -type f -name "*.yml" | xargs sha256sum');
  /** The bundle with a flag that its process refuses, an image that another name was given to, and a rule more. */
  function spoiled() {
    const { compose, ...spec } = bundle({ ...now, rules: ['a', 'c'] });
    return { ...spec, compose: compose.replace('--storage.tsdb.path', '--no-such-flag'), services: {} };
  }

  it('a container that ends again and again fails the run with its last words, and is put back as it was', async () => {
    const [before, image] = [await files(), await inside('docker inspect -f {{.Image}} metrics-prometheus-1')];
    const report = await run([['compose', spoiled()]]);
    expect(report.faults).toMatchObject([
      {
        code: 'step-failed',
        output: expect.stringContaining('no-such-flag'),
        state: `${host} was put back to what it was: compose:metrics.`,
      },
    ]);
    expect((await files()).replace(/^.*\n/, '')).toBe(before.replace(/^.*\n/, ''));
    expect(await inside('docker inspect -f "{{.Image}} {{.State.Status}}" metrics-prometheus-1')).toBe(
      `${image} running`,
    );
    expect(shown(await apply(now))).toBe('nothing');
  });

  it('one that ran an image whose name means another by now gets that image back', async () => {
    const image = await inside('docker inspect -f {{.Image}} metrics-prometheus-1');
    await inside(`docker tag prom/pushgateway:v1.5.1 prom/prometheus:v2.53.3`);
    const report = await run([['compose', spoiled()]]);
    expect(report.faults).toMatchObject([{ state: `${host} was put back to what it was: compose:metrics.` }]);
    expect(await inside('docker inspect -f "{{.Image}} {{.State.Status}}" metrics-prometheus-1')).toBe(
      `${image} running`,
    );
    expect(shown(await apply(now))).toBe('nothing');
  });

  it('one that was stopped is put back stopped', async () => {
    await inside('docker stop metrics-prometheus-1');
    const report = await run([['compose', spoiled()]]);
    expect(report.faults).toMatchObject([{ state: `${host} was put back to what it was: compose:metrics.` }]);
    expect(await inside('docker inspect -f {{.State.Status}} metrics-prometheus-1')).toMatch(/^(created|exited)$/);
    expect(shown(await apply(now))).toMatchObject(['start', ['service prometheus', 'started']]);
  });

  it('one that was not there is gone again', async () => {
    const other = { ...spoiled(), project: 'other', path: '/opt/other' };
    const both: readonly Task[] = [
      ['compose', bundle(now)],
      ['compose', { ...other, compose: other.compose.replace('9090:9090', '9099:9090') }],
    ];
    const report = await run(both);
    expect(report.faults).toMatchObject([{ state: `${host} was put back to what it was: compose:other.` }]);
    expect(await inside('docker ps -aq --filter label=com.docker.compose.project=other; ls /opt/other 2>&1')).toMatch(
      /^ls: cannot access/,
    );
    expect(await inside('docker volume rm other_data')).toBe('other_data');
    expect(shown(await apply(now))).toBe('nothing');
  });

  it('a bundle that is no longer declared is taken down with its files, its volume stays', async () => {
    const report = await run([]);
    expect(shown(report)).toMatchObject([
      'no longer wanted',
      ['service prometheus', undefined],
      ['compose.yml', undefined],
      ['config/prometheus.yml', undefined],
      ['config/rules/a.yml', undefined],
    ]);
    expect(
      await inside('docker ps -aq; find /opt/metrics -type f; docker volume ls -q --filter name=metrics_data'),
    ).toBe('/opt/metrics/config/targets.json\nmetrics_data');
    expect(await inside('docker volume ls -q | wc -l')).toBe('1');
  });
});
