import { print, type Script, sh } from '../../posix/script.ts';
import type { Step } from '../step.ts';
import type { ChainSpec } from './chain-spec.ts';
import { undoFolder, undoPath } from './keeper.ts';
import type { SeenHost } from './look.ts';
import { putBack } from './put-back.ts';

/** Seconds until a host puts a chain back that nobody has confirmed, where nobody says. */
const restoreAfterS = 90;

/** Seconds until the host puts back what is not confirmed. */
export function restoreAfter({ restore_after }: ChainSpec): number {
  return restore_after ?? restoreAfterS;
}

/**
 * Arms a unit of systemd on the host that makes the chain what was seen unless it is disarmed in time. Where one is
 * armed still, by a run that was broken off, what it would put back is what was confirmed last, so it stays that.
 */
export function armStep(spec: ChainSpec, seen: SeenHost, udp: readonly number[]): Step {
  const path = undoPath(spec.chain);
  const delay = restoreAfter(spec);
  const body = sh`mv -- ${path} ${`${path}.running`} || exit 0
trap ${`rm -f -- ${path}.running; rmdir -- ${undoFolder} 2>/dev/null`} EXIT
echo ${`Nobody confirmed the change of the chain ${spec.chain}: it is put back.`}
${putBack(spec, seen, udp)}`;
  const script = sh`umask 077
mkdir -p -- ${undoFolder} && cd -- ${undoFolder} || exit
${restoring(path)} && exit 1
unit=${`hadeploy-undo-${spec.chain}-`}$(printf %s "\${hadeploy_run-$$}" | tr -cd 'A-Za-z0-9')
if [ -e ${path} ]; then
  old=$(sed -n 's/^# unit //p' ${path})
  mv -- ${path} ${`${path}.kept`} || exit
  systemctl --quiet stop "$old.timer"
else
  ${print(`${body.text}\n`)} >${`${path}.kept`} || exit
fi
{ printf '#!/bin/sh\n# unit %s\n' "$unit"; sed -e '1,2{/^#/d}' ${`${path}.kept`}; } >${`${path}.next`} &&
  systemd-run --quiet --collect --unit="$unit" --on-active=${delay} --timer-property=AccuracySec=100ms /bin/sh ${path} &&
  mv -- ${`${path}.next`} ${path}
code=$?
rm -f -- ${`${path}.kept`} ${`${path}.next`}
exit "$code"`;
  return { do: 'run', what: `arm the timer that puts the chain back after ${delay} s`, script };
}

/** Waits for the end of a script that is putting the chain back now, and says so; fails where none is. */
function restoring(path: string): Script {
  return sh`[ -e ${`${path}.running`} ] && {
  tries=0
  while [ -e ${`${path}.running`} ] && [ "$tries" -lt 30 ]; do sleep 1; tries=$((tries + 1)); done
  echo 'The host has just put the chain back by itself.' >&2
}`;
}

/** Confirms a change: what was armed is gone, or it has begun already and this fails. */
function disarm(chain: string): Script {
  const path = undoPath(chain);
  return sh`unit=$(sed -n 's/^# unit //p' ${path} 2>/dev/null)
mv -- ${path} ${`${path}.off`} 2>/dev/null || { echo 'It came too late: the host has put the chain back by itself.' >&2; exit 1; }
systemctl --quiet stop "$unit.timer"
rm -f -- ${`${path}.off`}
rmdir -- ${undoFolder} 2>/dev/null || :`;
}

/** The step that makes a change stay. */
export function confirmStep(spec: ChainSpec): Step {
  return {
    do: 'confirm',
    what: `confirm the chain ${spec.chain} by ${witnesses(spec)}`,
    reach: (spec.confirm ?? []).map(({ from, to, port }) => ({ from, to, port })),
    script: disarm(spec.chain),
    withinS: restoreAfter(spec),
  };
}

/** For the plan: who must confirm. */
export function witnesses({ confirm = [] }: ChainSpec): string {
  const peers = [...new Set(confirm.map(({ from }) => from))];
  return peers.length === 0 ? 'a new login' : `a new login and connections from ${peers.join(', ')}`;
}
