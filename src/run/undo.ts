import { Refusal } from '../diagnostics/diagnostic.ts';
import { label, pendingId } from '../plan/label.ts';
import { diff, type HostPlay, type Item, type Observations, planHost } from '../plan/plan.ts';
import { wholeId } from '../plan/whole.ts';
import { isDeed } from '../resources/change.ts';
import type { AnyKind, Former } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import { executeHost, newTrace, type Trace } from './execute.ts';
import type { HostWork } from './host-work.ts';
import { observe } from './observe.ts';
import { ownUndo } from './own-undo.ts';
import type { Ports } from './ports.ts';

/** Something that does not come back, or not wholly, and why. */
export interface Remainder {
  readonly resource: Resource;
  readonly why: string;
}

/** What brings a host back to what was observed before a play began. */
export interface UndoWork {
  /** Former specs, last changed first; then the gates that held before; the handlers that were begun run again. */
  readonly play: HostPlay;
  /** Ids of handlers that are due whatever else comes back: they end what the play had drained. */
  readonly due: readonly string[];
  /** What cannot be put back. */
  readonly lost: readonly Remainder[];
  /** What is put back, but not exactly. */
  readonly odd: readonly Remainder[];
}

/** The way back from the items that were begun, by what was observed of them before. */
export function undoWork(items: readonly Item[], trace: Trace, kinds: ReadonlyMap<string, AnyKind>): UndoWork {
  const begun = items.filter(
    (item) => trace.begun.has(item) && item.change.action !== 'await' && item.drain === undefined,
  );
  const leave = leaving(items, trace).map(({ resource }) => resource);
  const found = begun.map((item) => ({ item, former: formerOf(item.resource, trace.observed, kinds) }));
  const handlers = found
    .filter(({ item, former }) => isHandler(item) && !hasSpec(former))
    .map(({ item }) => item.resource);
  // A handler whose unit came with the play has nothing to restart once that is gone.
  const stands = (one: Resource) => one.delegate !== undefined || trace.observed.get(one) !== undefined;
  const again = [...handlers.filter(stands), ...leave];
  const names = again.map(({ id }) => id);
  const tasks = found.filter(({ item, former }) => hasSpec(former) || !isHandler(item)).reverse();
  const resources = tasks.flatMap(({ item: { resource }, former }): readonly Resource[] =>
    hasSpec(former) ? [{ ...resource, spec: former.spec, notify: resource.notify.length > 0 ? names : [] }] : [],
  );
  const gates = items.flatMap(({ resource, change }) => {
    const held =
      change.action === 'await' && diff(resource, trace.observed, kinds, { disturbed: false }).action === 'none';
    return held ? [{ ...resource, notify: [] }] : [];
  });
  return {
    play: {
      resources: [...resources, ...gates],
      handlers: again.map((resource) => ({ names: [resource.id], resource })),
    },
    due: leave.map(({ id }) => id),
    lost: tasks.flatMap(({ item: { resource }, former }) => {
      if (hasSpec(former)) return [];
      return [{ resource, why: former?.lost ?? `what a ${resource.kind} does cannot be undone` }];
    }),
    odd: tasks.flatMap(({ item: { resource }, former }) =>
      hasSpec(former) && former.except !== undefined ? [{ resource, why: former.except }] : [],
    ),
  };
}

/** The items that end what a play had drained, where it had begun to. */
function leaving(items: readonly Item[], trace: Trace): readonly Item[] {
  const drained = items.some((item) => item.drain === 'enter' && trace.begun.has(item));
  return items.filter((item) => drained && item.drain === 'leave');
}

function formerOf(resource: Resource, observed: Observations, kinds: ReadonlyMap<string, AnyKind>) {
  return kinds.get(resource.kind)!.former?.(resource.spec, observed.get(resource)) as Former<unknown> | undefined;
}

function hasSpec(former: Former<unknown> | undefined): former is Extract<Former<unknown>, { readonly spec: unknown }> {
  return former !== undefined && 'spec' in former;
}

function isHandler(item: Item): boolean {
  return item.now.notified !== undefined;
}

/** How an undo ended. */
export interface Undone {
  /** For the fault: what was put back, what was not, and why. */
  readonly state: string;
  /** Ids of what is not as it was. */
  readonly kept: ReadonlySet<string>;
  /** Why something has a way back and did not take it. */
  readonly stuck?: string;
}

/**
 * Puts a host back to what it was before a play that failed there: by the same looks, steps and gates as everything.
 * What fails on the way back is passed over, so that the rest comes back; what is still due at the end is told. What a
 * play had drained that `finished` (its name) is in use again, and drained once more.
 */
export async function undoHost(
  work: HostWork,
  trace: Trace,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
  stop: AbortSignal,
  finished?: string,
): Promise<Undone> {
  const { play: way, due: leave, lost, odd } = undoWork(work.items, trace, kinds);
  const play = finished === undefined ? way : { ...way, drain: drainOf(work.items, trace, leave) };
  let drained = finished === undefined ? leave : [];
  ports.tell({ type: 'undoing', host: work.host, ...(finished !== undefined && { finished }) });
  const failed = new Map<Resource, string>();
  const changed = new Set<Resource>();
  const look = (resources: readonly Resource[]) => observe(work.connection, work.host, resources, kinds, ports);
  try {
    for (let open: HostPlay = play; open.resources.length + leave.length > 0; ) {
      const handlers = open.handlers.map(({ resource }) => resource);
      const observed = await look([...(open.drain ?? []), ...open.resources, ...handlers]);
      const items = planHost([open], observed, kinds, drained)[0]!;
      for (const { resource, change } of items) {
        if (change.action === 'blocked') failed.set(resource, change.why);
        else if (isDeed(change) && change.action !== 'await') changed.add(resource);
      }
      const able = items.filter(({ change }) => isDeed(change));
      const back = newTrace(observed);
      const fault = await refusal(
        executeHost(
          { ...work, keep: nothing, items: able, touched: true, before: [], after: [] },
          kinds,
          ports,
          stop,
          back,
        ),
      );
      if (fault === undefined) break;
      const at = [...back.begun].at(-1)?.resource;
      const passedOver = passable.has(fault.code) ? at : undefined;
      if (passedOver === undefined) {
        for (const { resource, change } of await due(
          open.resources.filter((one) => !failed.has(one)),
          look,
          kinds,
        )) {
          failed.set(resource, isDeed(change) ? change.cause : fault.what);
        }
        break;
      }
      failed.set(passedOver, [fault.why ?? fault.what, fault.output].filter(Boolean).join('\n'));
      drained = leave;
      // What could not be drained is not touched; what drained it in part still ends.
      const inUse = open.drain?.includes(passedOver) === true;
      if (inUse) for (const one of open.resources) failed.set(one, `"${passedOver.task.name}" did not come true`);
      open = {
        resources: open.resources.filter((one) => !failed.has(one)),
        handlers: open.handlers.filter(({ resource }) => !failed.has(resource)),
      };
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const resource of play.resources) if (!failed.has(resource)) failed.set(resource, error.diagnostics[0]!.what);
  }
  const back = play.resources.filter((one) => changed.has(one) && !failed.has(one));
  const remains = [...lost, ...[...failed].map(([resource, why]) => ({ resource, why }))];
  const undone = {
    state: stateOf(work.host, back, remains, odd),
    kept: new Set(remains.map(({ resource }) => resource.id)),
    ...(failed.size > 0 && { stuck: [...failed.values()][0]! }),
  };
  ports.tell({ type: 'undone', host: work.host, state: undone.state });
  return undone;
}

/** What a finished play had drained, to be drained once more: the same handlers end it, whatever becomes of the rest. */
function drainOf(items: readonly Item[], trace: Trace, leave: readonly string[]): readonly Resource[] {
  const entered = items.filter((item) => item.drain === 'enter' && trace.begun.has(item));
  return entered.map(({ resource }) => ({ ...resource, notify: leave }));
}

/** The fault of work that failed on its host. */
async function refusal(work: Promise<void>) {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.diagnostics[0]!;
  }
}

async function due(
  resources: readonly Resource[],
  look: (resources: readonly Resource[]) => Promise<Observations>,
  kinds: ReadonlyMap<string, AnyKind>,
) {
  const observed = await look(resources);
  return resources
    .map((resource) => ({ resource, change: diff(resource, observed, kinds, { disturbed: false }) }))
    .filter(({ change }) => change.action !== 'none');
}

function stateOf(
  host: string,
  back: readonly Resource[],
  remains: readonly Remainder[],
  odd: readonly Remainder[],
): string {
  const told = (list: readonly Remainder[]) =>
    list.map(({ resource, why }) => `${label(resource)} (${why})`).join(', ');
  const names = back.map(label).join(', ');
  return [
    back.length > 0 ? `${host} was put back to what it was: ${names}.` : '',
    back.length === 0 && remains.length === 0 ? `${host} is as it was.` : '',
    remains.length > 0 ? `Not put back on ${host}: ${told(remains)}.` : '',
    odd.length > 0 ? `Not exactly as before: ${told(odd)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

// Faults of one item, without which the others may still come back.
const passable = new Set(['step-failed', 'delegate-failed', 'gate-timeout', 'not-confirmed']);

// Faults of a host on which nothing more can be done.
const unreachable = new Set(['connection-lost', 'host-timeout', 'lease-lost']);

// What stands now is no state to go back to.
const nothing = () => [];

// What failed by itself, not by a world that moved or a connection that is gone.
const undoable = new Set([...passable, 'not-converged', 'member-not-well', 'host-timeout', 'output-limit']);

/**
 * Puts a host back after a fault of its own, and the record of what was made there; the fault with that as its state,
 * and whether the host went all the way back that there is.
 */
export async function putBack(
  error: unknown,
  work: HostWork,
  trace: Trace,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
  stop: AbortSignal,
  record: (undone: ReadonlySet<string>) => HostWork['after'],
): Promise<{ readonly fault: unknown; readonly isBack: boolean }> {
  if (!(error instanceof Refusal)) return { fault: error, isBack: false };
  if (stop.aborted) {
    const told = await ownUndo(error, work, trace, kinds, ports);
    return { fault: await drainEnded(told, work, trace, kinds, ports), isBack: false };
  }
  if (!error.diagnostics.every(({ code }) => undoable.has(code))) {
    const fault = await ownUndo(error, work, trace, kinds, ports);
    // A plan that is stale is refused before anything is done.
    return { fault, isBack: error.diagnostics.every(({ code }) => code === 'stale-plan') };
  }
  const undone = await undoHost(work, trace, kinds, ports, stop);
  const told = await recordUndone(undone, work, kinds, ports, stop, record);
  const put = new Refusal(error.diagnostics.map((one) => ({ ...one, state: told })));
  const unconfirmed = [...trace.unconfirmed].filter(([{ resource }]) => undone.kept.has(resource.id));
  const fault = await ownUndo(put, work, { ...trace, unconfirmed: new Map(unconfirmed) }, kinds, ports);
  return { fault, isBack: undone.stuck === undefined };
}

/** The fault of an interrupted play, whose drain is ended all the same: nothing of it is to outlive the run. */
async function drainEnded(
  error: Refusal,
  work: HostWork,
  trace: Trace,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
): Promise<Refusal> {
  const items = leaving(work.items, trace);
  if (items.length === 0 || error.diagnostics.some(({ code }) => unreachable.has(code))) return error;
  const ending = { ...work, keep: nothing, items, touched: true, before: [], after: [] };
  const fault = await refusal(executeHost(ending, kinds, ports, new AbortController().signal));
  const told = fault === undefined ? 'What came before its change was ended' : `Not ended: ${fault.what}`;
  return new Refusal(error.diagnostics.map((one) => ({ ...one, state: `${one.state} ${told}.` })));
}

/** Brings the record of what was made on a host in line with what was undone there; the state it is in now. */
export async function recordUndone(
  { state, kept }: Undone,
  work: HostWork,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
  stop: AbortSignal,
  record: (undone: ReadonlySet<string>) => HostWork['after'],
): Promise<string> {
  const back = work.items.map(({ resource }) => resource).filter(({ id }) => !kept.has(id));
  const undone = new Set(back.flatMap((resource) => [wholeId(resource, kinds), pendingId(resource)]));
  const last = { ...work, keep: nothing, items: [], before: [], after: record(undone) };
  const fault = await refusal(executeHost(last, kinds, ports, stop));
  return fault === undefined ? state : `${state} The record of what hadeploy made was not: ${fault.what}`;
}
