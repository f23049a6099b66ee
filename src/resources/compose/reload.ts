import { lines, type Script, sh } from '../../posix/script.ts';
import type { Step } from '../step.ts';
import type { Bundle } from './bundle.ts';
import type { Loaded } from './schema.ts';

/** Sends the signal to each container of a service and waits for the proof that it has loaded its files since. */
export function reload(
  bundle: Bundle,
  service: string,
  signal: string,
  loaded: Loaded | undefined,
  timeoutS: number,
): Step {
  // Not `docker kill`: to docker a container that got any signal from it was stopped by hand, so that `restart:
  // unless-stopped` no longer starts it after a reboot, nor after it ended by itself.
  // A container that is down has the pid 0, which to kill(1) means the script's own process group.
  const send = sh`pid=$(docker inspect -f '{{.State.Pid}}' "$id") && [ "$pid" -gt 0 ] || { printf '%s does not run\n' ${service}; exit 1; }
kill -s ${signal} "$pid" || docker exec "$id" kill -s ${signal} 1 || exit 1`;
  const script =
    loaded === undefined ? each(bundle, service, send) : each(bundle, service, prove(loaded, timeoutS, send));
  return { do: 'run', what: `reload ${service}`, script, timeoutS: timeoutS + 60 };
}

/** Waits until each container of a service that was just started says that it has loaded its files. */
export function awaitLoaded(bundle: Bundle, service: string, loaded: Loaded, timeoutS: number): Step {
  const script = each(bundle, service, prove(loaded, timeoutS, undefined));
  return { do: 'run', what: `see that ${service} has loaded its files`, script, timeoutS: timeoutS + 60 };
}

/** Lists the containers of a service that run. */
function running(bundle: Bundle, service: string): Script {
  const project = `label=com.docker.compose.project=${bundle.project}`;
  const one = `label=com.docker.compose.service=${service}`;
  const lasting = 'label=com.docker.compose.oneoff=False';
  return sh`docker ps -q --no-trunc --filter ${project} --filter ${one} --filter ${lasting}`;
}

function each(bundle: Bundle, service: string, body: Script): Script {
  return sh`ids=$(${running(bundle, service)}) || exit 1
[ -n "$ids" ] || { printf 'no container of %s runs\n' ${service}; exit 1; }
for id in $ids; do
${body}
done`;
}

/** Prints a page of the container `$id`: asked by the image's wget, else by the host's curl or wget inside its network. */
function askInside(url: string): Script {
  return sh`docker exec "$id" wget -q -T 5 -O - ${url} 2>/dev/null ||
    nsenter -t "$(docker inspect -f '{{.State.Pid}}' "$id")" -n sh -c 'curl -fsS -m 5 -- "$1" 2>/dev/null || wget -q -T 5 -O - -- "$1" 2>/dev/null' sh ${url}`;
}

/** Goes on waiting until a service is healthy, as long as its page of progress answers and moves; then `$rc` is 0. */
export function awaitProgress(bundle: Bundle, service: string, progress: string, stallS: number): Script {
  return sh`for id in $(${running(bundle, service)}); do
  was= end=$(($(date +%s) + ${stallS}))
  while [ "$(docker inspect -f '{{.RestartCount}} {{.State.Running}}' "$id")" = '0 true' ] && now=$(${askInside(progress)}) && [ -n "$now" ]; do
    [ "$(docker inspect -f '{{if .State.Health}}{{.State.Health.Status}}{{end}}' "$id")" != healthy ] || { rc=0; break; }
    [ "$now" = "$was" ] || end=$(($(date +%s) + ${stallS}))
    [ "$(date +%s)" -lt "$end" ] || break
    was=$now
    sleep 1
  done
done`;
}

/**
 * A load is proved by its own two gauges: the time of the last success has risen past what it was before the signal,
 * and the last load was a success. Only the process' own clock is compared, with itself.
 */
function prove(loaded: Loaded, timeoutS: number, send: Script | undefined): Script {
  const { metrics, time, success } = loaded;
  return sh`ask() {
  ${askInside(metrics)}
}
look() {
  ask | awk -v time=${time} -v success=${success} '
    { name = $0; sub(/[ {].*/, "", name) }
    name == time || name == success { rest = $0; sub(/^[^ {]*([{].*[}])? */, "", rest); split(rest, v, " "); seen[name] = v[1] }
    END { print (time in seen ? seen[time] : "-"), (success in seen ? seen[success] : "-") }'
}
${send === undefined ? sh`before='0 -'` : lines([sh`before=$(look)`, send])}
end=$(($(date +%s) + ${timeoutS}))
while :; do
  now=$(look)
  verdict=$(printf '%s %s\n' "$before" "$now" | awk '{ if ($3 != "-" && $3 + 0 > $1 + 0 && $4 + 0 == 1) print "loaded"; else if ($2 == "1" && $4 == "0") print "refused" }')
  [ "$verdict" != loaded ] || break
  if [ "$verdict" = refused ] || [ "$(date +%s)" -ge "$end" ]; then
    printf 'it has not loaded its files: %s and %s were "%s" before and are "%s" now\n' ${time} ${success} "$before" "$now"
    docker logs --tail 20 "$id" 2>&1
    exit 1
  fi
  sleep 0.2 2>/dev/null || sleep 1
done`;
}
