import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kinds } from '../../../src/resources/index.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { deploy } from '../../../src/run/deploy.ts';
import type { Event } from '../../../src/run/events.ts';
import { goBack } from '../../../src/run/go-back.ts';
import { type Job, type Report, strict } from '../../../src/run/job.ts';
import { localTransport, noLocalHosts } from '../../support/local-transport.ts';

let folder: string;
let local: ReturnType<typeof localTransport>;
let events: Event[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-undo-'));
  local = localTransport(folder);
  events = [];
  runs = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(path(name), 'latin1');
const record = () => JSON.parse(readFileSync(join(folder, 'a', 'state', 'owned.json'), 'utf8')) as unknown;

interface Task {
  readonly kind: string;
  readonly spec: unknown;
  readonly notify?: readonly string[];
}
const file = (name: string, content: string | Uint8Array, notify: readonly string[] = []): Task => ({
  kind: 'file',
  spec: { path: path(name), content },
  notify,
});
const command = (run: string): Task => ({ kind: 'command', spec: { run, creates: path('never') } });
const fails: Task = { kind: 'command', spec: { run: 'echo broken >&2; exit 7', creates: '/never' } };

function resource({ kind, spec, notify = [] }: Task, line: number): Resource {
  const task = { name: `task ${line}`, at: { file: 'site.yml', line, col: 3 }, tags: [] };
  return { host: 'a', kind, id: kinds.get(kind)!.id(spec), spec, task, become: true, notify, noLog: false };
}

let marks = 0;
let runs = 0;
function apply(
  tasks: readonly Task[],
  handler?: Task,
  stop = new AbortController(),
  back?: Job['back'],
  drain?: Task,
): Promise<Report> {
  const resources = tasks.map(resource);
  const handlers = handler ? [{ names: ['again'], resource: resource(handler, 99) }] : [];
  const play = {
    name: 'all',
    batches: [['a']],
    resources: new Map([['a', resources]]),
    handlers: new Map([['a', handlers]]),
    drain: new Map([['a', drain ? [resource(drain, 98)] : []]]),
  };
  const target = { host: 'a', address: 'a' };
  const job: Job = {
    run: {
      id: String(++runs).padStart(4, '0'),
      who: 'test@here',
      command: 'apply inventory',
      since: '2026-11-22T01:30:00Z',
    },
    ...(back && { back }),
    playbook: 'site.yml',
    targets: new Map([['a', target]]),
    witness: () => target,
    rolling: strict,
    kinds,
    become: () => true,
    factProbes: () => [],
    preflight: () => [],
    compile: () => {
      const declared = new Map([['a', new Set(resources.map(({ id }) => id))]]);
      return { ok: true, value: { plays: [play], declared }, warnings: [] };
    },
    prune: back === undefined,
    forks: 1,
  };
  const ports = {
    transport: local.transport,
    clock: { now: () => 0, sleep: async () => {} },
    ask: async () => ({ status: undefined, error: 'nobody' }),
    mark: () => `mark${String(++marks).padStart(28, '0')}`,
    tell: (event: Event) => events.push(event),
  };
  return deploy(job, ports, async () => 'go', stop.signal);
}

/** The states that the faults of a failed run tell. */
function states(report: Report): readonly (string | undefined)[] {
  expect(report.outcome).toBe('failed');
  return report.faults.map(({ state }) => state?.replaceAll(folder, 'FOLDER'));
}

describe.skipIf(noLocalHosts !== undefined)(`undo${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('puts files back byte for byte with their modes, and takes away what was not there', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    writeFileSync(path('x'), bytes);
    chmodSync(path('x'), 0o640);
    const report = await apply([
      { kind: 'directory', spec: { path: path('d') } },
      file('d/y', 'new\n'),
      file('x', 'new\n'),
      fails,
    ]);
    expect(states(report)).toEqual([
      'a was put back to what it was: file:FOLDER/x, file:FOLDER/d/y, directory:FOLDER/d. ' +
        'Not put back on a: command:echo broken >&2; exit 7 (what a command does cannot be undone).',
    ]);
    expect(report.faults[0]).toMatchObject({ code: 'step-failed', output: 'broken' });
    expect(read('x')).toBe(Buffer.from(bytes).toString('latin1'));
    expect(statSync(path('x')).mode & 0o7777).toBe(0o640);
    expect(existsSync(path('d'))).toBe(false);
    expect(record()).toEqual({ version: 1, playbooks: {} });
    expect(events.filter(({ type }) => type === 'undoing' || type === 'undone')).toHaveLength(2);
  });

  it('keeps in its record what it made before and what it cannot take back', async () => {
    await apply([file('x', 'old\n')]);
    const before = record();
    await apply([file('x', 'new\n'), file('y', 'new\n'), fails]);
    expect(read('x')).toBe('old\n');
    expect(record()).toEqual(before);
    expect((await apply([file('x', 'old\n')])).outcome).toBe('planned');
  });

  it('brings back what it had removed because nobody declared it', async () => {
    await apply([file('x', 'old\n')]);
    const spoils: Task = { kind: 'command', spec: { run: 'true', creates: path('never') } };
    const report = await apply([file('z', 'new\n'), spoils]);
    expect(report.faults).toMatchObject([{ code: 'not-converged' }]);
    expect([read('x'), existsSync(path('z'))]).toEqual(['old\n', false]);
    expect(JSON.stringify(record())).toContain(path('x'));
  });

  it('runs the handlers that had begun again, on the former files', async () => {
    writeFileSync(path('x'), 'old\n');
    const handler: Task = {
      kind: 'command',
      spec: { run: `cat ${path('x')} >>${path('log')}; grep -q old ${path('x')}` },
    };
    const report = await apply([file('x', 'new\n', ['again'])], handler);
    expect(report.faults).toMatchObject([{ code: 'step-failed' }]);
    expect(read('log')).toBe('new\nold\n');
    expect(record()).toEqual({ version: 1, playbooks: {} });
  });

  it('leaves handlers alone that had not begun: their service never saw the change', async () => {
    writeFileSync(path('x'), 'old\n');
    const handler: Task = { kind: 'command', spec: { run: `touch ${path('log')}` } };
    await apply([file('x', 'new\n', ['again']), fails], handler);
    expect([read('x'), existsSync(path('log'))]).toEqual(['old\n', false]);
    const again = await apply([file('x', 'old\n', ['again'])], handler);
    expect(again.outcome).toBe('planned');
  });

  it('goes on with the rest when a way back is barred, and says what stays', async () => {
    writeFileSync(path('x'), 'old\n');
    const bars = command(`rm ${path('y')}; mkdir ${path('y')}; exit 7`);
    const report = await apply([file('x', 'new\n'), file('y', 'new\n'), bars]);
    expect(states(report)[0]).toMatch(/a was put back to what it was: file:FOLDER\/x\./);
    expect(states(report)[0]).toMatch(/file:FOLDER\/y \(A directory stands there/);
    expect(read('x')).toBe('old\n');
    expect(JSON.stringify(record())).toContain(path('y'));
  });

  it('says of a file that is too long to be kept that it was not put back', async () => {
    writeFileSync(path('x'), 'x'.repeat(1_100_000));
    expect(states(await apply([file('x', 'new\n'), fails]))[0]).toMatch(
      /file:FOLDER\/x \(its former content is longer/,
    );
  });

  it('touches nothing more when the user stopped it, or when the host is gone', async () => {
    const stop = new AbortController();
    const slow = command(`touch ${path('begun')}; sleep 1; exit 7`);
    const running = apply([file('x', 'new\n'), slow], undefined, stop);
    while (!existsSync(path('begun'))) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    await running;
    expect(existsSync(path('x'))).toBe(true);
    expect(events.some(({ type }) => type === 'undoing')).toBe(false);
  });
});

const rollback = (tasks: readonly Task[], to?: string, handler?: Task) =>
  apply(tasks, handler, new AbortController(), goBack('site.yml', to, kinds));
const generations = () => {
  const kept = join(folder, 'a', 'state', 'generations');
  return existsSync(kept) ? readdirSync(kept).sort() : [];
};

describe.skipIf(noLocalHosts !== undefined)(`rollback${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('goes back before the last run: files byte for byte, new ones gone, removed ones there, handlers run', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const handler: Task = { kind: 'command', spec: { run: `wc -c <${path('x')} >>${path('log')}` } };
    await apply([file('x', bytes, ['again']), file('old', 'old\n')], handler);
    const now = [file('x', 'new\n', ['again']), file('y', 'new\n')];
    expect((await apply(now, handler)).outcome).toBe('done');
    expect([existsSync(path('old')), existsSync(path('y'))]).toEqual([false, true]);
    const report = await rollback(now, undefined, handler);
    expect(report).toMatchObject({ outcome: 'done', faults: [] });
    expect(read('x')).toBe(Buffer.from(bytes).toString('latin1'));
    expect([read('old'), existsSync(path('y'))]).toEqual(['old\n', false]);
    expect(read('log')).toBe('256\n4\n256\n');
    expect(generations()).toEqual(['0001.json', '0002.json', '0003.json']);
    expect(statSync(join(folder, 'a/state/generations/0003.json')).mode & 0o777).toBe(0o600);
    expect((await apply([file('x', bytes, ['again']), file('old', 'old\n')], handler)).outcome).toBe('planned');
  });

  it('goes back to what was right after a run, whatever later runs did', async () => {
    await apply([file('x', '1\n')]);
    await apply([file('x', '2\n'), file('y', '2\n')]);
    await apply([file('x', '3\n')]);
    expect((await rollback([file('x', '3\n')], '0001')).outcome).toBe('done');
    expect([read('x'), existsSync(path('y'))]).toEqual(['1\n', false]);
    expect((await rollback([file('x', '3\n')])).outcome).toBe('done');
    expect([read('x'), existsSync(path('y'))]).toEqual(['3\n', false]);
  });

  it('keeps nothing of a run that was undone, and ten of the others', async () => {
    await apply([file('x', 'new\n'), fails]);
    expect((await rollback([file('x', 'x')])).faults).toMatchObject([{ code: 'nothing-kept' }]);
    for (let at = 0; at < 12; at++) await apply([file('x', `${at}\n`)]);
    expect(generations()).toHaveLength(10);
    expect(generations().at(-1)).toBe('0014.json');
  });

  it('refuses what is damaged, unknown, or never was, and says what stays', async () => {
    expect((await rollback([file('x', 'x')])).faults).toMatchObject([{ code: 'nothing-kept' }]);
    await apply([command(`touch ${path('never')}`), file('x', 'x')]);
    expect((await rollback([file('x', 'x')], '7')).faults).toMatchObject([{ code: 'unknown-run' }]);
    expect((await rollback([command('true'), file('x', 'x')])).outcome).toBe('done');
    const warned = events.flatMap((event) => (event.type === 'fault' ? [event.fault.code] : []));
    expect(warned).toEqual(['not-put-back']);
    writeFileSync(join(folder, 'a/state/generations/0001.json'), 'torn');
    expect((await rollback([file('x', 'x')])).faults[0]).toMatchObject({ code: 'damaged-generation' });
  });

  it('ends a drain, without beginning it again, also when the play fails before its handlers', async () => {
    const enter: Task = { kind: 'command', spec: { run: `echo enter >>${path('log')}` }, notify: ['again'] };
    const leave: Task = { kind: 'command', spec: { run: `echo leave >>${path('log')}` } };
    const report = await apply([file('x', 'new'), fails], leave, undefined, undefined, enter);
    expect(report.outcome).toBe('failed');
    expect(existsSync(path('x'))).toBe(false);
    expect(read('log')).toBe('enter\nleave\n');
    expect(await apply([file('x', 'new')], leave, undefined, undefined, enter)).toMatchObject({ outcome: 'done' });
    expect(read('log')).toBe('enter\nleave\nenter\nleave\n');
  });
});
