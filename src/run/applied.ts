import type { LimitFunction } from 'p-limit';
import {
  type AppliedRecord,
  appliedDigest,
  appliedPath,
  appliedText,
  parseApplied,
  withApplied,
  withoutApplied,
} from '../plan/applied.ts';
import type { PlannedPlay } from '../plan/plan.ts';
import { wholeId } from '../plan/whole.ts';
import { sh } from '../posix/script.ts';
import { isDeed } from '../resources/change.ts';
import { ask } from './conversation.ts';
import { each } from './each.ts';
import type { Job, Site } from './job.ts';
import { fence } from './lock/lease-script.ts';
import { takeLeases } from './lock/leases.ts';
import type { MadePlan } from './make-plan.ts';
import type { Connection } from './ports.ts';
import { type HostStep, stepsScript } from './step-script.ts';

/** The script that prints what was last applied to its host. */
export const appliedProbe = sh`cat -- ${appliedPath} 2>/dev/null || :`;

/** What was last applied to a host; a record that cannot be read begins anew. */
export async function readApplied(connection: Connection, host: string, mark: string): Promise<AppliedRecord> {
  const [answer] = await ask(connection, host, [appliedProbe], { become: true, mark });
  return parseApplied(answer!.stdout) ?? new Map();
}

/** What a run has brought a host to by now, and the plays that did. */
export interface Kept {
  readonly record: AppliedRecord;
  readonly ended: readonly PlannedPlay[];
}

/**
 * The record once a play is done on a host: what plays that ended there say, and those that have nothing to do there,
 * which the first look proved; of one thing, what the last of them says. What is taken away is forgotten, and with the last play all that nobody declares any more.
 */
export function appliedWith(
  job: Job,
  { plan, orphans, whole }: MadePlan,
  host: string,
  play: PlannedPlay,
  { ended, record: now }: Kept,
): AppliedRecord {
  const busy = (one: PlannedPlay) => one.items.get(host)?.some(({ change }) => isDeed(change)) === true;
  const isDone = (one: PlannedPlay) => one === play || ended.includes(one) || !busy(one);
  const done = plan.plays.filter(isDone).flatMap((one) => one.items.get(host) ?? []);
  const gone = done
    .filter(({ resource, change }) =>
      job.back === undefined ? orphans.get(host)!.includes(resource) : change.action === 'delete',
    )
    .map(({ resource }) => wholeId(resource, job.kinds));
  const next = withoutApplied(withApplied(now, job.playbook, done, job.kinds), gone);
  if (!whole.has(host) || plan.plays.findLast(busy) !== play) return next;
  const declared = new Set(
    plan.plays.flatMap((one) => (one.items.get(host) ?? []).map(({ resource }) => wholeId(resource, job.kinds))),
  );
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

/**
 * What is to be recorded of hosts on which a whole plan has nothing to do, where they keep something else: they were
 * found as they should be, though no run brought them there. Playbooks that need no root leave no such record.
 */
export function lateRecords(
  job: Job,
  { plan, whole }: MadePlan,
  sites: ReadonlyMap<string, Site>,
): ReadonlyMap<string, AppliedRecord> {
  const found = [...whole].flatMap((host): readonly (readonly [string, AppliedRecord])[] => {
    const items = plan.plays.flatMap((play) => play.items.get(host) ?? []);
    if (!job.become(host) || items.some(({ change }) => isDeed(change))) return [];
    const mine = withApplied(new Map(), job.playbook, items, job.kinds);
    const known = sites.get(host)!.hello.applied[job.playbook];
    return mine.size === 0 || appliedDigest(mine, job.playbook) === known ? [] : [[host, mine]];
  });
  return new Map(found);
}

/** Leaves these records on their hosts, under a lock for that moment; a host that has none to give keeps what it has. */
export async function recordUnchanged(
  job: Job,
  late: ReadonlyMap<string, AppliedRecord>,
  sites: ReadonlyMap<string, Site>,
  limit: LimitFunction,
  mark: () => string,
): Promise<void> {
  await each([...late.keys()], limit, async (host) => {
    const { connection } = sites.get(host)!;
    const lease = await takeLeases(job.run, new Map([[host, connection]]), mark);
    if (!lease.ok) return;
    try {
      const before = await readApplied(connection, host, mark());
      const others = [...before].filter(([, one]) => one.playbook !== job.playbook);
      const steps = [writeApplied(new Map([...others, ...late.get(host)!]))];
      const watch = { ...fence(job.run.id), after: () => sh`:` };
      await connection.exec(stepsScript(steps, mark(), watch), { become: true, timeoutS: writeTimeoutS });
    } finally {
      await lease.value.release('done');
    }
  });
}

/** Seconds for one file, on a disk that is busy. */
const writeTimeoutS = 60;
