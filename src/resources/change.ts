/** A value as a plan shows it. Texts of several lines are shown as a diff; absent is undefined. */
export type Shown = string | number | boolean | undefined;

/** One field that is not as desired. `from` is what was observed; `to` is exactly what will result. */
export interface FieldChange {
  readonly field: string;
  readonly from: Shown;
  readonly to: Shown;
}

/** What must happen to one resource, and why. `fields` of equal changes are equal, so plans can be compared. */
export type Change =
  | { readonly action: 'none' }
  | {
      readonly action: 'create' | 'update' | 'delete' | 'run' | 'await';
      /** Why, in a few words of the field: `content differs`, `image differs`, `reload`, `notified by "…"`. */
      readonly cause: string;
      readonly fields: readonly FieldChange[];
      /** Facts a reader should know that are not values, e.g. a check that can only be made later. */
      readonly notes?: readonly string[];
    }
  | {
      /** It cannot be brought to the desired state; the run is refused before anything is touched. */
      readonly action: 'blocked';
      /** Of the fault; `blocked` when absent. */
      readonly code?: string;
      readonly what: string;
      readonly why: string;
      readonly mend: string;
    };

/** A change that does something. */
export type Deed = Extract<Change, { readonly cause: string }>;

/** Whether a change will do something to the host (or wait for it). */
export function isDeed(change: Change): change is Deed {
  return change.action !== 'none' && change.action !== 'blocked';
}
