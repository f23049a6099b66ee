/** The first line of a run in a host's journal. All times are UTC, by the host's clock. */
export interface RunStarted {
  readonly event: 'run-started';
  readonly time: string;
  readonly run: string;
  readonly who: string;
  readonly command: string;
  readonly playbook: string;
  /** Digest of the plan that was agreed to. */
  readonly digest: string;
  /** All hosts that the plan changes. */
  readonly hosts: readonly string[];
  /** What the plan does on this host, in order, gates left out. */
  readonly items: readonly string[];
}

/** A step that a host has done or failed. */
export interface StepEnded {
  readonly event: 'step-ended';
  readonly time: string;
  readonly run: string;
  readonly item: string;
  readonly step: string;
  /** Whether the item is done with it. */
  readonly last: boolean;
  readonly code: number;
}

/** The last line of a run that its controller saw to its end. */
export interface RunEnded {
  readonly event: 'run-ended';
  readonly time: string;
  readonly run: string;
  readonly outcome: RunOutcome;
}

export type RunOutcome = 'done' | 'failed' | 'interrupted';

/** A line of the journal. */
export type Entry = RunStarted | StepEnded | RunEnded;

/** What one host knows of one run. */
export interface HostRun {
  readonly started: RunStarted;
  readonly steps: readonly StepEnded[];
  /** Absent while it goes on, and for good when it was killed or cut off. */
  readonly outcome?: RunOutcome;
}

/** The lines of a journal; one that was cut off by a crash is left out. */
export function parseJournal(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value = JSON.parse(line) as Partial<Entry> | null;
      return isEntry(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

/** The runs in a journal, oldest first; one whose beginning was trimmed away is left out. */
export function runsIn(entries: readonly Entry[]): readonly HostRun[] {
  return entries
    .filter((entry) => entry.event === 'run-started')
    .map((started) => {
      const mine = entries.filter((entry) => entry.run === started.run);
      const outcome = mine.find((entry) => entry.event === 'run-ended')?.outcome;
      const steps = mine.filter((entry) => entry.event === 'step-ended');
      return { started, steps, ...(outcome && { outcome }) };
    });
}

/** The items that a host has finished, and those that it has not, as far as it knows. */
export function progressOf({ started, steps }: HostRun): {
  readonly done: readonly string[];
  readonly open: readonly string[];
} {
  const finished = new Set(steps.filter((step) => step.last && step.code === 0).map((step) => step.item));
  return {
    done: [...finished],
    open: started.items.filter((item) => !finished.has(item)),
  };
}

function isEntry(value: Partial<Entry> | null): value is Entry {
  if (typeof value?.run !== 'string' || typeof value.time !== 'string') return false;
  if (value.event === 'run-started') return Array.isArray(value.items) && Array.isArray(value.hosts);
  return value.event === 'step-ended' ? typeof value.item === 'string' : value.event === 'run-ended';
}
