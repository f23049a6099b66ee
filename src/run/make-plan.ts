import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { inSteps, madeAtOnce } from '../plan/at-once.ts';
import { orphans } from '../plan/ownership.ts';
import { blocked, type Item, type Observations, type Plan, type PlannedPlay, planHost } from '../plan/plan.ts';
import { isDeed } from '../resources/change.ts';
import type { Moving, Proved } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import { checkItems } from './check.ts';
import { each } from './each.ts';
import { type EarlyLook, told } from './early-look.ts';
import type { CompiledJob, Job, JobPlay, Rolling, Site } from './job.ts';
import type { Limit } from './lend.ts';
import { observe } from './observe.ts';
import { lifeless, type Prover } from './prove.ts';

/** A plan, what in it takes away things nobody declares any more, and what stands in its way. */
export interface MadePlan {
  readonly plan: Plan;
  readonly orphans: ReadonlyMap<string, readonly Resource[]>;
  /** Hosts of which it holds all that the playbook declares. */
  readonly whole: ReadonlySet<string>;
  /** What was judged by the program that is to use it. */
  readonly judged: ReadonlySet<Resource>;
  readonly faults: readonly Diagnostic[];
}

/** What will happen on a host, by play. */
type ItemsOf = ReadonlyMap<JobPlay, readonly Item[]>;

/** Looks at every host, once in all with the early look, and lets the programs concerned judge what is about to change. */
export async function makePlan(
  job: Job,
  compiled: CompiledJob,
  sites: ReadonlyMap<string, Site>,
  limit: Limit,
  prover: Prover,
  early: Map<string, EarlyLook>,
): Promise<MadePlan> {
  const { ports, kinds } = prover;
  const planned = new Map<string, ItemsOf>();
  const orphaned = new Map<string, readonly Resource[]>();
  const whole = new Set<string>();
  const judged = new Set<Resource>();
  // Of hosts with members that are to change: in which order they do depends on all of them.
  const observed = new Map<string, Observations>();
  const planOn = (host: string, plays: readonly JobPlay[], seen: Observations): ItemsOf => {
    const mine = plays.filter((play) => play.resources.has(host));
    const hostPlays = mine.map((play, index) => ({
      resources: [...play.resources.get(host)!, ...(index === mine.length - 1 ? orphaned.get(host)! : [])],
      handlers: play.handlers.get(host) ?? [],
      drain: play.drain?.get(host) ?? [],
    }));
    const { pending } = sites.get(host)!.hello.ownership.get(job.playbook) ?? {};
    const items = planHost(hostPlays, seen, kinds, pending);
    return new Map(mine.map((play, index) => [play, items[index]!]));
  };
  const faults = await each([...sites.keys()], limit, async (host) => {
    const site = sites.get(host)!;
    const declared = compiled.declared.get(host) ?? new Set<string>();
    const prune = job.prune && !compiled.spared?.has(host);
    const gone = prune ? orphans(site.hello.ownership, job.playbook, host, declared, job.kinds) : [];
    orphaned.set(host, gone);
    if (prune) whole.add(host);
    const all = compiled.plays.flatMap((play) => [
      ...(play.drain?.get(host) ?? []),
      ...(play.resources.get(host) ?? []),
      ...(play.handlers.get(host) ?? []).map((handler) => handler.resource),
    ]);
    const known = early.get(host) ?? new Map();
    early.delete(host);
    const look = (some: readonly Resource[]) => observe(site.connection, host, some, kinds, ports, known);
    const isKnown = told(known);
    const isOpen = (one: Resource) => kinds.get(one.kind)!.gate === true && isKnown(one) === undefined;
    let seen = await look([...all, ...gone].filter((one) => !isOpen(one)));
    let items = planOn(host, compiled.plays, seen);
    // What a gate says now counts only where nothing changes before it.
    const counting = [...items.values()].flat().filter(({ resource, now }) => !now.disturbed && isOpen(resource));
    if (counting.length > 0) {
      seen = new Map([...seen, ...(await look(counting.map(({ resource }) => resource)))]);
      items = planOn(host, compiled.plays, seen);
    }
    planned.set(host, items);
    if ([...items].some(([play, mine]) => play.roll !== undefined && isBusy(mine))) observed.set(host, seen);
    const judgedHere = await checkItems(site.connection, host, [...items.values()].flat(), seen, kinds, ports);
    for (const one of judgedHere) judged.add(one);
    ports.tell({ type: 'looked', host });
  });
  const nobodyThere = await lifeless(prover, dueMembers(compiled.plays, planned));
  const steps = inSteps(compiled.plays, nobodyThere);
  if (nobodyThere.size > 0) {
    const inOrderNow = steps.flatMap(({ plays }) => plays);
    for (const [host, seen] of observed) planned.set(host, planOn(host, inOrderNow, seen));
  }
  const withItems = (play: JobPlay) => {
    const mine = [...planned].flatMap(([host, items]) => (items.has(play) ? [[host, items.get(play)!] as const] : []));
    return { ...play, items: inOrder(play.batches, new Map(mine)) };
  };
  const plan = {
    plays: steps.map(({ plays, first }): PlannedPlay => {
      if (first) return madeAtOnce(plays.map(withItems));
      const { name, batches, items, moving } = withItems(plays[0]!);
      return { name, batches, items, ...(moving && { moving: waited(moving, job.rolling) }) };
    }),
  };
  return { plan, orphans: orphaned, whole, judged, faults: [...faults, ...blocked(plan)] };
}

/** The members for which something is to be done, and who may be made at once with others. */
function dueMembers(plays: readonly JobPlay[], planned: ReadonlyMap<string, ItemsOf>): readonly Moving[] {
  return plays.flatMap((play) =>
    [...(play.moving ?? [])].flatMap(([host, moving]) =>
      moving.atOnce && play.roll && isBusy(planned.get(host)?.get(play) ?? []) ? [moving] : [],
    ),
  );
}

function isBusy(items: readonly Item[]): boolean {
  return items.some(({ change }) => isDeed(change));
}

/** The members as the run goes through them: nobody waits for coverage that may be skipped. */
function waited(moving: ReadonlyMap<string, Moving>, { skipCoverage }: Rolling): ReadonlyMap<string, Moving> {
  const without = (other: Proved) => (skipCoverage.has(other.cell) ? { ...other, coverage: [] } : other);
  return new Map([...moving].map(([host, one]) => [host, { ...one, others: one.others.map(without) }]));
}

/** Hosts answer in any order; the plan lists them in the order of its batches. */
function inOrder<T>(batches: readonly (readonly string[])[], items: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map(batches.flat().flatMap((host) => (items.has(host) ? [[host, items.get(host)!] as const] : [])));
}
