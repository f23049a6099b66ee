import type { Place } from '../diagnostics/diagnostic.ts';

/** Who does what a resource is for in place of its host. */
export interface Delegate {
  /** Names of hosts: the first that can be reached and does it. */
  readonly hosts: readonly string[];
  /** That none of them did it is told, and stops nothing. */
  readonly mayFail: boolean;
}

/** One instance of a kind on one host, as compiled from a task. */
export interface Resource {
  readonly host: string;
  /** Name of its kind. */
  readonly kind: string;
  /** Unique on the host, given by the kind. */
  readonly id: string;
  readonly spec: unknown;
  /** The line the user wrote. */
  readonly task: {
    readonly name: string;
    readonly at: Place;
    readonly role?: string;
    readonly tags: readonly string[];
  };
  /** Runs as root through sudo. */
  readonly become: boolean;
  /** Names of handlers to run when it changes. */
  readonly notify: readonly string[];
  /** Another host does it; nothing of it is observed, neither there nor here. */
  readonly delegate?: Delegate;
  /** Seconds that a gate takes to come true though all is well: plans tell them. */
  readonly takesS?: number;
  /** Values must not be shown (`no_log: true`). */
  readonly noLog: boolean;
}
