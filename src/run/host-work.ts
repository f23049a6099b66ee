import type { Item, Observations } from '../plan/plan.ts';
import type { Resource } from '../resources/resource.ts';
import type { Step } from '../resources/step.ts';
import type { RunStarted } from './journal/entries.ts';
import type { Connection } from './ports.ts';
import type { HostStep } from './step-script.ts';

/** What is needed to change one host. */
export interface HostWork {
  /** What the host's journal says at the beginning of the run. */
  readonly started: Omit<RunStarted, 'time'>;
  readonly host: string;
  readonly connection: Connection;
  readonly items: readonly Item[];
  /** Where given, the items by what goes on at the same time; otherwise one follows the other. */
  readonly ways?: readonly (readonly Item[])[];
  /** What this run has judged already, and does not judge once more right before it is made. */
  readonly judged?: ReadonlySet<Resource>;
  /** This run has changed the host before, so part of the work may be done already. */
  readonly touched: boolean;
  /** Steps that belong to no item: before the first and after the last. */
  readonly before: readonly HostStep[];
  readonly after: readonly HostStep[];
  /** Steps that keep what was observed, before anything is changed. */
  readonly keep?: (observed: Observations) => readonly HostStep[];
}

/** One step of one item; `last` when the item is done with it. Steps of no item keep the record of what was made. */
export interface Move {
  readonly item: Item | undefined;
  readonly step: Step;
  readonly last: boolean;
}
