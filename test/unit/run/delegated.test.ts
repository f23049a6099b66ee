import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planJson } from '../../../src/plan/plan-json.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { Moving } from '../../../src/resources/member.ts';
import type { Delegate, Resource } from '../../../src/resources/resource.ts';
import { deploy } from '../../../src/run/deploy.ts';
import type { Event } from '../../../src/run/events.ts';
import { type Job, strict } from '../../../src/run/job.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { localTransport, noLocalHosts } from '../../support/local-transport.ts';

/** A member on host `a` whose drain and its end are commands of others, which add lines to `log`. */
let folder: string;
let local: ReturnType<typeof localTransport>;
let events: Event[];
let server: Server;
let isWell: boolean;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-delegated-'));
  local = localTransport(folder);
  events = [];
  isWell = true;
  server = createServer((_, response) => {
    if (existsSync(path('new'))) log('asked');
    response.writeHead(isWell ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const path = (name: string) => join(folder, name);
const lines = () => (existsSync(path('log')) ? readFileSync(path('log'), 'utf8').trim().split('\n') : []);
const log = (line: string) => {
  if (lines().at(-1) !== line) writeFileSync(path('log'), `${line}\n`, { flag: 'a' });
};
const pending = () =>
  (JSON.parse(readFileSync(join(folder, 'a', 'state', 'owned.json'), 'utf8')) as { pending?: object }).pending;

function resource(kind: string, spec: unknown, name: string, more: Partial<Resource> = {}): Resource {
  const task = { name, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
  const id = kinds.get(kind)!.id(spec);
  return { host: 'a', kind, id, spec, task, become: true, notify: [], noLog: false, ...more };
}

interface Case {
  readonly to?: Partial<Delegate>;
  /** What the first host does in place of what it is told to. */
  readonly before?: string;
  readonly task?: string;
}

function job({ to = {}, before = '', task = 'true' }: Case): Job {
  const delegate: Delegate = { hosts: ['b'], mayFail: false, ...to };
  // /var/lib/hadeploy is each host's own, so the name of its state folder tells which host this is.
  const say = (what: string) =>
    `${before}\nhost=$(sed -n 's#.*/\\([a-z]\\)/state /var/lib/hadeploy .*#\\1#p' /proc/self/mountinfo)\necho "${what} on $host" >>${path('log')}`;
  const { port } = server.address() as AddressInfo;
  const moving: Moving = {
    member: 'one-a',
    cell: 'one',
    host: 'a',
    proof: [resource('http', { url: `http://127.0.0.1:${port}/`, timeout: 2 }, 'It is ready')],
    together: [],
    coverage: [],
    others: [],
  };
  const changes = [
    resource('file', { path: path('new'), content: 'new\n' }, 'New'),
    resource('command', { run: task, creates: path('made') }, 'Task'),
  ];
  const play = {
    name: 'Roll: one-a',
    batches: [['a']],
    resources: new Map([['a', changes]]),
    drain: new Map([['a', [resource('command', say('hushed'), 'Hush', { delegate, notify: ['heard'] })]]]),
    handlers: new Map([
      ['a', [{ names: ['heard'], resource: resource('command', say('heard'), 'Hear', { delegate }) }]],
    ]),
    moving: new Map([['a', moving]]),
  };
  const target = (host: string) => ({ host, address: host });
  return {
    run: { id: 'run-1', who: 'test@here', command: 'apply inventory', since: '2026-11-22T01:30:00Z' },
    playbook: 'site.yml',
    targets: new Map([['a', target('a')]]),
    witness: (host) => (host === 'z' ? undefined : target(host)),
    rolling: strict,
    kinds,
    become: () => true,
    factProbes: () => [],
    preflight: () => [],
    compile: () => ({ ok: true, value: { plays: [play], declared: new Map() }, warnings: [] }),
    prune: false,
    forks: 2,
  };
}

let marks = 0;
function run(what: Job, stop = new AbortController()) {
  let now = 0;
  const ports: Ports = {
    transport: local.transport,
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    ask: async () => ({ status: undefined, error: 'nobody' }),
    mark: () => `mark${String(++marks).padStart(28, '0')}`,
    tell: (event) => events.push(event),
  };
  return deploy(what, ports, async () => 'go', stop.signal);
}

describe.skipIf(noLocalHosts !== undefined)(
  `a delegated command${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`,
  () => {
    const made = () => `touch ${path('made')}`;

    it('is done on the other host, and what it began ends once the member is well again', async () => {
      const report = await run(job({ task: made() }));
      expect(report).toMatchObject({ outcome: 'done', faults: [] });
      expect(lines()).toEqual(['hushed on b', 'asked', 'heard on b']);
      expect(planText(report.plan!, { diffs: false })).toMatch(
        /before the first change, on b\n(?:.*\n)+ {4}then one-a must be well: It is ready\n.*notified by "Hush", on b\n/,
      );
      expect(JSON.stringify(planJson(report.plan!))).toContain('"on":["b"]');
      expect(pending()).toBeUndefined();
    });

    it('is done by the first host that can be reached and does it', async () => {
      const before = `grep -q '/b/state /var/lib/hadeploy ' /proc/self/mountinfo && { echo no; exit 3; }`;
      const report = await run(job({ to: { hosts: ['z', 'b', 'c', 'd'] }, before, task: made() }));
      expect(report).toMatchObject({ outcome: 'done', faults: [] });
      expect(lines()).toEqual(['hushed on c', 'asked', 'heard on c']);
    });

    it('stops the member before its change when nobody does it, with every reason', async () => {
      const report = await run(job({ to: { hosts: ['z', 'b'] }, before: 'echo no; exit 3', task: made() }));
      expect(report.faults).toMatchObject([
        {
          code: 'delegate-failed',
          host: 'a',
          why: expect.stringMatching(/^z: z was not reached; b: ".*" ended with 3$/),
          output: 'no',
        },
      ]);
      expect([existsSync(path('new')), existsSync(path('made'))]).toEqual([false, false]);
    });

    it('only tells that nobody did it where that is allowed', async () => {
      const report = await run(job({ to: { hosts: ['z'], mayFail: true }, task: made() }));
      expect(report).toMatchObject({ outcome: 'done', faults: [] });
      const told = events.flatMap((event) => (event.type === 'fault' ? [event.fault] : []));
      expect(told).toMatchObject([
        { code: 'delegate-failed', severity: 'warning', what: 'For a, "Hush" was done on none of its hosts: z.' },
        { code: 'delegate-failed', severity: 'warning', what: 'For a, "Hear" was done on none of its hosts: z.' },
      ]);
    });

    it('is ended when a step fails', async () => {
      expect((await run(job({ task: 'exit 7' }))).faults).toMatchObject([{ code: 'step-failed' }]);
      expect(lines().filter((line) => line !== 'asked')).toEqual(['hushed on b', 'heard on b']);
    });

    it('is ended when the member is not well after its change', async () => {
      isWell = false;
      expect((await run(job({ task: made() }))).faults).toMatchObject([{ code: 'member-not-well' }]);
      expect(lines().filter((line) => line !== 'asked')).toEqual(['hushed on b', 'heard on b']);
    });

    it('is ended when the run is interrupted', async () => {
      const stop = new AbortController();
      const running = run(job({ task: `touch ${path('begun')}; sleep 1; ${made()}` }), stop);
      while (!existsSync(path('begun'))) await new Promise((resolve) => setTimeout(resolve, 10));
      stop.abort();
      expect((await running).faults).toMatchObject([{ code: 'interrupted' }]);
      expect(lines().filter((line) => line !== 'asked')).toEqual(['hushed on b', 'heard on b']);
    });

    it('is ended by the next run when a run was killed, which the record tells until the member is well', async () => {
      let seen: object | undefined;
      const what = job({ task: made() });
      server.on('request', () => {
        if (existsSync(path('made'))) seen ??= pending();
      });
      await run(what);
      expect(seen).toEqual({ 'site.yml': [expect.stringContaining('heard on')] });
    });

    it('is not begun for a host whose lock is another run’s', async () => {
      const state = join(folder, 'a', 'state');
      mkdirSync(state, { recursive: true });
      const what = job({ task: made() });
      const host = () => local.hosts.get('a')!;
      const stolen = run(what);
      while (!local.hosts.has('a')) await new Promise((resolve) => setImmediate(resolve));
      host().before = (script) => {
        if (script.includes('echo ours')) writeFileSync(join(state, 'lease'), 'run-2\n');
      };
      expect((await stolen).faults).toMatchObject([{ code: 'lease-lost' }]);
      expect(lines()).toEqual([]);
    });
  },
);
