import { nextOwnership, type Ownership, ownershipPath, ownershipText, withoutHandlers } from '../plan/ownership.ts';
import type { Plan, PlannedPlay } from '../plan/plan.ts';
import { sh } from '../posix/script.ts';
import { isDeed } from '../resources/change.ts';
import { executeHost } from './execute.ts';
import type { Job, Site } from './job.ts';
import { startedOn } from './journal/watch.ts';
import type { MadePlan } from './make-plan.ts';
import { type Prover, proveItself } from './prove.ts';
import type { HostStep } from './step-script.ts';

/** What a run has done so far. */
export interface Progress {
  /** Hosts that were changed. */
  readonly touched: Set<string>;
  /** The record of what was made, as it stands on a host by now. */
  readonly recorded: Map<string, Ownership>;
  /** Of the plan that was agreed to. */
  readonly digest: string;
}

/** Does one play on one host and proves what it changed; rejects with a Refusal that says what state the host is in. */
export async function changeHost(
  job: Job,
  { plan, orphans }: MadePlan,
  play: PlannedPlay,
  site: Site,
  host: string,
  progress: Progress,
  prover: Prover,
): Promise<void> {
  const { touched, recorded } = progress;
  const items = play.items.get(host)!;
  const all = plan.plays.flatMap((one) => one.items.get(host) ?? []);
  const record = nextOwnership(site.hello.ownership, job.playbook, all, orphans.get(host)!, job.kinds);
  const during = recorded.get(host) ?? record.during;
  const next = lastPlayOf(plan, host) === play ? record.after : withoutHandlers(during, job.playbook, items);
  const moving = play.moving?.get(host);
  const wasTouched = touched.has(host);
  try {
    await executeHost(
      {
        started: startedOn(job, plan, progress.digest, host),
        host,
        connection: site.connection,
        items,
        touched: wasTouched,
        before: wasTouched ? [] : recordSteps(site.hello.ownership, record.during),
        after: recordSteps(during, next),
      },
      job.kinds,
      prover.ports,
      prover.stop,
    );
    recorded.set(host, next);
    if (moving) await proveItself(prover, moving);
    prover.ports.tell({ type: 'host-ended', host, play: play.name, failed: false });
  } catch (error) {
    prover.ports.tell({ type: 'host-ended', host, play: play.name, failed: true });
    throw error;
  } finally {
    touched.add(host);
  }
}

function lastPlayOf(plan: Plan, host: string): PlannedPlay | undefined {
  return plan.plays.findLast((one) => one.items.get(host)?.some((item) => isDeed(item.change)));
}

function recordSteps(from: Ownership, to: Ownership): readonly HostStep[] {
  const [before, after] = [ownershipText(from), ownershipText(to)];
  if (before === after) return [];
  const folder = ownershipPath.slice(0, ownershipPath.lastIndexOf('/'));
  return [
    { do: 'run', what: `make ${folder}`, script: sh`mkdir -p -m 0755 -- ${folder}` },
    { do: 'write', path: ownershipPath, content: after, mode: '0644', owner: 'root:root' },
  ];
}
