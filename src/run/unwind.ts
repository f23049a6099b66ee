import type { LimitFunction } from 'p-limit';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Moving } from '../resources/member.ts';
import type { Finished } from './change-host.ts';
import { each } from './each.ts';
import { type Prover, proveItself, proveOthers } from './prove.ts';
import { recordUndone, undoHost } from './undo.ts';

/** What became of the plays that a run had finished when it failed. */
export interface Unwound {
  /** In what state their hosts are, in one or more sentences. */
  readonly state: string;
  /** Why some of them were not undone, or not wholly. */
  readonly faults: readonly Diagnostic[];
}

/**
 * Undoes what a run had finished, last batch first. A member goes back as it went: once the others of its cell are
 * proved well, and until it is well itself where it was before. The first batch with a fault is the last.
 */
export async function unwind(
  finished: readonly (readonly Finished[])[],
  limit: LimitFunction,
  prover: Prover,
): Promise<Unwound> {
  const open = new Set(finished.flat());
  const states: string[] = [];
  for (const batch of finished.toReversed()) {
    if (prover.stop.aborted) break;
    const byHost = new Map(batch.map((one) => [one.work.host, one]));
    const faults = await each([...byHost.keys()], limit, async (host) => {
      await unwindHost(byHost.get(host)!, prover, (state) => {
        open.delete(byHost.get(host)!);
        states.push(state);
      });
    });
    if (faults.length > 0) return { state: stateOf(states, open), faults };
  }
  return { state: stateOf(states, open), faults: [] };
}

async function unwindHost(one: Finished, prover: Prover, onUndone: (state: string) => void): Promise<void> {
  const { play, work, trace, moved, begun = [] } = one;
  const { kinds, ports, stop, rolling } = prover;
  const taken = begun.filter(({ cell }) => !rolling.allowDegraded.has(cell));
  if (taken.length > 0) throw new Refusal(taken.map(takenAway));
  const notWell = moved ? await proveOthers(prover, moved.moving, 1) : [];
  if (notWell.length > 0) throw new Refusal(notWell);
  const undone = await undoHost(work, trace, kinds, ports, stop, play);
  onUndone(await recordUndone(undone, work, kinds, ports, stop, one.record));
  if (undone.stuck !== undefined) throw new Refusal([notUndone(one, undone.stuck)]);
  if (moved?.wasWell) await proveItself(prover, moved.moving);
}

/** A member of a cell that did nothing before the run, and is not to vanish as a whole. */
function takenAway({ member, cell, host }: Moving): Diagnostic {
  return {
    code: 'cell-taken-away',
    severity: 'error',
    what: `${member} on ${host} was not undone.`,
    host,
    why: `The run made all of ${cell}, of which nothing would be left.`,
    mend: `Mend what failed and run the same command again, or say that it is meant: --allow-degraded ${cell}.`,
  };
}

function notUndone({ play, work: { host } }: Finished, why: string): Diagnostic {
  return {
    code: 'not-undone',
    severity: 'error',
    what: `What "${play}" had changed on ${host} was not put back wholly.`,
    host,
    why,
    mend: 'Mend the cause, then run `hadeploy rollback` for the rest, or `hadeploy apply` to finish what was meant.',
  };
}

function stateOf(states: readonly string[], open: ReadonlySet<Finished>): string {
  const hosts = new Map<string, readonly string[]>();
  for (const { play, work } of open) hosts.set(work.host, [...(hosts.get(work.host) ?? []), `"${play}"`]);
  const left = [...hosts].map(([host, plays]) => `${host} (${plays.join(', ')})`);
  return [
    states.length > 0 ? `Undone with it, last first: ${states.join(' ')}` : '',
    left.length > 0 ? `Not undone: ${left.join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
