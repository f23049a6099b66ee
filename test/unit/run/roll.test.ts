import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { planJson } from '../../../src/plan/plan-json.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { Moving, Proved } from '../../../src/resources/member.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { deploy } from '../../../src/run/deploy.ts';
import type { Event } from '../../../src/run/events.ts';
import { type Job, type Rolling, strict } from '../../../src/run/job.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { localTransport, noLocalHosts } from '../../support/local-transport.ts';

/** Members `one-a` and `one-b` of the cell `one`, on the hosts `a` and `b`; each answers at /NAME and, for coverage, at /NAME/full. */
let folder: string;
let local: ReturnType<typeof localTransport>;
let events: Event[];
let server: Server;
/** Pages that answer with 200. */
let well: Set<string>;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-roll-'));
  local = localTransport(folder);
  events = [];
  asked = [];
  well = new Set(['/one-a', '/one-b', '/one-a/full', '/one-b/full']);
  server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(well.has(request.url!) ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function resource(host: string, kind: string, spec: unknown, name: string): Resource {
  const task = { name, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
  return { host, kind, id: kinds.get(kind)!.id(spec), spec, task, become: true, notify: [], noLog: false };
}

function gate(host: string, page: string, name: string): Resource {
  const { port } = server.address() as AddressInfo;
  return resource(host, 'http', { url: `http://127.0.0.1:${port}${page}`, timeout: 5 }, name);
}

function proved(host: string): Proved {
  const member = `one-${host}`;
  return {
    member,
    cell: 'one',
    host,
    proof: [gate(host, `/${member}`, 'It is ready')],
    together: [],
    coverage: [{ ...gate(host, `/${member}/full`, 'It holds enough'), takesS: 330 }],
  };
}

/** One step per host: a file is written there, then (for `spoil`) a command fails. */
function job(rolling: Partial<Rolling> = {}, hosts: readonly string[] = ['a', 'b'], spoil?: string): Job {
  const plays = hosts.map((host) => {
    const other = host === 'a' ? 'b' : 'a';
    const moving: Moving = { ...proved(host), others: [proved(other)] };
    const broken = resource(host, 'command', { run: 'exit 7', creates: '/never' }, 'Broken');
    const file = resource(host, 'file', { path: join(folder, `on-${host}`), content: 'new\n' }, 'New');
    return {
      name: `Roll: one-${host}`,
      batches: [[host]],
      resources: new Map([[host, spoil === host ? [file, broken] : [file]]]),
      handlers: new Map(),
      moving: new Map([[host, moving]]),
    };
  });
  const after = resource('a', 'file', { path: join(folder, 'after'), content: 'new\n' }, 'After');
  const last = { name: 'After', batches: [['a']], resources: new Map([['a', [after]]]), handlers: new Map() };
  const target = (host: string) => ({ host, address: host });
  return {
    run: { id: 'run-1', who: 'test@here', command: 'apply inventory', since: '2026-11-22T01:30:00Z' },
    playbook: 'playbooks/site.yml',
    targets: new Map(hosts.map((host) => [host, target(host)])),
    witness: target,
    rolling: { ...strict, ...rolling },
    kinds,
    become: () => true,
    factProbes: () => [],
    preflight: () => [],
    compile: () => ({
      ok: true,
      value: { plays: hosts.includes('a') ? [...plays, last] : plays, declared: new Map() },
      warnings: [],
    }),
    prune: false,
    forks: 5,
  };
}

let marks = 0;
function run(what: Job, onPause: () => void = () => {}, stop = new AbortController()) {
  let now = 0;
  const ports: Ports = {
    transport: local.transport,
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
        onPause();
      },
    },
    ask: async () => ({ status: undefined, error: 'nobody' }),
    mark: () => `mark${String(++marks).padStart(28, '0')}`,
    tell: (event) => events.push(event),
  };
  return deploy(what, ports, async () => 'go', stop.signal);
}

const changed = (name: string) => existsSync(join(folder, name));

describe.skipIf(noLocalHosts !== undefined)(`a roll${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('says in the plan who must be well, and changes one member after the other', async () => {
    const report = await run(job());
    expect(report).toMatchObject({ outcome: 'done', faults: [] });
    expect(planText(report.plan!, { diffs: false })).toContain(
      `Play "Roll: one-a"
  a
    first one-b on b must be well: It is ready; It holds enough, for 5m30s (--skip-coverage one does not wait for that)
    + file:${folder}/on-a  absent
        content: new
`.replace('        content: new\n', ''),
    );
    expect(planJson(report.plan!)).toMatchObject({
      plays: [
        {
          members: [
            {
              member: 'one-a',
              gates: ['It is ready'],
              others: [{ gates: ['It is ready'], waits: [{ gate: 'It holds enough', seconds: 330 }] }],
            },
          ],
        },
        {},
        {},
      ],
    });
    expect(planText(report.plan!, { diffs: false })).toContain('    then one-a must be well: It is ready');
    expect([changed('on-a'), changed('on-b'), changed('after')]).toEqual([true, true, true]);
  });

  it('touches nothing while another member is not well, and names it', async () => {
    well.delete('/one-b');
    const report = await run(job());
    expect(report.outcome).toBe('unfit');
    expect(report.faults).toMatchObject([
      { code: 'peer-not-proved', host: 'b', what: 'one-a on a may not change: one-b on b is not proved well.' },
    ]);
    expect(changed('on-a')).toBe(false);
  });

  it('goes on with a cell that is allowed to be degraded', async () => {
    well.delete('/one-b');
    const report = await run(job({ allowDegraded: new Set(['one']) }, ['a']));
    expect(report.outcome).toBe('done');
  });

  it('changes a member that does nothing of its work, whatever the others do', async () => {
    well.clear();
    const report = await run(job({}, ['a']), () => well.add('/one-a'));
    expect(report).toMatchObject({ outcome: 'done' });
  });

  it('waits until the other member can do all the work alone, unless it need not', async () => {
    well.delete('/one-b/full');
    const report = await run(job({}, ['a']), () => well.add('/one-b/full'));
    expect(report.outcome).toBe('done');
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'proving', host: 'a', member: 'one-b', gate: 'It holds enough' }),
    );
    well.delete('/one-b/full');
    events = [];
    rmSync(join(folder, 'on-a'));
    const careless = await run(job({ skipCoverage: new Set(['one']) }, ['a']));
    expect(careless).toMatchObject({ outcome: 'done', faults: [] });
    expect(planText(careless.plan!, { diffs: false })).toContain('    first one-b on b must be well: It is ready\n');
    expect(events.filter(({ type }) => type === 'proving')).toEqual([]);
  });

  it('refuses to take away every member of a cell', async () => {
    const gone = (host: string) =>
      resource(host, 'file', { path: join(folder, `on-${host}`), state: 'absent' }, 'Nobody wants it');
    expect((await run(job())).outcome).toBe('done');
    const what = job();
    const plays = unwrap(what.compile(new Map())).plays.slice(0, 2);
    const all = plays.map((play) => {
      const host = play.batches[0]![0]!;
      return { ...play, resources: new Map([[host, [gone(host)]]]) };
    });
    const compile: Job['compile'] = () => ({ ok: true, value: { plays: all, declared: new Map() }, warnings: [] });
    const report = await run({ ...what, compile });
    expect(report).toMatchObject({ outcome: 'unfit', faults: [{ code: 'cell-taken-away' }] });
    expect(changed('on-a')).toBe(true);
  });

  it('asks a host that is left out of the run, and changes nothing when it cannot be reached', async () => {
    const what = job({}, ['a']);
    expect((await run(what)).outcome).toBe('done');
    expect(asked).toContain('/one-b');
    rmSync(join(folder, 'on-a'));
    const lost = await run({ ...what, witness: () => undefined });
    expect(lost.faults).toMatchObject([{ code: 'peer-not-proved', why: expect.stringContaining('b was not reached') }]);
    expect(changed('on-a')).toBe(false);
  });

  it('leaves the others alone when a member is not well after its change', async () => {
    // It falls ill as soon as its file is there.
    const ill = server.listeners('request')[0] as (...all: unknown[]) => void;
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (changed('on-a')) well.delete('/one-a');
      ill(request, response);
    });
    const failed = await run(job());
    expect(failed.outcome).toBe('failed');
    expect(failed.faults).toMatchObject([
      { code: 'member-not-well', host: 'a', state: expect.stringContaining('Not touched: b.') },
    ]);
    expect([changed('on-b'), changed('after')]).toEqual([false, false]);
  });

  it('goes on with what is no member of the cell that failed, when told to', async () => {
    const report = await run(job({ onFailure: 'continue-other-cells' }, ['a', 'b'], 'a'));
    expect(report.faults).toMatchObject([{ code: 'step-failed', host: 'a' }]);
    expect([changed('on-b'), changed('after')]).toEqual([false, true]);
  });
});
