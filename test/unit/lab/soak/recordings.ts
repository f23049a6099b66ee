import type { Recording } from '../../../lab/soak/recording.ts';

/** A minute in which nothing happened, from time 0, with what a test adds. */
export const recordingOf = (parts: Partial<Recording>): Recording => ({
  soak: { from: 0, to: 60_000 },
  roll: { from: 0, to: 30_000 },
  pushes: [],
  readings: [],
  raised: [],
  pages: [],
  rounds: [],
  cells: [],
  holdings: [],
  histories: [],
  log: [],
  ...parts,
});

/** Times from 0 to `end`, one every `step` milliseconds. */
export const every = (step: number, end: number): number[] =>
  Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
