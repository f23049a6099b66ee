import { visible } from '../diagnostics/visible.ts';
import { titleOf } from '../plan/label.ts';
import type { Event } from '../run/events.ts';
import type { Progress } from './progress.ts';

/** A line per thing done, for pipes, logs and CI: nothing is redrawn and nothing depends on the terminal. */
export function progressLines(write: (line: string) => void): Progress {
  const waits = new Map<string, string>();
  return {
    tell(event) {
      const line = lineOf(event);
      if (line === undefined) return;
      // A gate is asked every second; a line is worth it only when it says something new.
      if (event.type === 'proving') {
        if (waits.get(event.host) === line) return;
        waits.set(event.host, line);
      }
      write(visible(line.replace(/\s*[\r\n]\s*/g, ' ')));
    },
    close: async () => {},
  };
}

function lineOf(event: Event): string | undefined {
  switch (event.type) {
    case 'batch': {
      const batch = event.count > 1 ? `, batch ${event.index + 1} of ${event.count}` : '';
      return `Play "${event.play}"${batch}: ${event.hosts.join(', ')}`;
    }
    case 'proving':
      return `  ${event.host}  waits for ${event.member}: ${event.gate} ...`;
    case 'item-started':
      return `  ${event.host}  ${titleOf(event.item)} ...`;
    case 'item-ended':
      return `  ${event.host}  ${titleOf(event.item)} ${event.outcome === 'already' ? 'is as it should be already' : event.outcome}`;
    case 'undoing':
      return event.finished === undefined
        ? `  ${event.host}  failed, what was changed is put back ...`
        : `  ${event.host}  what "${event.finished}" changed is put back ...`;
    case 'own-undo':
      return `  ${event.host}  is lost, and puts back by itself within ${event.withinS} s what nobody confirmed ...`;
    case 'undone':
      return `  ${event.state}`;
    case 'host-ended':
      return `  ${event.host}  ${event.failed ? 'failed' : 'is as it should be'}`;
    default:
      return undefined;
  }
}
