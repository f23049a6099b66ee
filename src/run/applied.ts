import {
  type AppliedRecord,
  appliedPath,
  appliedText,
  parseApplied,
  withApplied,
  withoutApplied,
} from '../plan/applied.ts';
import type { PlannedPlay } from '../plan/plan.ts';
import { sh } from '../posix/script.ts';
import { isDeed } from '../resources/change.ts';
import { ask } from './conversation.ts';
import type { Job } from './job.ts';
import type { MadePlan } from './make-plan.ts';
import type { Connection } from './ports.ts';
import type { HostStep } from './step-script.ts';

/** The script that prints what was last applied to its host. */
export const appliedProbe = sh`cat -- ${appliedPath} 2>/dev/null || :`;

/** What was last applied to a host; a record that cannot be read begins anew. */
export async function readApplied(connection: Connection, host: string, mark: string): Promise<AppliedRecord> {
  const [answer] = await ask(connection, host, [appliedProbe], { become: true, mark });
  return parseApplied(answer!.stdout) ?? new Map();
}

/**
 * The record once a play is done on a host: its items, and those of plays that have nothing to do there, which the
 * first look proved. What is taken away is forgotten, and with the last play all that nobody declares any more.
 */
export function appliedWith(
  job: Job,
  { plan, orphans, whole }: MadePlan,
  host: string,
  play: PlannedPlay,
  now: AppliedRecord,
): AppliedRecord {
  const busy = (one: PlannedPlay) => one.items.get(host)?.some(({ change }) => isDeed(change)) === true;
  const done = plan.plays.filter((one) => one === play || !busy(one)).flatMap((one) => one.items.get(host) ?? []);
  const gone = done
    .filter(({ resource, change }) =>
      job.back === undefined ? orphans.get(host)!.includes(resource) : change.action === 'delete',
    )
    .map(({ resource }) => resource.id);
  const next = withoutApplied(withApplied(now, job.playbook, done, job.kinds), gone);
  if (!whole.has(host) || plan.plays.findLast(busy) !== play) return next;
  const declared = new Set(plan.plays.flatMap((one) => (one.items.get(host) ?? []).map(({ resource }) => resource.id)));
  const others = [...next.values()].filter(({ id, playbook }) => playbook === job.playbook && !declared.has(id));
  return withoutApplied(
    next,
    others.map(({ id }) => id),
  );
}

/** The steps from one record to another; none where they are the same. */
export function appliedSteps(from: AppliedRecord, to: AppliedRecord): readonly HostStep[] {
  return appliedText(from) === appliedText(to) ? [] : [writeApplied(to)];
}

/** The step that leaves a record on its host, for root alone. */
export function writeApplied(record: AppliedRecord): HostStep {
  return { do: 'write', path: appliedPath, content: appliedText(record), mode: '0600', owner: 'root:root' };
}
