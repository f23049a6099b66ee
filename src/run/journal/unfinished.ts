import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { visible } from '../../diagnostics/visible.ts';
import { type HostRun, parseJournal, progressOf, runsIn } from './entries.ts';

/** So many items are named; of more, their number is told. */
const mostNamed = 8;

/** The run that the probe found without an end, if it found one. */
export function parseUnfinished(said: string): HostRun | undefined {
  const lines = said.split('\n').filter((line) => line.startsWith('journal '));
  return runsIn(parseJournal(lines.map((line) => line.slice('journal '.length)).join('\n'))).at(-1);
}

/**
 * A warning for each run that did not come to its end, with what it had done and what not on each of these hosts.
 * One of which nothing is left to do needs no more words than that.
 */
export function unfinishedFaults(
  found: ReadonlyMap<string, HostRun>,
  isOver: (run: HostRun) => boolean = () => false,
): readonly Diagnostic[] {
  const ids = [...new Set([...found.values()].map((run) => run.started.run))].sort();
  return ids.map((id) => {
    const hosts = [...found].filter(([, run]) => run.started.run === id);
    const { who, command, time } = hosts[0]![1].started;
    const over = `A run of ${visible(who)} that began at ${visible(time)} did not come to its end`;
    if (hosts.every(([, run]) => isOver(run))) {
      const what = `${over}, and nothing of it is left to do.`;
      return { code: 'unfinished-run', severity: 'warning', what };
    }
    return {
      code: 'unfinished-run',
      severity: 'warning',
      what: `${over}.`,
      why: `It was "${visible(command)}" (run ${visible(id)}). ${hosts.map(([host, run]) => onHost(host, run)).join(' ')}`,
      mend: 'The plan shows what is left; carrying it out finishes the work.',
    };
  });
}

function onHost(host: string, run: HostRun): string {
  const { done, open } = progressOf(run);
  const failed = run.steps.find((step) => step.code !== 0);
  return [
    done.length > 0 ? `Last done on ${host}: ${visible(done.at(-1)!)}.` : `Nothing was finished on ${host}.`,
    failed === undefined ? '' : `Failed: ${visible(failed.item)}.`,
    open.length > 0 ? `Not finished there: ${named(open)}.` : 'Nothing was left to do there.',
  ]
    .filter(Boolean)
    .join(' ');
}

function named(items: readonly string[]): string {
  const more = items.length - mostNamed;
  return [...items.slice(0, mostNamed).map(visible), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
