/** Where a host keeps what runs tell each other; made by the first run that changes something. */
export const hostFolder = '/var/lib/hadeploy';

/** Who began a run, from where, when and why; what others read when it holds a host. */
export interface RunNote {
  /** `20261122T013000Z-3f2a`: the same on all hosts of the run. */
  readonly id: string;
  /** `user@machine` of the controller. */
  readonly who: string;
  /** The command without values: `apply inventory/prod --limit mon-a`. */
  readonly command: string;
  /** UTC, as `2026-11-22T01:30:00Z`. */
  readonly since: string;
}

/** A freeze that somebody put on a host by hand: no run may change it until then. */
export interface Freeze {
  readonly who: string;
  readonly message: string;
  /** UTC, as `2026-11-22T01:30:00Z`. */
  readonly since: string;
  readonly until: string;
}

/** The note of a run as a host gave it; what cannot be read names nobody. */
export function readRunNote(text: string): RunNote {
  return { ...unknown, ...texts(text) };
}

/** The note of a freeze as a host gave it. */
export function readFreeze(text: string): Freeze {
  return { ...unknown, message: '', until: '(not known)', ...texts(text) };
}

/** A time as hosts and notes write it: whole seconds of UTC. */
export function utc(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

const unknown: RunNote = {
  id: '(not known)',
  who: 'somebody',
  command: '(not known)',
  since: '(not known)',
};

function texts(json: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(json);
    const entries = Object.entries(value ?? {}).filter(([, one]) => typeof one === 'string');
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    return {};
  }
}
