import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deeds, type Plan } from '../../../src/plan/plan.ts';
import { planJson } from '../../../src/plan/plan-json.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import type { Compiled } from '../../../src/playbook/compile.ts';
import type { Shown } from '../../../src/resources/change.ts';
import { isDeed } from '../../../src/resources/change.ts';
import type { Report } from '../../../src/run/job.ts';
import { type MemoryHost, memoryHost, memoryTransport } from '../../support/memory-hosts.ts';
import { memoryKinds } from '../../support/memory-kinds.ts';
import { compileEstate, type Estate, estatesWithEdits, filesOf, startingStates } from './estates.ts';
import { runLaw } from './run-law.ts';

/** `LAW_RUNS` looks at more of them; the seed is printed with a failure. */
const numRuns = Number(process.env['LAW_RUNS'] ?? 50);

type Hosts = ReadonlyMap<string, MemoryHost>;

/** How a run goes about it; none of it may show in the plan. */
interface Manner {
  readonly forks: number;
  /** Turns of the event loop before a host answers, by host. */
  readonly slow: Readonly<Record<string, number>>;
  readonly reversed: boolean;
}
const manners: fc.Arbitrary<Manner> = fc.record({
  forks: fc.integer({ min: 1, max: 5 }),
  slow: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat({ max: 3 })),
  reversed: fc.boolean(),
});
const plain: Manner = { forks: 5, slow: {}, reversed: false };

async function run(compiled: Compiled, hosts: Hosts, answer: 'go' | 'stop', manner = plain): Promise<Report> {
  const motion = motionIn(compiled, hosts);
  const names = [...new Set(compiled.plays.flatMap((play) => play.hosts))];
  const target = (host: string) => ({ host, address: host });
  const turns = async (host: string) => {
    for (let left = manner.slow[host] ?? 0; left > 0; left -= 1) await Promise.resolve();
  };
  const report = await runLaw(
    memoryTransport(hosts, turns, motion),
    {
      targets: new Map((manner.reversed ? names.reverse() : names).map((host) => [host, target(host)])),
      witness: target,
      kinds: memoryKinds,
      compile: () => ({ ok: true, value: compiled, warnings: [] }),
      prune: compiled.complete,
      forks: manner.forks,
    },
    answer,
  );
  expect(motion.faults).toEqual([]);
  return report;
}

/**
 * Watches that never two members of a cell are in motion of which any is there: before the first thing is done to a
 * member, each other one of its cell has said that it is ready since the one before it began, and since anything was
 * done to it, after which a member is not ready for two answers. One that is not there has nothing to lose, but no other
 * one may be in motion. What is no longer declared belongs to no member.
 */
function motionIn(compiled: Compiled, hosts: Hosts) {
  const isThere = (member: string) => [...hosts.values()].some(({ things }) => things.has(`member of ${member}`));
  const others = new Map<string, readonly string[]>();
  const memberOf = new Map<string, string>();
  for (const { moving, resources, drain, handlers } of compiled.plays) {
    for (const [host, one] of moving ?? []) {
      others.set(
        one.member,
        one.others.map(({ member }) => member),
      );
      const ends = handlers.get(host)!.map(({ resource }) => resource);
      for (const { id } of [...resources.get(host)!, ...drain.get(host)!, ...ends]) {
        memberOf.set(id.slice(id.indexOf(':') + 1), one.member);
      }
    }
  }
  const there = new Set([...others.keys()].filter(isThere));
  const inMotion = new Set<string>();
  const ready = new Set<string>();
  const starting = new Map<string, number>();
  const faults: string[] = [];
  const did = (thing: string) => {
    const member = memberOf.get(thing);
    if (member === undefined) return;
    ready.delete(member);
    starting.set(member, 2);
    if (inMotion.has(member)) return;
    const cell = [member, ...others.get(member)!];
    for (const other of others.get(member)!) {
      const mustBe = there.has(member) || inMotion.has(other);
      if (cell.some((one) => there.has(one)) && mustBe && !ready.has(other)) {
        faults.push(`${member} moves before ${other} is ready`);
      }
      ready.delete(other);
      inMotion.delete(other);
    }
    inMotion.add(member);
  };
  const answers = (url: string) => {
    const member = /\/ready\/(\S+)$/.exec(url)?.[1];
    if (member === undefined) return true;
    const left = starting.get(member) ?? 0;
    if (left === 0) ready.add(member);
    else starting.set(member, left - 1);
    return left === 0;
  };
  const listens = (url: string) => {
    const member = /\/\w+\/(\S+)$/.exec(url)?.[1];
    return member === undefined || isThere(member);
  };
  return { faults, did, answers, listens };
}

interface HostState {
  readonly things: Record<string, Record<string, Shown>>;
  readonly done: string[];
}
type State = Readonly<Record<string, HostState>>;

/** What can be told of the hosts, apart from what hadeploy keeps there for itself. */
function stateOf(hosts: Hosts): State {
  const state = [...hosts].map(([name, { things, done }]) => {
    const plainThings = [...things].map(([thing, values]) => [thing, Object.fromEntries(values)] as const);
    const plain: HostState = { things: Object.fromEntries(plainThings), done: [...done] };
    return [name, plain] as const;
  });
  return Object.fromEntries(state);
}

/** What the hosts become when exactly the plan happens to them, each value shown being what was and what will be. */
function predicted(before: State, plan: Plan): State {
  const after = structuredClone(before);
  for (const { resource, change } of deeds(plan)) {
    if (!isDeed(change)) continue;
    const host = after[resource.host]!;
    const name = resource.id.slice(resource.id.indexOf(':') + 1);
    if (change.action === 'run') host.done.push(name);
    if (resource.kind !== 'thing') continue;
    expect(host.things[name] === undefined).toBe(change.action === 'create');
    for (const { field, from } of change.fields) expect(host.things[name]?.[field]).toBe(from);
    if (change.action === 'create') host.things[name] = {};
    for (const { field, to } of change.fields) host.things[name]![field] = to;
    if (change.action !== 'delete') continue;
    expect(Object.values(host.things[name]!).every((value) => value === undefined)).toBe(true);
    delete host.things[name];
  }
  return after;
}

/** What several members do at once on a host has no order among them. */
const inAnyOrder = (state: State, { plays }: Plan): State =>
  plays.every(({ atOnce }) => atOnce === undefined)
    ? state
    : Object.fromEntries(Object.entries(state).map(([host, one]) => [host, { ...one, done: [...one.done].sort() }]));

/** What nobody chose is not brought about, so it cannot be brought back. */
const allChosen = (estate: Estate): Estate => ({
  ...estate,
  tasks: estate.tasks.map((one) => ({ ...one, tag: one.tag === 'never' ? undefined : one.tag })),
});

/** A plan in both of its forms. */
const told = ({ plan }: Report) => `${planText(plan!, { diffs: true })}\n${JSON.stringify(planJson(plan!))}`;
const everything = (hosts: Hosts) =>
  JSON.stringify([stateOf(hosts), [...hosts].map(([, { files, steps }]) => [[...files], steps])]);

/** Dry, real, real again, holding each of them to the law. */
async function lawfully(compiled: Compiled, hosts: Hosts, manner: Manner): Promise<void> {
  const untouched = everything(hosts);
  const before = stateOf(hosts);
  const dry = await run(compiled, hosts, 'stop', manner);
  expect(dry.faults).toEqual([]);
  expect(everything(hosts)).toBe(untouched);
  const real = await run(compiled, hosts, 'go');
  expect(real.faults).toEqual([]);
  expect(told(real)).toBe(told(dry));
  expect(inAnyOrder(stateOf(hosts), real.plan!)).toEqual(inAnyOrder(predicted(before, real.plan!), real.plan!));
  const settled = everything(hosts);
  const again = await run(compiled, hosts, 'go', manner);
  expect(again).toMatchObject({ outcome: 'planned', faults: [] });
  expect(told(again)).toMatch(/^Nothing to change: /);
  expect(everything(hosts)).toBe(settled);
}

function hostsOf({ hosts }: Estate, start: Readonly<Record<string, HostState['things']>>): Hosts {
  return new Map(
    hosts.map(({ name }) => {
      const things = Object.entries(start[name] ?? {}).map(
        ([thing, values]) => [thing, new Map(Object.entries(values))] as const,
      );
      return [name, memoryHost(new Map(things))];
    }),
  );
}

/** Of a host's things, what is declared on it: only the declared fields. */
function declaredOf(compiled: Compiled, hosts: Hosts) {
  return compiled.plays.flatMap((play) =>
    [...play.resources].flatMap(([host, resources]) =>
      resources
        .filter(({ kind }) => kind === 'thing')
        .map(({ id, spec }) => {
          const { name, fields = {} } = spec as { readonly name: string; readonly fields?: Record<string, Shown> };
          const now = hosts.get(host)!.things.get(name);
          return [host, id, now && Object.keys(fields).map((field) => now.get(field))];
        }),
    ),
  );
}

describe('the law, on hosts in memory', () => {
  it(
    'holds: the plan is what happens, a dry run is nothing, a second run is empty, and the way back is exact',
    async () => {
      await fc.assert(
        fc.asyncProperty(estatesWithEdits, startingStates, manners, async ([first, second], start, manner) => {
          const hosts = hostsOf(first, start);
          const [a, b] = [first, second].map((one) => compileEstate(filesOf(allChosen(one)))) as [Compiled, Compiled];
          await lawfully(a, hosts, manner);
          const [was, there] = [declaredOf(a, hosts), stateOf(hosts)];
          await lawfully(b, hosts, manner);
          await lawfully(a, hosts, manner);
          expect(declaredOf(a, hosts)).toEqual(was);
          for (const [host, { things }] of hosts) {
            expect([...things.keys()].filter((name) => there[host]!.things[name] === undefined)).toEqual([]);
          }
        }),
        { numRuns },
      );
    },
    120_000 + 2_000 * numRuns,
  );

  it(
    'changes no two members at once of a cell of which any is there, whichever are',
    async () => {
      const some = fc.array(fc.boolean(), { minLength: 48, maxLength: 48 });
      await fc.assert(
        fc.asyncProperty(estatesWithEdits, some, manners, async ([first, second], there, manner) => {
          const compiled = compileEstate(filesOf(allChosen(first)));
          const hosts = hostsOf(first, {});
          const members = compiled.plays.flatMap((play) => [...(play.moving?.values() ?? [])]);
          for (const [index, { host, member }] of members.entries()) {
            if (there[index]) hosts.get(host)!.things.set(`member of ${member}`, new Map());
          }
          await run(compiled, hosts, 'go', manner);
          await run(compileEstate(filesOf(allChosen(second))), hosts, 'go', manner);
        }),
        { numRuns },
      );
    },
    120_000 + 2_000 * numRuns,
  );

  it(
    'has the same plan for the same input, whatever the order of the hosts, and how many answer at once',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          estatesWithEdits,
          startingStates,
          manners,
          fc.nat({ max: 3 }),
          async ([first], start, manner, turn) => {
            const hosts = hostsOf(first, start);
            const one = await run(compileEstate(filesOf(first)), hosts, 'stop');
            const other = await run(compileEstate(filesOf(first, turn)), hosts, 'stop', manner);
            expect(told(other)).toBe(told(one));
          },
        ),
        { numRuns },
      );
    },
    120_000 + 2_000 * numRuns,
  );

  it(
    'renders the same whatever is chosen, and leaves alone what is not',
    async () => {
      const choices = fc.record({
        hosts: fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 }),
        tags: fc.subarray(['red', 'blue', 'always', 'never', 'tagged', 'untagged', 'all']),
        skipTags: fc.subarray(['red', 'blue', 'always']),
      });
      await fc.assert(
        fc.asyncProperty(
          estatesWithEdits,
          startingStates,
          choices,
          async ([first, second], start, { hosts: some, tags, skipTags }) => {
            const names = first.hosts.map(({ name }) => name);
            const chosen = names.filter((name) => some.includes(name));
            fc.pre(chosen.length > 0);
            const hosts = hostsOf(first, start);
            await run(compileEstate(filesOf(first)), hosts, 'go');
            const before = stateOf(hosts);
            const whole = compileEstate(filesOf(second), { tags: ['all', 'never'] });
            const part = compileEstate(filesOf(second), { tags, skipTags, limit: chosen.join(',') });
            const rendered = new Map(
              whole.plays.flatMap((play) =>
                [...play.resources.values()]
                  .flat()
                  .map((one) => [`${one.host} ${one.id} ${one.task.at.col}`, one] as const),
              ),
            );
            for (const play of part.plays)
              for (const [host, resources] of play.resources) {
                expect(chosen).toContain(host);
                for (const one of resources) expect(one).toEqual(rendered.get(`${host} ${one.id} ${one.task.at.col}`));
              }
            const limited = compileEstate(filesOf(second), { limit: chosen.join(',') });
            expect([...limited.declared].sort()).toEqual(
              [...whole.declared].filter(([host]) => chosen.includes(host)).sort(),
            );
            const report = await run(part, hosts, 'go');
            expect(report.faults).toEqual([]);
            const foreseen = predicted(before, report.plan!);
            expect(inAnyOrder(stateOf(hosts), report.plan!)).toEqual(inAnyOrder(foreseen, report.plan!));
            const asked = new Set(
              part.plays.flatMap((play) => [...play.resources.values()].flat().map(({ host, id }) => `${host} ${id}`)),
            );
            for (const { resource, change } of deeds(report.plan!)) {
              const notified = resource.kind === 'deed';
              const pruned = isDeed(change) && change.action === 'delete' && part.complete;
              expect(asked.has(`${resource.host} ${resource.id}`) || notified || pruned).toBe(true);
            }
          },
        ),
        { numRuns },
      );
    },
    120_000 + 2_000 * numRuns,
  );
});
