import type { LimitFunction } from 'p-limit';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { planDigest } from '../plan/digest.ts';
import { busyBatches, diff, membersOf, type Plan } from '../plan/plan.ts';
import { isDeed } from '../resources/change.ts';
import { readApplied } from './applied.ts';
import { changeBatch } from './change-batch.ts';
import type { Finished, Progress } from './change-host.ts';
import { checkItems } from './check.ts';
import { each } from './each.ts';
import type { Job, Site } from './job.ts';
import type { MadePlan } from './make-plan.ts';
import { observe } from './observe.ts';
import type { Prover } from './prove.ts';
import { unwind } from './unwind.ts';

/**
 * Batch by batch. A member changes only once the others of its cell are proved well. The first batch with a failed host
 * is the last, unless cells may fail alone: then no further member of a failed cell changes.
 */
export async function carryOut(
  job: Job,
  made: MadePlan,
  sites: ReadonlyMap<string, Site>,
  limit: LimitFunction,
  prover: Prover,
): Promise<readonly Diagnostic[]> {
  const { plan } = made;
  const { stop, ports } = prover;
  const progress: Progress = {
    touched: new Set(),
    adrift: new Set(),
    recorded: new Map(),
    generations: new Map(),
    applied: new Map(),
    digest: planDigest(plan),
  };
  const finished: Finished[][] = [];
  const end = async (faults: readonly Diagnostic[]) =>
    withRest(await afterFailure(faults, finished, progress, limit, prover), plan, progress.touched);
  const hosts = [...new Set(plan.plays.flatMap((play) => busyBatches(play).flat()))];
  const unread = await each(hosts, limit, async (host) => {
    const record = await readApplied(sites.get(host)!.connection, host, ports.mark());
    progress.applied.set(host, { record, ended: [] });
  });
  if (unread.length > 0) return end(unread);
  const found: Diagnostic[] = [];
  const failedCells = new Set<string>();
  let judged = false;
  for (const play of plan.plays) {
    const busy = busyBatches(play);
    const rolls = membersOf(play).length > 0;
    if (busy.length > 0 && rolls && !judged) {
      judged = true;
      const refused = await judgeAhead(job, made, progress, sites, limit, prover);
      if (refused.length > 0) return end(refused);
    }
    for (const [index, all] of busy.entries()) {
      const batch = all.filter((host) => !failedCells.has(play.moving?.get(host)?.cell ?? ''));
      if (batch.length === 0) continue;
      ports.tell({ type: 'batch', play: play.name, index, count: busy.length, hosts: batch });
      const { faults, done } = await changeBatch(job, made, play, batch, sites, limit, progress, prover, failedCells);
      if (prover.rolling.onFailure === 'unwind') finished.push(batch.flatMap((host) => done.get(host) ?? []));
      found.push(...faults);
      const goOn = prover.rolling.onFailure === 'continue-other-cells' && rolls;
      if ((faults.length > 0 && !goOn) || stop.aborted) return end(found);
    }
  }
  return found.length === 0 ? [] : end(found);
}

/** The faults of a run, whose finished plays are undone first where that is wanted and every failed host is back. */
async function afterFailure(
  found: readonly Diagnostic[],
  finished: readonly (readonly Finished[])[],
  { adrift }: Progress,
  limit: LimitFunction,
  prover: Prover,
): Promise<readonly Diagnostic[]> {
  if (prover.rolling.onFailure !== 'unwind' || prover.stop.aborted || found.length === 0) return found;
  const hosts = [...adrift].join(', ');
  const { state, faults } =
    adrift.size > 0
      ? { state: `Nothing else was undone, since ${hosts} could not be put back.`, faults: [] }
      : await unwind(finished, limit, prover);
  return [...found, ...faults].map((fault) => ({ ...fault, state: [fault.state, state].filter(Boolean).join(' ') }));
}

/**
 * Before the first member of any cell changes, on hosts that have changed since the plan was made: what could not be
 * judged then (the image was not there yet) can be now.
 */
async function judgeAhead(
  job: Job,
  { plan, judged }: MadePlan,
  { touched }: Progress,
  sites: ReadonlyMap<string, Site>,
  limit: LimitFunction,
  { ports }: Prover,
): Promise<readonly Diagnostic[]> {
  const rolled = plan.plays.filter((play) => membersOf(play).length > 0);
  return each([...touched], limit, async (host) => {
    const items = rolled.flatMap((play) => play.items.get(host) ?? []).filter(({ change }) => isDeed(change));
    // What could only be judged in part says so.
    const checked = items.filter(({ resource, change }) => {
      const isDone = judged.has(resource) && !('notes' in change && change.notes !== undefined);
      return isDeed(change) && !isDone && job.kinds.get(resource.kind)!.judges?.(resource.spec, change) === true;
    });
    if (checked.length === 0) return;
    const resources = checked.map(({ resource }) => resource);
    const { connection } = sites.get(host)!;
    const observed = await observe(connection, host, resources, job.kinds, ports);
    const fresh = checked.map((item) => ({ ...item, change: diff(item.resource, observed, job.kinds, item.now) }));
    await checkItems(connection, host, fresh, observed, job.kinds, ports);
  }).then((faults) => faults.map((fault) => ({ ...fault, state: 'No member of any cell was touched.' })));
}

function stoppedFault(touched: ReadonlySet<string>): Diagnostic {
  return {
    code: 'interrupted',
    severity: 'error',
    what: 'The run was interrupted between two batches.',
    state: `Finished: ${[...touched].join(', ')}.`,
    mend: 'Run the same command again: finished work is not repeated.',
  };
}

/** Adds to each fault which hosts were not touched at all. */
function withRest(found: readonly Diagnostic[], plan: Plan, touched: ReadonlySet<string>): readonly Diagnostic[] {
  const faults = found.length > 0 ? found : [stoppedFault(touched)];
  const deedHosts = plan.plays.flatMap((play) => busyBatches(play).flat());
  const untouched = [...new Set(deedHosts)].filter((host) => !touched.has(host));
  if (untouched.length === 0) return faults;
  const rest = `Not touched: ${untouched.join(', ')}.`;
  return faults.map((fault) => ({ ...fault, state: [fault.state, rest].filter(Boolean).join(' ') }));
}
