import type { Resource } from './resource.ts';

/** What proves that a member of a cell is well: gates, asked on its host. */
export interface Proved {
  /** Unique in its play: `scraper1-a`. */
  readonly member: string;
  /** The redundant group it belongs to: `scraper1`. At most one member of a cell is in motion at a time. */
  readonly cell: string;
  readonly host: string;
  /** Gates that hold while the member does its work; the first one fails only while it does nothing at all. */
  readonly proof: readonly Resource[];
  /** Gates that hold while all members of the cell do their work together. */
  readonly together: readonly Resource[];
  /** Gates that hold once it can do the work of the whole cell alone, for as long as another member is away. */
  readonly coverage: readonly Resource[];
}

/** A member that a step of a roll changes, with the other members of its cell, which must be proved first. */
export interface Moving extends Proved {
  readonly others: readonly Proved[];
  /** Whether the members of its cell may be made at once where nothing is there of any. */
  readonly atOnce?: boolean;
}

/** The roll that a play is a step of. */
export interface RollOf {
  readonly name: string;
  /** Tells it from other rolls. */
  readonly place: number;
}
