import type { LimitFunction } from 'p-limit';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nextOwnership, type Ownership, ownershipPath, ownershipText, withoutHandlers } from '../plan/ownership.ts';
import type { Plan } from '../plan/plan.ts';
import { sh } from '../posix/script.ts';
import { isDeed } from '../resources/change.ts';
import { each } from './each.ts';
import { executeHost } from './execute.ts';
import type { Job, Site } from './job.ts';
import type { MadePlan } from './make-plan.ts';
import type { Ports } from './ports.ts';
import type { HostStep } from './step-script.ts';

/** Batch by batch; the first batch with a failed host is the last. */
export async function carryOut(
  job: Job,
  { plan, orphans: orphaned }: MadePlan,
  sites: ReadonlyMap<string, Site>,
  limit: LimitFunction,
  ports: Ports,
  stop: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const touched = new Set<string>();
  const recorded = new Map<string, Ownership>();
  for (const play of plan.plays) {
    const busy = play.batches
      .map((batch) => batch.filter((host) => play.items.get(host)!.some((item) => isDeed(item.change))))
      .filter((batch) => batch.length > 0);
    for (const [index, batch] of busy.entries()) {
      ports.tell({ type: 'batch', play: play.name, index, count: busy.length, hosts: batch });
      const faults = await each(batch, limit, async (host) => {
        const site = sites.get(host)!;
        const all = plan.plays.flatMap((one) => one.items.get(host) ?? []);
        const removed = orphaned.get(host)!;
        const record = nextOwnership(site.hello.ownership, job.playbook, all, removed, job.kinds);
        const isLast = plan.plays.findLast((one) => one.items.get(host)?.some((item) => isDeed(item.change))) === play;
        const items = play.items.get(host)!;
        const during = recorded.get(host) ?? record.during;
        const next = isLast ? record.after : withoutHandlers(during, job.playbook, items);
        try {
          await executeHost(
            {
              host,
              connection: site.connection,
              items,
              touched: touched.has(host),
              before: touched.has(host) ? [] : recordSteps(site.hello.ownership, record.during),
              after: recordSteps(during, next),
            },
            job.kinds,
            ports,
            stop,
          );
          recorded.set(host, next);
          ports.tell({ type: 'host-ended', host, play: play.name, failed: false });
        } catch (error) {
          ports.tell({ type: 'host-ended', host, play: play.name, failed: true });
          throw error;
        } finally {
          touched.add(host);
        }
      });
      if (faults.length > 0 || stop.aborted) {
        const rest = plan.plays.flatMap((one) => deedHosts(one)).filter((host) => !touched.has(host));
        return withRest(faults.length > 0 ? faults : [stoppedFault(touched)], [...new Set(rest)]);
      }
    }
  }
  return [];
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

function deedHosts(play: Plan['plays'][number]): readonly string[] {
  return [...play.items].filter(([, items]) => items.some((item) => isDeed(item.change))).map(([host]) => host);
}

/** Adds to each fault which hosts were not touched at all. */
function withRest(faults: readonly Diagnostic[], untouchedHosts: readonly string[]): readonly Diagnostic[] {
  if (untouchedHosts.length === 0) return faults;
  const rest = `Not touched: ${untouchedHosts.join(', ')}.`;
  return faults.map((fault) => ({ ...fault, state: [fault.state, rest].filter(Boolean).join(' ') }));
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
