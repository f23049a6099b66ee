import { Listr, type ListrTaskWrapper } from 'listr2';
import { visibleLine } from '../diagnostics/visible.ts';
import { causeOf, titleOf } from '../plan/label.ts';
import { busyBatches, type Plan } from '../plan/plan.ts';
import { isDeed } from '../resources/change.ts';
import type { Progress } from './progress.ts';

// biome-ignore lint/suspicious/noExplicitAny: the wrapper's type parameters name renderers, which do not matter here.
type Row = ListrTaskWrapper<any, any, any>;

/** A row of the tree: listr2 waits for `done`, the run's events settle it. */
interface Waiter {
  readonly done: Promise<void>;
  settle(outcome: 'done' | 'failed' | 'left'): void;
  row?: Row;
  outcome?: 'done' | 'failed' | 'left';
}

// Ctrl-C belongs to the run, which has hosts to leave in order; listr2 would end the process.
const options = {
  exitOnError: false,
  registerSignalListeners: false,
  rendererOptions: { collapseSubtasks: false, showErrorMessage: false },
} as const;

/**
 * One live row while hosts are asked; it ends when everybody has answered. It begins with the first login and, once
 * closed, anew with the next: the terminal belongs to whoever asks for the passphrase of a key.
 */
export function progressLook(hosts: number): Progress {
  const title = `Looking at ${hosts === 1 ? '1 host' : `${hosts} hosts`}`;
  let answered = 0;
  let looking: Waiter | undefined;
  let running: Promise<unknown> | undefined;
  return {
    tell(event) {
      if (event.type === 'connected' && looking === undefined) {
        const row = waiter();
        looking = row;
        running = new Listr([{ title, task: (_, its) => waitFor(row, its) }], options).run();
      }
      if (event.type === 'looked') {
        answered += 1;
        if (looking?.row) looking.row.title = `${title} (${answered} done)`;
      }
      if (event.type === 'planned') looking?.settle('done');
    },
    async close() {
      looking?.settle('left');
      await running;
      looking = undefined;
    },
  };
}

/**
 * A live tree on a terminal: one row per batch, below it one row per host with what it does now. listr2 only listens:
 * its tasks wait for the run's events and never decide anything.
 */
export function progressTree(plan: Plan): Progress {
  const rows = new Map<string, Waiter>();
  const batches = plan.plays.flatMap((play) =>
    busyBatches(play).map((batch, index, all) => ({
      title: `${visibleLine(play.name)}${all.length > 1 ? ` (${index + 1} of ${all.length})` : ''}`,
      members: batch.map((host) => {
        const row = waiter();
        rows.set(`${play.name}/${index}/${host}`, row);
        return { title: visibleLine(host), task: (_: unknown, wrapper: Row) => waitFor(row, wrapper) };
      }),
    })),
  );
  const running = new Listr(
    batches.map(({ title, members }) => ({
      title,
      task: (_: unknown, batch: Row) => batch.newListr(members, { concurrent: true, exitOnError: false }),
    })),
    options,
  ).run();
  let batch = '';
  return {
    tell(event) {
      if (event.type === 'batch') batch = `${event.play}/${event.index}`;
      if (!('host' in event)) return;
      const waiting = rows.get(`${batch}/${event.host}`);
      if (event.type === 'host-ended') waiting?.settle(event.failed ? 'failed' : 'done');
      if (waiting?.row === undefined) return;
      if (event.type === 'waiting') waiting.row.output = `${titleOf(event.item)}: ${visibleLine(event.last)}`;
      if (event.type === 'proving') waiting.row.output = visibleLine(`${event.member}, "${event.gate}": ${event.last}`);
      if (event.type === 'undoing') waiting.row.output = 'failed, what was changed is put back';
      if (event.type === 'own-undo') {
        waiting.row.output = `lost; puts back by itself within ${event.withinS} s what nobody confirmed`;
      }
      if (event.type === 'item-started' && isDeed(event.item.change)) {
        waiting.row.output = `${titleOf(event.item)}: ${causeOf(event.item, event.item.change)}`;
      }
    },
    async close() {
      for (const row of rows.values()) row.settle('left');
      await running;
    },
  };
}

function waiter(): Waiter {
  let resolve = () => {};
  const waiting: Waiter = {
    done: new Promise((settled) => {
      resolve = settled;
    }),
    settle(outcome) {
      waiting.outcome ??= outcome;
      resolve();
    },
  };
  return waiting;
}

async function waitFor(waiting: Waiter, row: Row): Promise<void> {
  waiting.row = row;
  await waiting.done;
  if (waiting.outcome === 'failed') throw new Error('failed');
  if (waiting.outcome === 'left') row.skip();
}
