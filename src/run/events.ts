import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Item, Plan } from '../plan/plan.ts';

/** How one item of the plan ended: done, needless because a fresh look found nothing due, or failed. */
export type Outcome = 'done' | 'already' | 'failed';

/** What happens during a run, in order, for whoever shows or records it. Values hidden by no_log never appear. */
export type Event =
  | { readonly type: 'connecting' | 'connected' | 'looked'; readonly host: string }
  | { readonly type: 'planned'; readonly plan: Plan }
  | {
      readonly type: 'batch';
      readonly play: string;
      readonly index: number;
      readonly count: number;
      readonly hosts: readonly string[];
    }
  | { readonly type: 'item-started'; readonly host: string; readonly item: Item }
  | { readonly type: 'waiting'; readonly host: string; readonly item: Item; readonly last: string }
  /** The change of a host waits for a member of its cell, which may be its own. */
  | {
      readonly type: 'proving';
      readonly host: string;
      readonly member: string;
      readonly gate: string;
      readonly last: string;
    }
  | { readonly type: 'item-ended'; readonly host: string; readonly item: Item; readonly outcome: Outcome }
  | { readonly type: 'host-ended'; readonly host: string; readonly play: string; readonly failed: boolean }
  /** A host is put back: the play at hand failed there, or one that had `finished` is undone after a failure elsewhere. */
  | { readonly type: 'undoing'; readonly host: string; readonly finished?: string }
  /** A host is waited for that puts back by itself what nobody confirmed. */
  | { readonly type: 'own-undo'; readonly host: string; readonly withinS: number }
  | { readonly type: 'undone'; readonly host: string; readonly state: string }
  | { readonly type: 'fault'; readonly fault: Diagnostic };
