/** Something that should not have happened, and when, in milliseconds since 1970. */
export interface Miss {
  readonly at: number;
  readonly what: string;
}

/** One line of the table: what was measured, what is wanted, what was found, and everything that missed the goal. */
export interface Finding {
  readonly measure: string;
  /** Empty where the figure is for orientation only. */
  readonly goal: string;
  readonly found: string;
  readonly misses: readonly Miss[];
}

/** Milliseconds as seconds with a unit, rounded to a hundredth. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
