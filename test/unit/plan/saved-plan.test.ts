import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { fingerprintsBy } from '../../../src/plan/fingerprint.ts';
import { whatMovedSince } from '../../../src/plan/moved.ts';
import { type HostPlay, type Observations, type Plan, planHost } from '../../../src/plan/plan.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { type PlanOrder, type SavedPlan, savedPlanText } from '../../../src/plan/saved-plan.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { Resource } from '../../../src/resources/resource.ts';

const print = fingerprintsBy(new Uint8Array(32).fill(7));
const order: PlanOrder = {
  inventory: 'inventory/prod',
  tags: [],
  skipTags: [],
  extraVars: {},
  allowDegraded: [],
  skipCoverage: [],
  onFailure: 'halt',
  skipUnreachable: false,
  acceptDataLoss: false,
};
const about = { version: '0.1.0', made: '2026-11-22T05:00:00Z', order };

interface Task {
  readonly kind: string;
  readonly spec: unknown;
  /** What is observed of it, as its kind reads it. */
  readonly seen?: unknown;
  readonly noLog?: true;
  readonly notify?: readonly string[];
  readonly become?: false;
}

const seen = (content: string, mode = '0644') => ({ type: 'file', mode, owner: 'root:root', content });
const file = (content: string, more: Partial<Task> = {}): Task => ({
  kind: 'file',
  spec: { path: '/etc/x', content },
  seen: seen(content),
  ...more,
});
const unit = (state: string): Task => ({
  kind: 'service',
  spec: { name: 'docker', state: 'started' },
  seen: { state, enabled: true, masked: false, reloads: true, stale: false },
});
const handler: Task = { kind: 'service', spec: { name: 'docker', state: 'restarted' }, seen: unit('started').seen };

function planOf(tasks: readonly Task[], batches: Plan['plays'][number]['batches'] = [['mon-a']], name = 'Base'): Plan {
  const observed = new Map<Resource, unknown>();
  const resource = ({ kind, spec, seen: was, noLog, notify = [], become }: Task, line: number): Resource => {
    const task = { name: `task ${line}`, at: { file: 'site.yml', line, col: 3 }, tags: [] };
    const id = kinds.get(kind)!.id(spec);
    const one = { host: 'mon-a', kind, id, spec, task, become: become !== false, notify, noLog: noLog === true };
    observed.set(one, was);
    return one;
  };
  const play: HostPlay = {
    resources: tasks.map((task, index) => resource(task, index + 1)),
    handlers: [{ names: ['again'], resource: resource(handler, 99) }],
  };
  const [items] = planHost([play], observed as Observations, kinds);
  return { plays: [{ name, batches, items: new Map([['mon-a', items!]]) }] };
}

const saved = (plan: Plan): SavedPlan =>
  unwrap(readPlan(savedPlanText(plan, about, kinds, print), 'prod.plan', '0.1.0', print));
const moved = (before: Plan, now: Plan) =>
  whatMovedSince(saved(before), now, kinds, print).map(({ code, what, why }) => [code, what, why]);

describe('a saved plan', () => {
  it('is refused once something is there of a cell that was to be made at once', () => {
    const plan = planOf([file('x', { seen: undefined })], [['mon-a']], 'Ones: one-a');
    const [play] = plan.plays;
    const items = play!.items.get('mon-a')!;
    const atOnce = { plays: [{ ...play!, name: 'Ones: at once', atOnce: new Map([['mon-a', [{ items }]]]) }] };
    expect(moved(atOnce, atOnce)).toEqual([]);
    expect(moved(atOnce, plan)).toMatchObject([
      ['plan-moved', expect.stringMatching(/^Something is there by now/), expect.any(String)],
    ]);
    expect(moved(plan, atOnce)).toMatchObject([['plan-moved', expect.any(String), expect.any(String)]]);
  });

  it('is the same plan as long as project and hosts are the same, wherever the task is written', () => {
    const plan = planOf([file('new\n', { seen: seen('old\n'), notify: ['again'] }), unit('stopped')]);
    expect(moved(plan, plan)).toEqual([]);
    const { plays } = plan;
    const elsewhere = plays.map((play) => ({
      ...play,
      items: new Map(
        [...play.items].map(([host, items]) => [
          host,
          items.map((item) => ({
            ...item,
            resource: { ...item.resource, task: { ...item.resource.task, at: { file: 'b.yml', line: 9, col: 1 } } },
          })),
        ]),
      ),
    }));
    expect(moved(plan, { plays: elsewhere })).toEqual([]);
  });

  it('holds no content, no hidden value, and nothing that tells a short secret to who can guess it', () => {
    const secret = 'hunter2';
    const plan = planOf([
      file(`${secret}`, { seen: seen(`old ${secret}`, '0600') }),
      { kind: 'file', spec: { path: `/etc/${secret}`, content: '' }, noLog: true },
      { kind: 'command', spec: { run: `login ${secret}`, creates: '/x' }, seen: { creates: true }, noLog: true },
    ]);
    const text = savedPlanText(plan, about, kinds, print);
    expect(text).not.toContain(secret);
    const { fields } = saved(plan).plays[0]!.hosts['mon-a']![0]!;
    expect(fields!.map(({ field, from, to }) => [field, from, to])).toEqual([
      ['content', { lines: 1 }, { lines: 1 }],
      ['mode', '0600', '0644'],
    ]);
    // The same value in two places, or under another key, has another fingerprint.
    const twins = planOf([
      file('s\n', { seen: undefined }),
      file('s\n', { seen: undefined, spec: { path: '/y', content: 's\n' } }),
    ]);
    const [one, two] = saved(twins).plays[0]!.hosts['mon-a']!;
    expect(one!.fields![0]!.becomes).not.toBe(two!.fields![0]!.becomes);
    const prints = text.match(/"[\w-]{22}"/g)!;
    expect(prints.length).toBeGreaterThan(10);
    const other = savedPlanText(plan, about, kinds, fingerprintsBy(new Uint8Array(32).fill(8)));
    expect(prints.filter((one) => other.includes(one))).toEqual([]);
  });

  it.each<[string, Plan, Plan, readonly (readonly (string | undefined)[])[]]>([
    [
      'a file that was as wanted and was changed by hand',
      planOf([file('a\nb\n'), unit('stopped')]),
      planOf([file('a\nb\n', { seen: seen('a\nc\n', '0600') }), unit('stopped')]),
      [
        [
          'plan-moved',
          'file:/etc/x is not as it was when the plan was made.',
          'content: was as planned, planned 2 lines, found another 2 lines; mode: was "0644", planned "0644", found "0600"',
        ],
      ],
    ],
    [
      'a file that was to change and was changed by hand to something else',
      planOf([file('new\n', { seen: seen('old\n', '0600'), notify: ['again'] })]),
      planOf([file('new\n', { seen: seen('old\n', '0640'), notify: ['again'] })]),
      [
        [
          'plan-moved',
          'file:/etc/x is not as it was when the plan was made.',
          'mode: was "0600", planned "0644", found "0640"',
        ],
      ],
    ],
    [
      'a file that is as planned already, so that its handler is not due either',
      planOf([file('new\n', { seen: seen('old\n'), notify: ['again'] }), unit('stopped')]),
      planOf([file('new\n', { notify: ['again'] }), unit('stopped')]),
      [
        [
          'plan-moved',
          'file:/etc/x is not as it was when the plan was made.',
          'content: was 1 line, planned 1 line, found as planned',
        ],
      ],
    ],
    [
      'a file that was to change and has other lines now',
      planOf([file('new\n', { seen: seen('old\n') })]),
      planOf([file('new\n', { seen: seen('odd\n') })]),
      [
        [
          'plan-moved',
          'file:/etc/x is not as it was when the plan was made.',
          'content: was 1 line, planned 1 line, found another 1 line',
        ],
      ],
    ],
    [
      'a hidden file that is gone',
      planOf([file('s\n', { noLog: true })]),
      planOf([file('s\n', { noLog: true, seen: undefined })]),
      [
        [
          'plan-moved',
          'file "task 1" is not as it was when the plan was made.',
          'content: was as planned, planned (secret), found absent; mode: was as planned, planned (secret), found absent; owner: was as planned, planned (secret), found absent',
        ],
      ],
    ],
    [
      'a service that was stopped by hand',
      planOf([unit('started')]),
      planOf([unit('failed')]),
      [
        [
          'plan-moved',
          'service:docker.service is not as it was when the plan was made.',
          'state: was "started", planned "started", found "failed"',
        ],
      ],
    ],
    [
      'a command that was due and no longer is',
      planOf([{ kind: 'command', spec: { run: 'x', creates: '/y' }, seen: { creates: true } }, unit('stopped')]),
      planOf([{ kind: 'command', spec: { run: 'x', creates: '/y' }, seen: { creates: false } }, unit('stopped')]),
      [
        [
          'plan-moved',
          'command:x is not as it was when the plan was made.',
          'It was to run (/y does not exist), now it is as wanted.',
        ],
      ],
    ],
    [
      'hosts that are as planned already',
      planOf([file('new\n', { seen: seen('old\n'), notify: ['again'] })]),
      planOf([file('new\n', { notify: ['again'] })]),
      [['plan-moved', 'Nothing of the plan is left to do.', 'It was carried out, or somebody did the same by hand.']],
    ],
    [
      'a project that wants another content and another login, and a host that moved as well',
      planOf([file('new\n', { seen: seen('old\n') }), unit('started')]),
      planOf([file('newer\n', { seen: seen('old\n'), become: false }), unit('stopped')]),
      [
        ['plan-outdated', 'file:/etc/x is wanted otherwise than in the plan.', 'It differs in: content, become.'],
        [
          'plan-moved',
          'service:docker.service is not as it was when the plan was made.',
          'state: was "started", planned "started", found "stopped"',
        ],
      ],
    ],
    [
      'a task more and a task less',
      planOf([file('x')]),
      planOf([unit('started')]),
      [
        ['plan-outdated', 'service:docker.service is not in the plan.', undefined],
        ['plan-outdated', 'file:/etc/x is in the plan and is no longer wanted.', undefined],
      ],
    ],
    [
      'another play',
      planOf([file('x')]),
      planOf([file('x')], [['mon-a']], 'Other'),
      [['plan-outdated', 'The plays are others than in the plan.', 'The plan: "Base". Now: "Other"']],
    ],
    [
      'another order of hosts',
      planOf([file('x')], [['mon-a', 'mon-b']]),
      planOf([file('x')], [['mon-b'], ['mon-a']]),
      [
        [
          'plan-outdated',
          'The play "Base" goes through its hosts otherwise than in the plan.',
          'The plan: mon-a, mon-b. Now: mon-b; then mon-a',
        ],
      ],
    ],
  ])('tells of %s', (_name, before, now, faults) => {
    expect(moved(before, now)).toEqual(faults);
  });

  it('tells of no more than twenty things one by one', () => {
    const tasks = (content: string) =>
      Array.from({ length: 30 }, (_, at) => file(content, { spec: { path: `/etc/${at}`, content } }));
    const faults = moved(planOf(tasks('a')), planOf(tasks('b')));
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)![1]).toBe('So it is with 10 more things on mon-a.');
  });

  it('tells that the members of a roll, or what proves them, are others', () => {
    const rolled = (url: string): Plan => {
      const [play] = planOf([file('x')]).plays;
      const task = { name: 'It is ready', at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
      const gate = {
        host: 'mon-a',
        kind: 'http',
        id: 'http:x',
        spec: { url },
        task,
        become: true,
        notify: [],
        noLog: false,
      };
      const member = { member: 'one-a', cell: 'one', host: 'mon-a', proof: [gate], together: [], coverage: [] };
      return { plays: [{ ...play!, moving: new Map([['mon-a', { ...member, others: [] }]]) }] };
    };
    expect(moved(rolled('http://a'), rolled('http://a'))).toEqual([]);
    expect(moved(rolled('http://a'), rolled('http://b'))).toEqual([
      [
        'plan-outdated',
        'The play "Base" goes through its hosts otherwise than in the plan.',
        'What proves its members, or which they are, differs.',
      ],
    ]);
  });

  const text = savedPlanText(planOf([file('x')]), about, kinds, print);
  it.each<[string, string, Parameters<typeof readPlan>[3], string, string]>([
    ['nothing at all', '', print, 'no-plan', 'p is no plan of hadeploy.'],
    ['another JSON', '{"all": {}}', print, 'no-plan', 'p is no plan of hadeploy.'],
    ['garbage', '\u0000\u0001[[[[', print, 'no-plan', 'p is no plan of hadeploy.'],
    ['a plan cut short', text.slice(0, 400), print, 'damaged-plan', 'p is damaged.'],
    [
      'the plan of another version',
      text.replace('"0.1.0"', '"9.9\\u001b.1"'),
      print,
      'other-version',
      'p was made by hadeploy 9.9?.1.',
    ],
    [
      'another format',
      text.replace('"hadeploy-plan": 1', '"hadeploy-plan": 2'),
      print,
      'other-version',
      'p was made by hadeploy 0.1.0.',
    ],
    ['a plan without its key', text, undefined, 'no-plan-key', 'The key of the plan, p.key, is not there or is none.'],
    [
      'a plan that somebody edited',
      text.replace('inventory/prod', 'inventory/test'),
      print,
      'changed-plan',
      'p was changed after it was made, or p.key belongs to another plan.',
    ],
    [
      'a plan nested without end',
      `{"hadeploy-plan": 1, "version": "0.1.0", "plays": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      print,
      'changed-plan',
      'p was changed after it was made, or p.key belongs to another plan.',
    ],
  ])('is refused where there is %s', (_name, content, by, code, what) => {
    const read = readPlan(content, 'p', '0.1.0', by);
    expect(read).toMatchObject({ ok: false, faults: [{ code, what }] });
    expect(!read.ok && read.faults[0]!.mend).toContain('hadeploy plan INVENTORY --out FILE');
  });

  it('is refused with any character of it changed, and whatever else a file may hold', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 2), fc.string({ minLength: 1, maxLength: 3 }), (at, other) => {
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        // Space between values is no part of the plan.
        const read = readPlan(changed, 'p', '0.1.0', print);
        expect(read.ok).toBe(read.ok && sameJson(changed, text));
      }),
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        for (const one of [json, `{"hadeploy-plan": ${json}}`, text.replace('"plays": [', `"plays": [${json},`)])
          expect(readPlan(one, 'p', '0.1.0', print).ok).toBe(false);
      }),
    );
  });
});

function sameJson(a: string, b: string): boolean {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}
