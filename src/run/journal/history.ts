import { type Entry, type HostRun, progressOf, type RunOutcome, runsIn } from './entries.ts';

/** One run as all asked hosts tell of it. */
export interface FleetRun {
  readonly run: string;
  /** When its first host was changed. */
  readonly time: string;
  readonly who: string;
  readonly command: string;
  readonly playbook: string;
  readonly digest: string;
  /** The hosts that it began to change. */
  readonly hosts: readonly string[];
  /** Changes that were made on them, and that were to be made. */
  readonly done: number;
  readonly planned: number;
  /** `running` while it holds one of them; `unfinished` when it was killed or cut off. */
  readonly outcome: RunOutcome | 'running' | 'unfinished';
}

/** The runs in the journals of several hosts, oldest first; `holder` is the run that holds a host now. */
export function mergeRuns(
  hosts: ReadonlyMap<string, { readonly entries: readonly Entry[]; readonly holder: string | undefined }>,
): readonly FleetRun[] {
  const runs = new Map<string, { readonly host: string; readonly run: HostRun; readonly holds: boolean }[]>();
  for (const [host, { entries, holder }] of hosts) {
    for (const run of runsIn(entries)) {
      const { run: id } = run.started;
      runs.set(id, [...(runs.get(id) ?? []), { host, run, holds: holder === id }]);
    }
  }
  const merged = [...runs.values()].map((parts): FleetRun => {
    const [first] = parts.map(({ run }) => run.started).sort((a, b) => (a.time < b.time ? -1 : 1));
    const { run, time, who, command, playbook, digest } = first!;
    const progress = parts.map((part) => progressOf(part.run));
    return {
      run,
      time,
      who,
      command,
      playbook,
      digest,
      hosts: parts.map(({ host }) => host),
      done: progress.reduce((sum, { done }) => sum + done.length, 0),
      planned: parts.reduce((sum, part) => sum + part.run.started.items.length, 0),
      outcome: outcomeOf(parts),
    };
  });
  return merged.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function outcomeOf(parts: readonly { readonly run: HostRun; readonly holds: boolean }[]): FleetRun['outcome'] {
  if (parts.some(({ holds }) => holds)) return 'running';
  if (parts.some(({ run }) => run.outcome === undefined)) return 'unfinished';
  return (['failed', 'interrupted'] as const).find((one) => parts.some(({ run }) => run.outcome === one)) ?? 'done';
}
