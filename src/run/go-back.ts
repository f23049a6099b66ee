import { formerlyAfter, rollbackPlays, rollbackTarget, rollbackWarnings } from '../plan/rollback.ts';
import { Script } from '../posix/script.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Job } from './job.ts';

/**
 * What turns a job into the way back: to what hosts were before the last run that changed any of them, or right after
 * the run `to`. Gates stay, so that the way back is proved as the way forward is.
 */
export function goBack(
  playbook: string,
  to: string | undefined,
  kinds: ReadonlyMap<string, AnyKind>,
): NonNullable<Job['back']> {
  return (compiled, kept) => {
    const target = rollbackTarget(kept, playbook, to);
    if (!target.ok) return target;
    const former = new Map(
      [...kept].map(([host, generations]) => [host, formerlyAfter(generations, playbook, target.value)]),
    );
    // What asks over HTTP only waits.
    const isGate = (kind: string, spec: unknown) => !(kinds.get(kind)!.probe(spec) instanceof Script);
    const { plays, unplayed } = rollbackPlays(
      compiled.plays,
      former,
      (one) => isGate(one.kind, one.spec),
      playbook,
      (one) => kinds.get(one.kind)!.part?.(one.spec),
    );
    if (unplayed.length > 0) {
      const what = `${unplayed.join(', ')} keep what earlier runs changed, but no play of ${playbook} names them.`;
      const mend = 'Take the inventory and the playbook of that run.';
      return { ok: false, faults: [{ code: 'no-play', severity: 'error', what, mend }] };
    }
    return { ok: true, value: { ...compiled, plays }, warnings: rollbackWarnings(former) };
  };
}
