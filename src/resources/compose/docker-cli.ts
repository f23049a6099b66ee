import { lineByLine, type Script, sh } from '../../posix/script.ts';
import { CONTAINER_LINE } from '../docker-looks.ts';

/** The oldest compose whose `up` knows every option used here (`--wait-timeout` came with it). */
export const OLDEST_COMPOSE: readonly [number, number] = [2, 17];

/** Prints one line for each container of a project: `id|status for people|what decides about it as JSON`. */
export function listContainers(project: string): Script {
  const mine = `label=com.docker.compose.project=${project}`;
  const lasting = 'label=com.docker.compose.oneoff=False';
  return sh`timeout 10 docker ps -a --no-trunc --filter ${mine} --filter ${lasting} --format ${CONTAINER_LINE}`;
}

/**
 * Reduces `$list` (see `listContainers`) to `$essence`: sorted JSON without what changes by itself, so that the same set
 * made anew reads the same (health is only in the status for people); and leaves `$sum` behind, a digest of that and of
 * `$inodes`, which folders are mounted, so that a replaced one shows.
 */
export const digestOfList: Script = sh`essence=
${lineByLine(sh`for one in $list; do
  one=\${one#*|}
  case \${one%%|*} in *'(unhealthy)'*) one="unhealthy \${one#*|}" ;; *) one=\${one#*|} ;; esac
  essence="$essence\${essence:+
}$one"
done`)}
case $essence in *'
'*) essence=$(printf '%s\n' "$essence" | LC_ALL=C sort) ;; esac
sum=$(printf '%s\n' "$essence$inodes" | sha256sum)
sum=\${sum%% *}`;

/** `docker compose` for the bundle's own file. */
export function compose(path: string, project: string): Script {
  return sh`docker compose --ansi never --project-directory ${path} -f ${`${path}/compose.yml`} -p ${project}`;
}

/** Prints the last lines of each container of a project that does not run, is not healthy, or whose service is in `$ends`. */
export function lastWords(project: string): Script {
  const filter = `label=com.docker.compose.project=${project}`;
  const format = '{{.ID}} {{.Names}} {{.Label "com.docker.compose.service"}} {{.State}} {{.Status}}';
  return sh`docker ps -a --filter ${filter} --format ${format} | while read -r id name service state status; do
  case " $ends " in
  *" $service "*) ;;
  *)
    case "$state $status" in
    *unhealthy* | *'health: starting'*) ;;
    running*) continue ;;
    esac
    ;;
  esac
  printf 'last lines of %s (%s):\n' "$name" "$status"
  docker logs --tail 13 "$id" 2>&1
done`;
}

/**
 * Removes the containers that a recreation left which broke off, by a crash of the host, say: compose makes the new one
 * under the name `<id of the old one>_NAME`, and until it has renamed and started it, a further `up` stumbles over both.
 */
export function removeHalfMade(project: string, services: readonly string[]): Script {
  const mine = `label=com.docker.compose.project=${project}`;
  return sh`for service in ${services}; do
  half=$(docker ps -aq --filter ${mine} --filter "label=com.docker.compose.service=$service" --filter 'name=^/?[0-9a-f]{12}_') || exit 1
  [ -z "$half" ] || docker rm -f $half >/dev/null || exit 1
done`;
}
