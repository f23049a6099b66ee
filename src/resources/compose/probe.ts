import { dirname, relative } from 'node:path/posix';
import { lines, print, type Script, sh } from '../../posix/script.ts';
import { plainPath } from '../owner-mode.ts';
import { textLimit } from '../shown-content.ts';
import { type Bundle, bundleOf, COMPOSE_YML, configMounts, mountedFolders } from './bundle.ts';
import type { Service } from './compose-file.ts';
import { digestOfList, listContainers } from './docker-cli.ts';
import { RECORD } from './record.ts';
import type { ComposeSpec } from './schema.ts';

/**
 * Asks everything about a bundle in one read-only script: files, record, containers. When all of them are as the
 * record says, that is one call of docker; only otherwise compose, the images and start times are asked as well.
 */
export function probe(spec: ComposeSpec): Script {
  if (spec.state === 'absent') {
    return lines([lookAtFiles(plainPath(spec.path), [COMPOSE_YML], '', sh`:`), lookAtContainers(spec.project, [])]);
  }
  const bundle = bundleOf(spec);
  const names = bundle.files.map((file) => file.name);
  const known = bundle.files.map(({ name, sha }) => `${sha}  ${name}`).join('\n');
  return lines([
    lookAtFiles(bundle.path, names, known, lookForChanges(bundle)),
    lookAtContainers(bundle.project, mountedFolders(bundle)),
    lookCloser(bundle),
  ]);
}

/** Leaves `have` behind (the lines of sha256sum for the declared files), and what `inside` leaves. */
function lookAtFiles(path: string, names: readonly string[], known: string, inside: Script): Script {
  return sh`known=${known}
have= newer=
export LC_ALL=C
if cd -- ${path} 2>/dev/null; then
  [ ! -r ${RECORD} ] || printf 'record %s\n' "$(base64 <${RECORD} | tr -d '\n')"
  ours=$(sed -n 's/^  "\([^"]*\)": "sha256:[0-9a-f]*",\{0,1\}$/\1/p' ${RECORD} 2>/dev/null)
  gone=
  for f in $ours; do
    case "
$known
" in *"  $f
"*) ;; *) gone="$gone $f" ;; esac
  done
  have=$(sha256sum -- ${names} 2>/dev/null)
  stat -L -c 'stat %s %f %u %g %U|%G %n' -- ${names} $gone 2>/dev/null
  { printf '%s\n' "$have"; [ -z "$gone" ] || sha256sum -- $gone 2>/dev/null; } | while read -r sum f; do
    [ -n "$f" ] || continue
    printf 'sha %s %s\n' "$f" "$sum"
    case "
$known
" in *"
$sum  $f
"*) continue ;; esac
    [ "$(wc -c <"$f")" -gt ${textLimit} ] || printf 'text %s %s\n' "$f" "$(base64 <"$f" | tr -d '\n')"
  done
  ${inside}
elif [ -e ${path} ]; then
  echo shut
fi`;
}

/** Leaves `newer` behind: what changed in the mounted configuration after the record was written. */
function lookForChanges(bundle: Bundle): Script {
  const names = bundle.files.map((file) => file.name);
  const folders = mountedFolders(bundle)
    .map((folder) => relative(bundle.path, folder))
    .filter((folder) => folder !== '' && !folder.startsWith('..'));
  if (folders.length === 0) return sh`:`;
  const mounted = names.filter((name) => folders.some((folder) => name.startsWith(`${folder}/`)));
  const watched = [...new Set([...folders, ...mounted.map((name) => dirname(name)), ...mounted])];
  return sh`newer=$(find ${watched} -prune -newer ${RECORD} 2>/dev/null)
  [ -z "$newer" ] || printf '%s\n' "$newer" | sed 's/^/newer /'
  stat -c 'changed %n %Z' -- ${watched} 2>/dev/null
  find ${folders} -type f 2>/dev/null | head -n 200 | sed 's/^/found /'`;
}

/** Leaves `ps` (0: docker answered), `list` and its digest `sum` behind. */
function lookAtContainers(project: string, folders: readonly string[]): Script {
  return sh`cd /
ps=127 list= sum=
if command -v docker >/dev/null 2>&1; then
  list=$(${listContainers(project)})
  ps=$?
  sum=$(${digestOfList(folders)})
  [ -z "$list" ] || printf '%s\n' "$list" | sed 's/^/container /'
elif command -v docker-compose >/dev/null 2>&1; then
  echo v1
fi
echo "docker $ps"`;
}

/** What only matters when something is not as the record says: what compose would do, images, start times. */
function lookCloser(bundle: Bundle): Script {
  const images = [...new Set(bundle.compose.services.map((service) => service.image))];
  const project = sh`--project-directory ${bundle.path} -p ${bundle.project}`;
  const settled = sh`grep -qF "\"containers\": \"$sum\"" ${`${bundle.path}/${RECORD}`} 2>/dev/null`;
  return sh`[ "$ps" = 0 ] || exit 0
if [ "$have" = "$known" ] && [ -z "$newer" ] && [ -n "$list" ] && ${settled}; then
  echo settled
  exit 0
fi
version=$(timeout 20 docker compose version --short 2>/dev/null)
printf 'compose %s\n' "$version"
if [ -z "$version" ]; then
  ! command -v docker-compose >/dev/null 2>&1 || echo v1
elif hashes=$(${print(bundle.composeText)} | timeout 20 docker compose -f - ${project} config --hash '*'); then
  printf '%s\n' "$hashes" | sed 's/^/hash /'
else
  echo refused
fi
for image in ${images}; do
  printf 'image %s %s\n' "$image" "$(timeout 20 docker image inspect -f '{{.Id}}' -- "$image" 2>/dev/null)"
done
ids=$(printf '%s\n' "$list" | cut -d'|' -f1)
[ -z "$ids" ] || timeout 20 docker inspect -f ${LIFE} $ids | while read -r id start restarts pid service; do
  echo "started $id $start $restarts"
  case $service in
${lines(bundle.compose.services.map((service) => lookAtMounts(bundle, service)))}
  esac
done`;
}

const LIFE =
  '{{.Id}} {{.State.StartedAt}} {{.RestartCount}} {{.State.Pid}} {{index .Config.Labels "com.docker.compose.service"}}';

// A mount holds the folder itself, not its name: once the folder was replaced, the container sees only the old one.
function lookAtMounts(bundle: Bundle, service: Service): Script {
  const names = bundle.files.map((file) => file.name);
  const astray = configMounts(bundle, service, names).map(
    ({ source, target }) => sh`    there=$(stat -L -c %d:%i -- /proc/$pid/root${target} 2>/dev/null)
    [ -z "$there" ] || [ "$there" = "$(stat -L -c %d:%i -- ${source} 2>/dev/null)" ] || echo "astray $id"`,
  );
  return sh`  ${service.name})
${lines([...astray, sh`    ;;`])}`;
}
