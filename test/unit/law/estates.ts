import fc from 'fast-check';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../src/diagnostics/project.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { type Compiled, type CompileInput, compile } from '../../../src/playbook/compile.ts';
import { readPlaybook } from '../../../src/playbook/read-playbook.ts';
import type { Shown } from '../../../src/resources/change.ts';
import { memoryKinds } from '../../support/memory-kinds.ts';

/** An inventory and a playbook before they are written down. */
export interface Estate {
  readonly hosts: readonly { readonly name: string; readonly number: number; readonly isWeb: boolean }[];
  readonly plays: readonly LawPlay[];
  /** Each in one of the plays. */
  readonly tasks: readonly LawTask[];
}

interface LawPlay {
  readonly hosts: string;
  readonly serial?: number | string;
  readonly become: boolean;
  readonly handlers: number;
  readonly gate: boolean;
  /** Whether it may go with what the next play makes at once. */
  readonly withNext: boolean;
  readonly roll?: LawRoll;
}

/** Members on each host of the play, in cells over neighbouring hosts. */
interface LawRoll {
  readonly size: number;
  /** A second member on each host, whose cell begins at another one. */
  readonly two: boolean;
  readonly rank: string | undefined;
  /** Whether all members have the same rank where nothing is there of their cell. */
  readonly atOnce: boolean;
  /** A gate that takes all members, and one that the others must pass. */
  readonly more: boolean;
  readonly drain: boolean;
}

interface LawTask {
  readonly play: number;
  readonly thing: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly absent: boolean;
  readonly notify: number;
  readonly tag: string | undefined;
  readonly when: string | undefined;
}

const things = ['t0', 't1', "t'2", 't 3', '$(t4)', 't5', '-t6', 't7'];
const literal = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.boolean(),
  fc.constantFrom('', ' ', 'a', "it's", 'two\nlines\n', '$(touch /x)', '`x`', "x'\\''y", '"q"', 'é€😀', '\\n', '-n'),
);
const template = fc.constantFrom(
  '{{ number }}',
  'n{{ number }}',
  '{{ inventory_hostname }}',
  '{{ groups.web | length }}',
  '{{ groups.all | sort | map("extract", hostvars, "number") | join(",") }}',
);
const fields = fc.dictionary(fc.constantFrom('x', 'y', 'z z'), fc.oneof(literal, template), { maxKeys: 3 });

const task: fc.Arbitrary<LawTask> = fc.record({
  play: fc.nat({ max: 2 }),
  thing: fc.constantFrom(...things),
  fields,
  absent: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
  notify: fc.nat({ max: 3 }),
  tag: fc.option(fc.constantFrom('red', 'blue', 'always', 'never'), { nil: undefined }),
  when: fc.option(fc.constantFrom('number > 1', 'inventory_hostname in groups.web'), { nil: undefined, freq: 4 }),
});

const roll: fc.Arbitrary<LawRoll> = fc.record({
  size: fc.constantFrom(2, 3),
  two: fc.boolean(),
  rank: fc.constantFrom(undefined, '{{ number }}', '{{ 0 - place }}', "{{ 1 if member.name is match('p.*') else 0 }}"),
  atOnce: fc.boolean(),
  more: fc.boolean(),
  drain: fc.boolean(),
});

const play: fc.Arbitrary<LawPlay> = fc.record(
  {
    hosts: fc.constantFrom('all', 'all', 'web', 'all:!a'),
    serial: fc.constantFrom(1, 2, '50%'),
    become: fc.boolean(),
    handlers: fc.nat({ max: 2 }),
    gate: fc.boolean(),
    withNext: fc.boolean(),
    roll,
  },
  { requiredKeys: ['hosts', 'become', 'handlers', 'gate', 'withNext'] },
);

const tasks = fc.uniqueArray(task, { selector: (one) => one.thing, maxLength: 7 });

/** Estates of one to four hosts, and another playbook and other variables for the same hosts. */
export const estatesWithEdits: fc.Arbitrary<readonly [Estate, Estate]> = fc
  .record({
    names: fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 }),
    web: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    numbers: fc.array(fc.nat({ max: 3 }), { minLength: 8, maxLength: 8 }),
    plays: fc.array(play, { minLength: 1, maxLength: 3 }),
    tasks,
    otherTasks: tasks,
    // Which tasks are as they were: most edits are small.
    kept: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 7, maxLength: 7 }),
  })
  .map(({ names, web, numbers, plays, tasks, otherTasks, kept }) => {
    const hosts = (offset: number) =>
      names.map((name, index) => ({ name, number: numbers[offset + index]!, isWeb: index === 0 || web[index]! }));
    const still = tasks.filter((_, index) => kept[index]! > 0);
    const added = otherTasks.filter((one) => !still.some(({ thing }) => thing === one.thing)).slice(0, 3);
    return [
      { hosts: hosts(0), plays, tasks },
      { hosts: hosts(4), plays, tasks: [...added, ...still] },
    ] as const;
  });

/** Any things with any fields, for each of the hosts there may be. */
export const startingStates: fc.Arbitrary<Readonly<Record<string, Readonly<Record<string, Record<string, Shown>>>>>> =
  fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.dictionary(
      fc.constantFrom(...things, 'foreign', 't0 of p0-0', 't5 of q0-1', '-t6 of p1-0'),
      fc.dictionary(fc.constantFrom('x', 'y', 'z z', 'own'), literal, { maxKeys: 3 }),
      { maxKeys: 5 },
    ),
  );

/** The files of an estate. `turn` writes the hosts in another order. */
export function filesOf({ hosts, plays, tasks }: Estate, turn = 0): Readonly<Record<string, string>> {
  const turned = [...hosts.slice(turn % hosts.length), ...hosts.slice(0, turn % hosts.length)];
  const web = turned.filter(({ isWeb }) => isWeb).map(({ name }) => [name, null] as const);
  const inventory = {
    all: {
      hosts: Object.fromEntries(turned.map(({ name, number }) => [name, { number, place: 'abcd'.indexOf(name) }])),
      children: { web: { hosts: Object.fromEntries(web) } },
    },
  };
  const playbook = plays.map((one, index) => playOf(one, index, plays.length, tasks));
  return { 'inventory/hosts.yml': JSON.stringify(inventory), 'site.yml': JSON.stringify(playbook) };
}

function playOf(play: LawPlay, index: number, plays: number, all: readonly LawTask[]) {
  const { hosts, serial, become, handlers, gate, withNext, roll } = play;
  const of = roll ? ' of {{ member.name }}' : '';
  const page = (which: string) => ({
    name: which,
    http: { url: `http://127.0.0.1/${which}${roll ? '/{{ member.name }}' : ''}` },
  });
  return {
    name: `play ${index}`,
    hosts,
    become,
    order: 'sorted',
    ...(serial !== undefined && { serial }),
    ...(withNext && { with_next: true }),
    ...(roll && { roll: rollOf(roll, index, handlers, page) }),
    tasks: [
      // Whatever else goes, something of each member stays.
      ...(roll ? [{ name: 'member', thing: { name: `member${of}`, fields: { x: '{{ number }}' } } }] : []),
      ...all.filter((one) => one.play % plays === index).map((one) => taskOf(one, handlers, of)),
      ...(gate ? [page('gate')] : []),
    ],
    handlers: Array.from({ length: handlers }, (_, one) => ({
      name: `handler ${one}`,
      deed: { name: `deed ${index}.${one}${of}` },
    })),
  };
}

function rollOf(roll: LawRoll, index: number, handlers: number, page: (which: string) => object) {
  const { size, two, rank, atOnce, more, drain } = roll;
  const member = (kind: string, offset: number) => ({
    name: `${kind}${index}-{{ place }}`,
    cell: `${kind}${index} {{ (place + ${offset}) // ${size} }}`,
  });
  const drained = { name: 'drain', deed: { name: `drain ${index} of {{ member.name }}` } };
  return {
    members: [member('p', 0), ...(two ? [member('q', 1)] : [])],
    ...(rank !== undefined && { rank }),
    ...(atOnce && { first_rank: 0 }),
    proof: [page('ready')],
    ...(more && { together: [page('together')], coverage: [page('covered')] }),
    ...(drain && { drain: [{ ...drained, ...(handlers > 0 && { notify: 'handler 0' }) }] }),
  };
}

function taskOf({ thing, fields: values, absent, notify, tag, when }: LawTask, handlers: number, of: string) {
  const name = `${thing}${of}`;
  return {
    name: `task ${thing}`,
    thing: absent ? { name, state: 'absent' } : { name, fields: values },
    ...(notify < handlers && { notify: `handler ${notify}` }),
    // A choice of tags that takes away all there is of a cell is refused.
    ...(tag !== undefined && !(absent && of !== '') && { tags: [tag] }),
    ...(when !== undefined && { when }),
  };
}

/** An estate read and filled in, as far as `only` chooses. */
export function compileEstate(
  files: Readonly<Record<string, string>>,
  only: Partial<Pick<CompileInput, 'limit' | 'tags' | 'skipTags'>> = {},
): Compiled {
  const project = projectOf(files);
  const inventory = unwrap(readInventory(project, 'inventory'));
  const playbook = unwrap(readPlaybook(project, 'site.yml', inventory, memoryKinds, { rolesPaths: [] }));
  const facts = () => ({});
  return unwrap(compile({ playbook, inventory, extraVars: new Map(), tags: [], skipTags: [], facts, ...only }));
}
