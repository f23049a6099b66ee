/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One push, made once: `fault` is why it was not taken, undefined when it was. */
export interface Push {
  readonly at: number;
  readonly ms: number;
  readonly address: string;
  readonly pusher: 'fast' | 'slow';
  readonly fault: string | undefined;
}

/** What a federator said when asked for the canary: the time it shows in seconds, undefined for none or no answer. */
export interface Reading {
  readonly at: number;
  readonly federator: string;
  readonly value: number | undefined;
}

/** An alert that was made to fire, and when it was made to end. */
export interface Raised {
  readonly number: string;
  readonly at: number;
  readonly withdrawn: number | undefined;
}

/** One alert of one notification, and the host whose Alertmanager sent it. */
export interface Page {
  readonly at: number;
  readonly from: string;
  readonly alert: string;
  readonly number: string;
  readonly status: string;
}

/** One look at every member at the same time: why each that did not say that it is ready did not, by its name. */
export interface Round {
  readonly at: number;
  readonly silent: Readonly<Record<string, string>>;
  /** Load of the machine that runs the lab, per core: above 1 everything waits, and the soak measures that too. */
  readonly load: number;
}

/** Members that stand in for each other. */
export interface Cell {
  readonly name: string;
  readonly members: readonly string[];
}

/** A host has, or no longer has, an address from a time on. */
export interface Holding {
  readonly at: number;
  readonly host: string;
  readonly address: string;
  readonly held: boolean;
}

/** The samples of one series in one federator: time in milliseconds, value. */
export interface History {
  readonly federator: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [at: number, value: number])[];
}

/** A line that the upgrading program wrote. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** Everything a soak wrote down. The hosts of a lab share the clock of the machine that runs it. */
export interface Recording {
  readonly soak: Span;
  readonly roll: Span;
  readonly pushes: readonly Push[];
  readonly readings: readonly Reading[];
  readonly raised: readonly Raised[];
  readonly pages: readonly Page[];
  readonly rounds: readonly Round[];
  readonly cells: readonly Cell[];
  readonly holdings: readonly Holding[];
  readonly histories: readonly History[];
  readonly log: readonly Line[];
}
