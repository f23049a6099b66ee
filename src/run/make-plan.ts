import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { orphans } from '../plan/ownership.ts';
import { blocked, type Item, type Plan, planHost } from '../plan/plan.ts';
import type { Moving, Proved } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import { checkItems } from './check.ts';
import { each } from './each.ts';
import type { EarlyLook } from './early-look.ts';
import type { CompiledJob, Job, Rolling, Site } from './job.ts';
import type { Limit } from './lend.ts';
import { observe } from './observe.ts';
import type { Ports } from './ports.ts';

/** A plan, what in it takes away things nobody declares any more, and what stands in its way. */
export interface MadePlan {
  readonly plan: Plan;
  readonly orphans: ReadonlyMap<string, readonly Resource[]>;
  /** Hosts of which it holds all that the playbook declares. */
  readonly whole: ReadonlySet<string>;
  readonly faults: readonly Diagnostic[];
}

/** Looks at every host, once in all with the early look, and lets the programs concerned judge what is about to change. */
export async function makePlan(
  job: Job,
  compiled: CompiledJob,
  sites: ReadonlyMap<string, Site>,
  limit: Limit,
  ports: Ports,
  early: Map<string, EarlyLook>,
): Promise<MadePlan> {
  const planned = compiled.plays.map((play) => ({ ...play, items: new Map<string, readonly Item[]>() }));
  const orphaned = new Map<string, readonly Resource[]>();
  const whole = new Set<string>();
  const faults = await each([...sites.keys()], limit, async (host) => {
    const site = sites.get(host)!;
    const declared = compiled.declared.get(host) ?? new Set<string>();
    const prune = job.prune && !compiled.spared?.has(host);
    const gone = prune ? orphans(site.hello.ownership, job.playbook, host, declared, job.kinds) : [];
    orphaned.set(host, gone);
    if (prune) whole.add(host);
    const mine = planned.filter((play) => play.resources.has(host));
    const plays = mine.map((play, index) => ({
      resources: [...play.resources.get(host)!, ...(index === mine.length - 1 ? gone : [])],
      handlers: play.handlers.get(host) ?? [],
      drain: play.drain?.get(host) ?? [],
    }));
    const all = plays.flatMap((play) => [
      ...play.drain,
      ...play.resources,
      ...play.handlers.map((handler) => handler.resource),
    ]);
    const observed = await observe(site.connection, host, all, job.kinds, ports, early.get(host));
    early.delete(host);
    const items = planHost(plays, observed, job.kinds, site.hello.ownership.get(job.playbook)?.pending);
    for (const [index, play] of mine.entries()) play.items.set(host, items[index]!);
    await checkItems(site.connection, host, items.flat(), observed, job.kinds, ports);
    ports.tell({ type: 'looked', host });
  });
  const plan = {
    plays: planned.map(({ name, batches, items, moving }) => ({
      name,
      batches,
      items: inOrder(batches, items),
      ...(moving && { moving: waited(moving, job.rolling) }),
    })),
  };
  return { plan, orphans: orphaned, whole, faults: [...faults, ...blocked(plan)] };
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
