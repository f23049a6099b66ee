import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { Resource } from '../../../src/resources/resource.ts';
import { deploy } from '../../../src/run/deploy.ts';
import type { Event } from '../../../src/run/events.ts';
import { type Job, type Report, strict } from '../../../src/run/job.ts';
import { parseJournal } from '../../../src/run/journal/entries.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { localTransport, noLocalHosts } from '../../support/local-transport.ts';

let folder: string;
let local: ReturnType<typeof localTransport>;
let events: Event[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-deploy-'));
  local = localTransport(folder);
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Task = {
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly notify?: readonly string[];
};

function resource(host: string, { kind, spec, notify = [] }: Task, line: number): Resource {
  const task = { name: `task ${line}`, at: { file: 'site.yml', line, col: 3 }, tags: [] };
  return { host, kind, id: kinds.get(kind)!.id(spec), spec, task, become: true, notify, noLog: false };
}

/** One play over hosts one at a time, the same tasks on each. */
function job(hosts: readonly string[], tasks: (host: string) => readonly Task[], handler?: Task): Job {
  const resources = new Map(
    hosts.map((host) => [host, tasks(host).map((task, line) => resource(host, task, line + 1))]),
  );
  const handlers = new Map(
    hosts.map((host) => [host, handler ? [{ names: ['again'], resource: resource(host, handler, 99) }] : []]),
  );
  const declared = new Map([...resources].map(([host, list]) => [host, new Set(list.map((one) => one.id))]));
  const plays = [{ name: 'all', batches: hosts.map((host) => [host]), resources, handlers }];
  return {
    run: { id: 'run-1', who: 'test@here', command: 'apply inventory', since: '2026-11-22T01:30:00Z' },
    playbook: 'playbooks/site.yml',
    targets: new Map(hosts.map((host) => [host, { host, address: host, hostKeys: 'strict', connectTimeoutS: 1 }])),
    kinds,
    become: () => true,
    factProbes: () => [],
    witness: () => undefined,
    rolling: strict,
    preflight: () => [],
    compile: () => ({ ok: true, value: { plays, declared }, warnings: [] }),
    prune: true,
    forks: 5,
  };
}

/** The plays of several jobs for the host `a`, one after the other. */
function inOrder(first: Job, ...more: readonly Job[]): Job {
  const parts = [first, ...more].map((one) => unwrap(one.compile(new Map())));
  const declared = new Set(parts.flatMap((part) => [...part.declared.get('a')!]));
  const value = { plays: parts.flatMap((part) => part.plays), declared: new Map([['a', declared]]) };
  return { ...first, compile: () => ({ ok: true, value, warnings: [] }) };
}

let marks = 0;
function ports(): Ports {
  return {
    transport: local.transport,
    clock: { now: () => 0, sleep: async () => {} },
    ask: async () => ({ status: undefined, error: 'nobody' }),
    mark: () => `mark${String(++marks).padStart(28, '0')}`,
    tell: (event) => events.push(event),
  };
}

const go = async () => 'go' as const;
const apply = (
  what: Job,
  confirm: (plan: Plan) => Promise<'go' | 'stop' | 'decline'> = go,
  stop = new AbortController(),
) => deploy(what, ports(), confirm, stop.signal);
/** A run that somebody stops while its command is at work. */
async function brokenOff(what: (command: string) => Job): Promise<Report> {
  const stop = new AbortController();
  const running = apply(what(`touch ${path('begun')}; sleep 1`), go, stop);
  while (!existsSync(path('begun'))) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  return running;
}
const codes = (report: Report) => report.faults.map((fault) => fault.code);
const text = (report: Report) => planText(report.plan!, { diffs: true }).replaceAll(folder, 'FOLDER');

const path = (name: string) => join(folder, name);
const note = (name: string, content = 'hello\n'): Task => ({ kind: 'file', spec: { path: path(name), content } });

describe.skipIf(noLocalHosts !== undefined)(`deploy${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('shows a change and makes none when it is stopped after the plan', async () => {
    const report = await apply(
      job(['a'], () => [note('x')]),
      async () => 'stop',
    );
    expect(report.outcome).toBe('planned');
    expect(text(report)).toContain('+ file:FOLDER/x');
    expect(existsSync(path('x'))).toBe(false);
  });

  it('does what the plan shows, and a second run changes nothing in two conversations', async () => {
    const what = job(['a'], () => [note('x'), { kind: 'directory', spec: { path: path('d') } }]);
    expect(await apply(what)).toMatchObject({ outcome: 'done', faults: [] });
    expect(readFileSync(path('x'), 'utf8')).toBe('hello\n');
    local.hosts.get('a')!.conversations.length = 0;
    const again = await apply(what);
    expect(again.outcome).toBe('planned');
    expect(text(again)).toBe('Nothing to change: 2 resources on 1 host are as they should be.');
    expect(local.hosts.get('a')!.conversations).toHaveLength(2);
  });

  it('asks what is foreseen in the first conversation, and in a second one only what facts have brought', async () => {
    const what = job(['a'], () => [note('x'), { kind: 'directory', spec: { path: path('d') } }]);
    const wanted = unwrap(what.compile(new Map())).plays[0]!.resources.get('a')!;
    expect(await apply({ ...what, foreseen: () => wanted })).toMatchObject({ outcome: 'done', faults: [] });
    const { conversations } = local.hosts.get('a')!;
    conversations.length = 0;
    const alike = wanted.map((one) => ({ ...one, spec: { ...(one.spec as object) } }));
    expect((await apply({ ...what, foreseen: () => alike })).outcome).toBe('planned');
    expect(conversations).toHaveLength(1);
    conversations.length = 0;
    expect((await apply({ ...what, foreseen: () => wanted.slice(0, 1) })).outcome).toBe('planned');
    expect(conversations).toHaveLength(2);
    expect(conversations[0]).toContain(path('x'));
    expect(conversations[1]).not.toContain(path('x'));
  });

  it('touches no host when one of them is unfit, and tells what is only doubtful', async () => {
    const finding = (severity: 'error' | 'warning', host: string) => ({
      code: 'clock-skew',
      severity,
      what: 'Late.',
      host,
    });
    const what = job(['a', 'b'], (host) => [note(`x-${host}`)]);
    const doubtful = { ...what, preflight: (host: string) => [finding('warning', host)] };
    const unfit = { ...what, preflight: (host: string) => (host === 'b' ? [finding('error', host)] : []) };
    expect(await apply(unfit)).toMatchObject({ outcome: 'unfit', faults: [{ code: 'clock-skew', host: 'b' }, {}] });
    expect(existsSync(path('x-a'))).toBe(false);
    expect((await apply(doubtful)).outcome).toBe('done');
    expect(events.filter((event) => event.type === 'fault')).toHaveLength(2);
  });

  it('refuses a host that changed after the plan was shown, before it is touched', async () => {
    const report = await apply(
      job(['a'], () => [note('y'), note('x')]),
      async () => {
        writeFileSync(path('x'), 'somebody else\n');
        return 'go';
      },
    );
    expect(codes(report)).toEqual(['stale-plan']);
    expect(existsSync(path('y'))).toBe(false);
    expect(readFileSync(path('x'), 'utf8')).toBe('somebody else\n');
  });

  it('says so when something is still due after its steps succeeded', async () => {
    const report = await apply(job(['a'], () => [{ kind: 'command', spec: { run: 'true', creates: path('never') } }]));
    expect(report.outcome).toBe('failed');
    expect(codes(report)).toEqual(['not-converged']);
  });

  it('stops at the first host that fails, and says what was put back, what was not, and who was not touched', async () => {
    const broken: Task = { kind: 'command', spec: { run: 'echo broken >&2; exit 7', creates: path('never') } };
    const report = await apply(job(['a', 'b'], (host) => [note(`x-${host}`), broken, note(`z-${host}`)]));
    expect(codes(report)).toEqual(['step-failed']);
    expect(report.faults[0]).toMatchObject({
      host: 'a',
      output: 'broken',
      state: `a was put back to what it was: file:${path('x-a')}. Not put back on a: command:echo broken >&2; exit 7 (what a command does cannot be undone). Not touched: b.`,
    });
    expect(existsSync(path('x-b'))).toBe(false);
  });

  it('stops after the step at hand when it is interrupted', async () => {
    const stop = new AbortController();
    const slow: Task = {
      kind: 'command',
      spec: { run: `touch ${path('begun')}; sleep 1; touch ${path('ended')}`, creates: path('ended') },
    };
    const running = apply(
      job(['a'], () => [slow, note('x')]),
      go,
      stop,
    );
    while (!existsSync(path('begun'))) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    const report = await running;
    expect(codes(report)).toEqual(['interrupted']);
    expect(existsSync(path('ended'))).toBe(true);
    expect(existsSync(path('x'))).toBe(false);
  });

  it('runs a handler once when something notified it, and shows that in the plan', async () => {
    const handler: Task = { kind: 'command', spec: { run: `echo ran >> ${path('log')}` } };
    const what = job(
      ['a'],
      () => [
        { ...note('x'), notify: ['again'] },
        { ...note('y'), notify: ['again'] },
      ],
      handler,
    );
    const report = await apply(what);
    expect(text(report)).toContain('notified by "task 1"');
    expect(readFileSync(path('log'), 'utf8')).toBe('ran\n');
    await apply(what);
    expect(readFileSync(path('log'), 'utf8')).toBe('ran\n');
  });

  it('runs a handler that a broken-off run left out, and shows that in the plan', async () => {
    const handler: Task = { kind: 'command', spec: { run: `echo ran >> ${path('log')}` } };
    const fails = (command: string): Task => ({ kind: 'command', spec: { run: command, creates: path('made') } });
    const what = (command: string) => job(['a'], () => [{ ...note('x'), notify: ['again'] }, fails(command)], handler);
    expect(codes(await brokenOff(what))).toEqual(['interrupted']);
    expect(existsSync(path('log'))).toBe(false);
    const report = await apply(what(`touch ${path('made')}`));
    expect(text(report)).toContain('notified in a run that did not come to its end');
    expect(text(report)).not.toContain('file:FOLDER/x');
    expect(readFileSync(path('log'), 'utf8')).toBe('ran\n');
    expect((await apply(what('true'))).outcome).toBe('planned');
  });

  it('does not run a handler again after a fault in a later play', async () => {
    const handler: Task = { kind: 'command', spec: { run: `echo ran >> ${path('log')}` } };
    const both = inOrder(
      job(['a'], () => [{ ...note('x'), notify: ['again'] }], handler),
      job(['a'], () => [{ kind: 'command', spec: { run: 'exit 1', creates: path('never') } }]),
    );
    expect(codes(await apply(both))).toEqual(['step-failed']);
    expect(readFileSync(path('log'), 'utf8')).toBe('ran\n');
    expect(text(await apply(both))).not.toContain('notified');
  });

  it('removes what it made once nobody declares it, and nothing else', async () => {
    await apply(job(['a'], () => [note('x'), note('y')]));
    writeFileSync(path('foreign'), 'mine\n');
    const report = await apply(job(['a'], () => [note('x')]));
    expect(text(report)).toContain('- file:FOLDER/y');
    expect([existsSync(path('x')), existsSync(path('y')), existsSync(path('foreign'))]).toEqual([true, false, true]);
    expect((await apply(job(['a'], () => [note('x')]))).outcome).toBe('planned');
  });

  it('leaves a file alone that was right before hadeploy came, even when it is no longer declared', async () => {
    writeFileSync(path('x'), 'hello\n', { mode: 0o644 });
    await apply(job(['a'], () => [note('x'), note('y')]));
    await apply(job(['a'], () => [note('y')]));
    expect(existsSync(path('x'))).toBe(true);
  });

  it('finishes on a second run what a killed one began, and still knows what it made', async () => {
    const ends = (run: string): Task => ({ kind: 'command', spec: { run, creates: path('never') } });
    await brokenOff((command) => job(['a'], () => [note('x'), ends(command)]));
    expect(existsSync(path('x'))).toBe(true);
    await apply(job(['a'], () => [note('y')]));
    expect([existsSync(path('x')), existsSync(path('y'))]).toEqual([false, true]);
  });

  it('writes on the host what each step came to, the way back as well, and how the run ended', async () => {
    const broken: Task = { kind: 'command', spec: { run: 'exit 7', creates: path('never') } };
    await apply(job(['a'], () => [note('x'), broken, note('z')]));
    const journal = parseJournal(readFileSync(join(folder, 'a/state/journal.jsonl'), 'utf8'));
    const file = `file:${path('x')}`;
    expect(journal).toMatchObject([
      {
        event: 'run-started',
        run: 'run-1',
        who: 'test@here',
        command: 'apply inventory',
        playbook: 'playbooks/site.yml',
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        hosts: ['a'],
        items: [file, 'command:exit 7', `file:${path('z')}`],
      },
      { event: 'step-ended', item: file, step: `write ${path('x')}`, last: true, code: 0 },
      { event: 'step-ended', item: 'command:exit 7', code: 7 },
      { event: 'step-ended', item: file, step: `remove ${path('x')}`, last: true, code: 0 },
      { event: 'run-ended', run: 'run-1', outcome: 'failed' },
    ]);
    expect(journal[0]!.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('tells of a run that did not come to its end until another one did', async () => {
    const what = job(['a'], () => [note('x'), note('y')]);
    await apply(what);
    rmSync(path('y'));
    // As a killed run leaves it: the last line is missing, and half of the one before.
    const file = join(folder, 'a/state/journal.jsonl');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    writeFileSync(file, [...lines.slice(0, -2), lines.at(-2)!.slice(0, 30)].join('\n'));
    const warnings = () => events.flatMap((event) => (event.type === 'fault' ? [event.fault] : []));
    // A run that finds nothing to do writes nothing, so the next one tells of it again, in one line.
    writeFileSync(path('y'), readFileSync(path('x')));
    events = [];
    await apply(what);
    expect(warnings()).toEqual([
      {
        code: 'unfinished-run',
        severity: 'warning',
        what: expect.stringMatching(
          /^A run of test@here that began at .*Z did not come to its end, and nothing of it is left to do\.$/,
        ),
      },
    ]);
    rmSync(path('y'));
    events = [];
    expect((await apply({ ...what, run: { ...what.run, id: 'run-2' } })).outcome).toBe('done');
    expect(warnings()).toMatchObject([
      {
        code: 'unfinished-run',
        severity: 'warning',
        what: expect.stringContaining('A run of test@here that began at'),
        why: `It was "apply inventory" (run run-1). Last done on a: file:${path('x')}. Not finished there: file:${path('y')}.`,
      },
    ]);
    expect(parseJournal(readFileSync(file, 'utf8')).map(({ event, run }) => [event, run])).toEqual([
      ['run-started', 'run-1'],
      ['step-ended', 'run-1'],
      ['run-started', 'run-2'],
      ['step-ended', 'run-2'],
      ['run-ended', 'run-2'],
    ]);
    events = [];
    await apply(what);
    expect(warnings()).toEqual([]);
  });

  it('is refused while another run holds a host, and touches none', async () => {
    const busy: Task = {
      kind: 'command',
      spec: { run: `touch ${path('begun')}; while [ ! -e ${path('go')} ]; do sleep 0.1; done`, creates: path('ended') },
    };
    const first = apply(job(['b'], () => [busy]));
    while (!existsSync(path('begun'))) await new Promise((resolve) => setTimeout(resolve, 10));
    const second = await apply(job(['a', 'b'], (host) => [note(`x-${host}`)]));
    expect(second).toMatchObject({ outcome: 'unfit', faults: [{ code: 'locked', host: 'b' }] });
    expect(existsSync(path('x-a'))).toBe(false);
    expect(events.filter((event) => event.type === 'fault')).toMatchObject([
      { fault: { code: 'locked', severity: 'warning' } },
    ]);
    writeFileSync(path('go'), '');
    await first;
    expect((await apply(job(['a', 'b'], (host) => [note(`x-${host}`)]))).outcome).toBe('done');
  });

  it('waits for a gate no longer than its timeout and quotes the last answer', async () => {
    let now = 0;
    const sleep = async (ms: number) => {
      now += ms;
    };
    const gate: Task = { kind: 'http', spec: { url: 'http://127.0.0.1:1/', timeout: 3 } };
    const report = await deploy(
      job(['a'], () => [gate]),
      { ...ports(), clock: { now: () => now, sleep } },
      go,
      new AbortController().signal,
    );
    expect(codes(report)).toEqual(['gate-timeout']);
    expect(report.faults[0]!.why).toContain('no answer: connection refused');
  });
});
