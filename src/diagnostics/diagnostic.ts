/** A stretch of one line in a file of the project; line and columns count from 1, endCol is exclusive. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly endCol?: number;
  /** The line holds a secret: it is never shown. */
  readonly secret?: true;
}

/** A fault as a value: what happened, where, why, how to mend it and, after a change, what state things are in. */
export interface Diagnostic {
  /** Permanent kebab-case name, e.g. `unknown-key`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence for the user. */
  readonly what: string;
  readonly at?: Place;
  readonly host?: string;
  /** The task or step during which it happened. */
  readonly step?: string;
  readonly why?: string;
  readonly mend?: string;
  /** What was done, what was not touched, whether a rerun is safe. Required for faults raised after a change. */
  readonly state?: string;
  /** Remote output, already cut and free of control characters. */
  readonly output?: string;
}

/** The one error hadeploy throws on purpose: bad input or a failed host, as diagnostics. Anything else is our bug. */
export class Refusal extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => `${d.code}: ${d.what}`).join('\n'));
    this.name = 'Refusal';
    this.diagnostics = diagnostics;
  }
}

/** A value, or all the faults that stand in its way; warnings may come with a value. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly faults: readonly Diagnostic[] };

/** Sums up a pure stage: the value when no collected diagnostic is an error, all of them otherwise. */
export function result<T>(value: () => T, diagnostics: readonly Diagnostic[]): Result<T> {
  return diagnostics.some((d) => d.severity === 'error')
    ? { ok: false, faults: diagnostics }
    : { ok: true, value: value(), warnings: diagnostics };
}

/** The value of a result; throws its faults as a Refusal. The one place where faults become an exception. */
export function unwrap<T>(outcome: Result<T>): T {
  if (!outcome.ok) throw new Refusal(outcome.faults);
  return outcome.value;
}
