import { type Script, sh } from '../../posix/script.ts';
import { hostFolder } from '../lock/notes.ts';
import type { RunOutcome, RunStarted, StepEnded } from './entries.ts';

const path = `${hostFolder}/journal.jsonl`;
/** Lines that are kept when a run begins on a journal with more than the second number. */
const keptLines = 5000;
const mostLines = 5500;

/** Reads the whole journal. */
export const readJournal: Script = sh`cat -- ${path} 2>/dev/null || :`;

/** Prints, each line after `journal `, the last run of the journal unless its end is written there. */
export const unfinishedProbe: Script = sh`if [ -r ${path} ] && ! tail -n 1 ${path} | grep -q '"event":"run-ended"'; then
  sed -n -e '/"event":"run-started"/h' -e '/"event":"run-started"/!H' -e '\${g' -e p -e '}' ${path} | sed 's/^/journal /'
fi`;

/** Writes the beginning of a run unless it stands there; a journal that has grown too long is trimmed first. */
export function beginRun(started: Omit<RunStarted, 'time'>): Script {
  return sh`if ! grep -qF ${startOf(started.run)} ${path} 2>/dev/null; then
  if [ "$(wc -l 2>/dev/null <${path} || echo 0)" -gt ${mostLines} ]; then
    tail -n ${keptLines} ${path} >${`${path}.new`} && { sync -- ${`${path}.new`} 2>/dev/null || sync; } && mv -f -- ${`${path}.new`} ${path}
  fi
  [ -z "$(tail -c 1 ${path} 2>/dev/null)" ] || echo >>${path}
  ${append(started)}
fi`;
}

/** Writes the end of a step with its code: a number, or the shell variable that holds it. */
export function endStep(step: Omit<StepEnded, 'time' | 'code' | 'event'>, code: number | Script): Script {
  const { run, item, step: what, last } = step;
  const text = JSON.stringify({ event: 'step-ended', run, item, step: what, last }).slice(1, -1);
  return written(sh`printf '{"time":"%s",%s,"code":%s}\n' "$(${now})" ${text} ${code}`);
}

/** Writes the end of a run whose beginning stands there. */
export function endRun(run: string, outcome: RunOutcome): Script {
  return sh`grep -qF ${startOf(run)} ${path} 2>/dev/null && ${append({ event: 'run-ended', run, outcome })}`;
}

const now = sh`date -u +%Y-%m-%dT%H:%M:%SZ`;

function append(entry: object): Script {
  return written(sh`printf '{"time":"%s",%s\n' "$(${now})" ${JSON.stringify(entry).slice(1)}`);
}

// Once it is said that a step has ended, the journal must know it, also after a crash of the host.
function written(print: Script): Script {
  return sh`{ ${print} >>${path} && { sync -- ${path} 2>/dev/null || sync; }; }`;
}

function startOf(run: string): string {
  return JSON.stringify({ event: 'run-started', run }).slice(1, -1);
}
