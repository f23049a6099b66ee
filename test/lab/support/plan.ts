import type { Outcome } from '../lab/command.ts';

/** A change as `--json` prints it. */
export interface PlannedChange {
  readonly id: string;
  readonly kind: string;
  readonly action: string;
  readonly cause: string;
  /** Hosts that do it in place of its own. */
  readonly on?: readonly string[];
  readonly fields: readonly { readonly field: string; readonly from?: unknown; readonly to?: unknown }[];
  readonly notes: readonly string[];
}

/** The plan that a run with `--json` printed, as HOST → changes in the order they are made. */
export function planOf(outcome: Outcome): Readonly<Record<string, readonly PlannedChange[]>> {
  const plan = JSON.parse(outcome.stdout) as {
    readonly plays: readonly { readonly hosts: Readonly<Record<string, { readonly changes: PlannedChange[] }>> }[];
  };
  const changes: Record<string, PlannedChange[]> = {};
  for (const play of plan.plays) {
    for (const [host, { changes: due }] of Object.entries(play.hosts)) {
      changes[host] = [...(changes[host] ?? []), ...due.map(withoutAnswer)];
    }
  }
  return changes;
}

/** The cause of a gate is what a starting service answered at that moment; that it will be waited for is the plan. */
function withoutAnswer(change: PlannedChange): PlannedChange {
  return change.action === 'await' ? { ...change, cause: '' } : change;
}

/** Each change in short, without gates and what other hosts do for it: `compose:prometheus reload: config/prometheus.yml, service prometheus`. */
export function inShort(changes: readonly PlannedChange[] | undefined): readonly string[] {
  return (changes ?? [])
    .filter(({ action, on }) => action !== 'await' && on === undefined)
    .map(({ id, cause, fields }) => `${id} ${cause}: ${fields.map(({ field }) => field).join(', ')}`);
}
