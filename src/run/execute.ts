import pLimit from 'p-limit';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { diff, type Item, type Observations } from '../plan/plan.ts';
import { whatMoved } from '../plan/stale.ts';
import { tellingOf } from '../plan/told-values.ts';
import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Step } from '../resources/step.ts';
import { each } from './each.ts';
import { notConverged, staleFault } from './faults.ts';
import type { HostWork, Move } from './host-work.ts';
import { move } from './moves.ts';
import { observe } from './observe.ts';
import type { Ports } from './ports.ts';

/** What is known of a play on its host when it fails there. */
export interface Trace {
  /** The look before anything was done. */
  observed: Observations;
  /** Items that were done, or may have been begun. */
  readonly begun: Set<Item>;
  /** Items that were begun and not confirmed: the host puts them back by itself within so many seconds. */
  readonly unconfirmed: Map<Item, number>;
  /** Of work that goes several ways at once, the items of those ways that failed. */
  readonly failed: Set<Item>;
}

/** Of a play that has not begun. */
export function newTrace(observed: Observations = new Map()): Trace {
  return { observed, begun: new Set(), unconfirmed: new Map(), failed: new Set() };
}

/**
 * Brings one host to what its items show: looks again, refuses if the world has moved, acts in as few conversations as
 * gates allow, and looks a third time. Rejects with a Refusal that says what state the host is in.
 */
export async function executeHost(
  work: HostWork,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
  stop: AbortSignal,
  trace: Trace = newTrace(),
): Promise<void> {
  const due = work.items.filter((item) => isDeed(item.change));
  const fresh = await lookAgain(work, due, kinds, ports, trace);
  const changes = [...fresh.values()].some((change) => change !== undefined);
  const kept = changes ? (work.keep?.(trace.observed) ?? []) : [];
  const before = [...kept, ...work.before].map(ofNoItem);
  const after = work.after.map(ofNoItem);
  const movesOf = (items: readonly Item[]) =>
    items.flatMap((item): readonly Move[] => {
      const change = fresh.get(item);
      if (change !== undefined) {
        const again = !work.judged?.has(item.resource);
        const steps = change.steps.filter((step) => again || step.do !== 'run' || !step.judges);
        return steps.map((step, index) => ({ item, step, last: index === steps.length - 1 }));
      }
      if (isDeed(item.change)) ports.tell({ type: 'item-ended', host: work.host, item, outcome: 'already' });
      return [];
    });
  if (work.ways === undefined) {
    await move(work, [...before, ...movesOf(due), ...after], ports, stop, trace);
  } else {
    await move(work, before, ports, stop, trace);
    const faults = await each(work.ways, pLimit(waysAtOnce), (way) =>
      move(work, movesOf(way), ports, stop, trace).catch((error) => {
        for (const item of way) trace.failed.add(item);
        throw error;
      }),
    );
    if (faults.length > 0) throw new Refusal(faults);
    await move(work, after, ports, stop, trace);
  }
  await lookAfter(work, kinds, ports, trace);
}

/** Conversations with one host at the same time; sshd allows ten, and some of them are for gates and the lock. */
const waysAtOnce = 6;

/** A step that keeps records. */
function ofNoItem(step: Step): Move {
  return { item: undefined, step, last: false };
}

/** A fresh look before anything is done: the steps that are due, undefined for an item that needs none any more. */
async function lookAgain(
  work: HostWork,
  due: readonly Item[],
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
  trace: Trace,
): Promise<ReadonlyMap<Item, { readonly steps: readonly Step[] } | undefined>> {
  const observed = await observe(
    work.connection,
    work.host,
    due.map((item) => item.resource),
    kinds,
    ports,
  );
  trace.observed = observed;
  const faults: Diagnostic[] = [];
  const steps = new Map<Item, { readonly steps: readonly Step[] } | undefined>();
  for (const item of due) {
    const change = diff(item.resource, observed, kinds, item.now);
    const moved = whatMoved(item.change, change, work.touched, tellingOf(item.resource, kinds));
    if (moved !== undefined) faults.push(staleFault(work, item, moved));
    const kind = kinds.get(item.resource.kind)!;
    steps.set(
      item,
      isDeed(change) ? { steps: kind.apply(item.resource.spec, change, observed.get(item.resource)) } : undefined,
    );
  }
  if (faults.length > 0) throw new Refusal(faults);
  return steps;
}

/** The third look: what is still due although every step succeeded is a fault, not a success. */
async function lookAfter(
  work: HostWork,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
  { failed }: Trace,
): Promise<void> {
  const items = work.items.filter((item) => item.now.notified === undefined);
  const observed = await observe(
    work.connection,
    work.host,
    items.map((item) => item.resource),
    kinds,
    ports,
  );
  const faults = items.flatMap((item): readonly Diagnostic[] => {
    const change = diff(item.resource, observed, kinds, { disturbed: false });
    if (change.action === 'none') return [];
    for (const one of work.ways?.find((way) => way.includes(item)) ?? []) failed.add(one);
    return [notConverged(work, item, change, kinds)];
  });
  if (faults.length > 0) throw new Refusal(faults);
}
