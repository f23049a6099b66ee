import type { Event } from '../run/events.ts';

/** Somebody who watches a run. `close` is called once, when nothing more will happen, before the result is printed. */
export interface Progress {
  tell(event: Event): void;
  close(): Promise<void>;
}

/** A watcher that says nothing: for `--json` and for runs that only plan. */
export const silent: Progress = { tell: () => {}, close: async () => {} };
