import { Refusal } from '../diagnostics/diagnostic.ts';
import { undoneApplied } from '../plan/applied.ts';
import { type Generation, withEntries, withoutEntries } from '../plan/generation.ts';
import {
  nextOwnership,
  type Ownership,
  ownershipPath,
  ownershipText,
  undoneOwnership,
  withHandlers,
  withoutHandlers,
} from '../plan/ownership.ts';
import { comesLast, membersOn, type Plan, type PlannedPlay } from '../plan/plan.ts';
import { sh } from '../posix/script.ts';
import { isDeed } from '../resources/change.ts';
import type { Moving } from '../resources/member.ts';
import { appliedSteps, appliedWith, type Kept, writeApplied } from './applied.ts';
import { each } from './each.ts';
import { executeHost, newTrace, type Trace } from './execute.ts';
import type { HostWork } from './host-work.ts';
import type { Job, Site } from './job.ts';
import { startedOn } from './journal/watch.ts';
import { formerly, generationSteps } from './keep.ts';
import type { MadePlan } from './make-plan.ts';
import { isWell, type Prover, proveItself } from './prove.ts';
import type { HostStep } from './step-script.ts';
import { putBack } from './undo.ts';

/** What a run has done so far. */
export interface Progress {
  /** Hosts that were changed. */
  readonly touched: Set<string>;
  /** Hosts that failed and were not put back. */
  readonly adrift: Set<string>;
  /** The record of what was made, as it stands on a host by now. */
  readonly recorded: Map<string, Ownership>;
  /** Of the plan that was agreed to. */
  readonly digest: string;
  /** What it has changed on a host by now, as the way back. */
  readonly generations: Map<string, Generation>;
  /** What hosts were last brought to by now. */
  readonly applied: Map<string, Kept>;
}

/** A play that one host has behind it, as far as its way back concerns it. */
export interface Finished {
  readonly play: string;
  readonly work: HostWork;
  readonly trace: Trace;
  /** The member it changed, and whether that was well before. */
  readonly moved?: { readonly moving: Moving; readonly wasWell: boolean };
  /** The members that it made at once with others, of whose cells nothing was there before. */
  readonly begun?: readonly Moving[];
  /** The steps that bring the host's records in line once these things (by id) are as they were before the play. */
  readonly record: (undone: ReadonlySet<string>) => readonly HostStep[];
}

/** One play on one host, in two parts; each rejects with a Refusal that says what state the host is in. */
export interface HostChange {
  make(): Promise<void>;
  /** Proves what was changed, once that was made. */
  prove(): Promise<Finished>;
}

/** Does one play on one host and proves what it changed, by what `prover` asks. */
export function changeHost(
  job: Job,
  made: MadePlan,
  play: PlannedPlay,
  site: Site,
  host: string,
  progress: Progress,
  prover: Prover,
): HostChange {
  const { plan, orphans } = made;
  const { touched, recorded, generations, adrift } = progress;
  const items = play.items.get(host)!;
  const all = plan.plays.flatMap((one) => one.items.get(host) ?? []);
  const record = nextOwnership(site.hello.ownership, job.playbook, all, orphans.get(host)!, job.kinds);
  const now = recorded.get(host) ?? site.hello.ownership;
  const during = withHandlers(recorded.get(host) ?? record.during, job.playbook, items);
  const next = lastPlayOf(plan, host) === play ? record.after : withoutHandlers(during, job.playbook, items);
  const applied = progress.applied.get(host)!;
  const kept = appliedWith(job, made, host, play, applied);
  const moving = play.moving?.get(host);
  const ways = play.atOnce?.get(host);
  const begun = ways ? membersOn(play, host) : [];
  const wasTouched = touched.has(host);
  const before = generations.get(host) ?? { run: job.run.id, playbook: job.playbook, entries: [] };
  const work: HostWork = {
    started: startedOn(job, plan, progress.digest, host),
    host,
    connection: site.connection,
    items,
    touched: wasTouched,
    before: recordSteps(now, during),
    after: [...recordSteps(during, next), ...appliedSteps(applied.record, kept)],
    keep: (observed) => {
      const changed = formerly(items, observed, job.kinds);
      generations.set(host, withEntries(before, changed));
      return generationSteps(generations.get(host)!);
    },
  };
  const trace = newTrace();
  // What ends once the member is well again stands in the record until then.
  const last = moving ? items.filter(comesLast) : [];
  const early =
    last.length > 0
      ? { ...work, items: items.filter((item) => !comesLast(item)), after: [] }
      : { ...work, ...(ways && { ways: ways.map((one) => one.items), judged: made.judged }) };
  const recordBack = (from: Ownership, undone: ReadonlySet<string>): readonly HostStep[] => {
    const was = undoneOwnership(site.hello.ownership, from, job.playbook, undone);
    recorded.set(host, was);
    const earlier = new Set(before.entries.map(({ id }) => id));
    const back = new Set([...undone].filter((id) => !earlier.has(id)));
    generations.set(host, withoutEntries(generations.get(host) ?? before, back));
    const wasApplied = undoneApplied(applied.record, progress.applied.get(host)!.record, undone);
    progress.applied.set(host, { ...applied, record: wasApplied });
    return [...writeSteps(was), ...generationSteps(generations.get(host)!), writeApplied(wasApplied)];
  };
  let stands = during;
  const ended = () => {
    recorded.set(host, next);
    if (ways) stands = next;
    progress.applied.set(host, { record: kept, ended: [...applied.ended, play] });
  };
  let wasWell = false;
  const orPutBack = async (task: () => Promise<void>) => {
    try {
      await task();
    } catch (error) {
      const failed = trace.failed.size > 0 ? items.filter((item) => trace.failed.has(item)) : items;
      const back = { ...work, items: failed };
      const { fault, isBack } = await putBack(error, back, trace, job.kinds, prover.ports, prover.stop, (undone) =>
        recordBack(stands, undone),
      );
      if (!isBack) adrift.add(host);
      const proved = fault !== error && moving ? await provedAgain(fault, moving, wasWell, prover) : fault;
      const stay = begun.filter((one) => failed !== items && !one.items.some((item) => trace.failed.has(item)));
      prover.ports.tell({ type: 'host-ended', host, play: play.name, failed: true });
      throw withStanding(proved, stay);
    } finally {
      touched.add(host);
    }
  };
  return {
    async make() {
      wasWell = moving !== undefined && (await isWell(prover, moving));
      await orPutBack(async () => {
        await executeHost(early, job.kinds, prover.ports, prover.stop, trace);
        if (last.length === 0) ended();
        else recorded.set(host, during);
      });
    },
    async prove() {
      await orPutBack(async () => {
        if (moving) await proveItself(prover, moving);
        const faults = await each(
          begun,
          (ask) => ask(),
          async ({ moving: one, items: its }) => {
            await proveItself(prover, one).catch((error) => {
              for (const item of its) trace.failed.add(item);
              throw error;
            });
          },
        );
        if (faults.length > 0) throw new Refusal(faults);
        if (last.length === 0) return;
        const ending = { ...work, items: last, before: [], keep: () => [] };
        await executeHost(ending, job.kinds, prover.ports, prover.stop);
        ended();
      });
      prover.ports.tell({ type: 'host-ended', host, play: play.name, failed: false });
      // By the time a finished play is undone, later ones have written the record too.
      const recordLater = (undone: ReadonlySet<string>) => recordBack(recorded.get(host)!, undone);
      return {
        play: play.name,
        work,
        trace,
        ...(moving && { moved: { moving, wasWell } }),
        ...(ways && { begun: begun.map((one) => one.moving) }),
        record: recordLater,
      };
    },
  };
}

/** The fault, saying as well how a member does that was put back; one that was not well before is not waited for. */
async function provedAgain(fault: unknown, moving: Moving, wasWell: boolean, prover: Prover): Promise<unknown> {
  if (!(fault instanceof Refusal)) return fault;
  const why = !wasWell
    ? undefined
    : await proveItself(prover, moving).then(
        () => undefined,
        (error: unknown) => (error instanceof Refusal ? error.diagnostics[0]! : undefined),
      );
  const well = wasWell ? `${moving.member} is well.` : `${moving.member} was not well before either.`;
  const proof = why === undefined ? well : `${moving.member} is not well: ${why.why}.`;
  return new Refusal(fault.diagnostics.map((one) => ({ ...one, state: `${one.state} ${proof}` })));
}

/** The fault, saying as well which members that were made beside what failed are not put back. */
function withStanding(fault: unknown, members: readonly { readonly moving: Moving }[]): unknown {
  if (members.length === 0 || !(fault instanceof Refusal)) return fault;
  const stand = `Made with it, and left as they are: ${members.map(({ moving }) => moving.member).join(', ')}.`;
  return new Refusal(fault.diagnostics.map((one) => ({ ...one, state: [one.state, stand].filter(Boolean).join(' ') })));
}

function lastPlayOf(plan: Plan, host: string): PlannedPlay | undefined {
  return plan.plays.findLast((one) => one.items.get(host)?.some((item) => isDeed(item.change)));
}

function recordSteps(from: Ownership, to: Ownership): readonly HostStep[] {
  return ownershipText(from) === ownershipText(to) ? [] : writeSteps(to);
}

function writeSteps(record: Ownership): readonly HostStep[] {
  const folder = ownershipPath.slice(0, ownershipPath.lastIndexOf('/'));
  return [
    { do: 'run', what: `make ${folder}`, script: sh`mkdir -p -m 0755 -- ${folder}` },
    { do: 'write', path: ownershipPath, content: ownershipText(record), mode: '0644', owner: 'root:root' },
  ];
}
