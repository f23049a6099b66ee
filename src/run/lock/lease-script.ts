import { type Script, sh } from '../../posix/script.ts';
import type { RunOutcome } from '../journal/entries.ts';
import { endRun } from '../journal/scripts.ts';
import type { Watch } from '../step-script.ts';
import { hostFolder, type RunNote } from './notes.ts';

/** Seconds between the signs of life, and how long a host waits for one before it lets go of the lock. */
export const beatS = 4;
const silenceS = 20;
/** Seconds that the step at hand of a run that is gone may still take. */
export const stepWaitS = 60;

/** The last word to the script tells how the run ended, for the journal; one that ends without it was cut off. */
export const outcomeWords: Readonly<Record<RunOutcome, string>> = { done: 'd', failed: 'f', interrupted: 'i' };

/**
 * The lock on a host: a process there that holds the kernel's lock on a file for as long as its stdin brings a dot in
 * time, so it ends with the connection, with the controller and with the host. Says `taken`, or why not: `held NOTE`,
 * `frozen NOTE`, `busy`, `missing TOOL`; and a dot for each sign of life, its own while it waits.
 *
 * The file names the run only while it is held. No child keeps the file open, so no child outlives the lock with it.
 */
export function leaseScript(note: RunNote): Script {
  return sh`umask 022
trap '' PIPE
for tool in flock timeout; do
  command -v "$tool" >/dev/null || { printf 'missing %s\n' "$tool"; exit 0; }
done
mkdir -p -m 0755 -- ${hostFolder} && cd -- ${hostFolder} && : >>steps && : >>lease || exit 1
exec 8<steps 9<lease
tries=0
until flock -n 9; do
  tries=$((tries + 1))
  [ "$tries" -lt 3 ] || { printf 'held %s\n' "$(tail -n 1 lease)"; exit 0; }
  echo .
  sleep 1
done
if [ -f freeze ]; then
  { IFS= read -r until; IFS= read -r why; } <freeze
  [ "$until" -le "$(date +%s)" ] || { printf 'frozen %s\n' "$why"; exit 0; }
  rm -f -- freeze
fi
trap ': >lease' EXIT
trap 'exit 143' HUP INT TERM
printf '%s\n%s\n' ${note.id} ${JSON.stringify(note)} >lease || exit 1
tries=0
until flock -n 8; do
  tries=$((tries + 1))
  [ "$tries" -lt ${stepWaitS} ] || { echo busy; exit 0; }
  echo .
  sleep 1
done
exec 8<&-
echo taken
while beat=$(exec 9<&-; timeout ${silenceS} dd bs=1 count=1 2>/dev/null) && [ "$beat" = . ]; do
  echo . || break
done
case $beat in
  ${outcomeWords.done}) ${endRun(note.id, 'done')} ;;
  ${outcomeWords.failed}) ${endRun(note.id, 'failed')} ;;
  ${outcomeWords.interrupted}) ${endRun(note.id, 'interrupted')} ;;
esac`;
}

/**
 * What the host itself sees to around the steps of a run: that none begins once the lock has gone over to nobody or to
 * another, and that the next run can tell when the last one is over. A paused controller that wakes up too late does nothing.
 */
export function fence(run: string): Pick<Watch, 'open' | 'before'> {
  return {
    open: sh`[ -r ${`${hostFolder}/steps`} ] && exec 8<${`${hostFolder}/steps`} && flock -s -n 8`,
    before: sh`IFS= read -r hadeploy_run <${`${hostFolder}/lease`} && [ "$hadeploy_run" = ${run} ]`,
  };
}
