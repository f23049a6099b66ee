import { dirname, join, relative } from 'node:path/posix';
import { lineByLine, lines, looking, print, type Script, sh } from '../../posix/script.ts';
import { composeVersion, containersOf } from '../docker-looks.ts';
import { plainPath } from '../owner-mode.ts';
import { areAsWanted, inodesOf, type WantedPath } from '../path-looks.ts';
import { textLimit } from '../shown-content.ts';
import { type Bundle, bundleOf, COMPOSE_YML, configMounts, mountedFolders } from './bundle.ts';
import type { Service } from './compose-file.ts';
import { digestOfList } from './docker-cli.ts';
import { RECORD, settledText } from './record.ts';
import type { ComposeSpec } from './schema.ts';

/**
 * Asks everything about a bundle in one read-only script: files, record, containers. When all of them are as the
 * record says, shared looks tell so; only otherwise compose, the images and start times are asked as well.
 */
export function probe(spec: ComposeSpec): Script {
  if (spec.state === 'absent') {
    return lines([lookAtContainers(spec.project, []), lookAtFiles(plainPath(spec.path), [COMPOSE_YML], '', sh`:`)]);
  }
  const bundle = bundleOf(spec);
  const names = bundle.files.map((file) => file.name);
  const known = bundle.files.map(({ name, sha }) => `${sha}  ${name}`).join('\n');
  return lines([
    lookAtContainers(bundle.project, mountedFolders(bundle)),
    bundle.former === undefined ? leaveWhenSettled(bundle) : sh`:`,
    lookAtFiles(bundle.path, names, known, lookForChanges(bundle)),
    lookCloser(bundle),
  ]);
}

/** Ends the probe when files, record and containers are as they shall be, and nothing was written since. */
function leaveWhenSettled(bundle: Bundle): Script {
  const files = bundle.files.map(({ name, mode, owner, sha }): WantedPath => {
    return { path: join(bundle.path, name), type: 'file', mode, owner, sha };
  });
  const record = join(bundle.path, RECORD);
  const named = (text: string) => text.trimEnd().replaceAll('\n', `\n${record}:`);
  const { before, within, after } = settledText(bundle);
  return sh`${recordsOf([record])}if [ "$ps" = 0 ] && [ -n "$list" ] && ${areAsWanted(files)}; then
  case $records in *${named(`\n${before}`)}"$sum"${named(within)}*${named(after)}*)
    newer=
    for f in ${watchedOf(bundle).map((name) => join(bundle.path, name))}; do
      [ "$f" -nt ${record} ]; [ $? = 1 ] || newer=yes
    done
    [ -n "$newer" ] || { echo "wanted $sum"; echo settled; exit 0; } ;;
  esac
fi`;
}

/** Leaves `$records` behind: each line of each record, after a newline, its path and a colon. */
function recordsOf(paths: readonly string[]): Script {
  const ask = (about: readonly string[]) => sh`records="
$(grep '' /dev/null ${about})"`;
  return looking({ name: 'records', about: paths, ask });
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
  const [folders, watched] = [foldersOf(bundle), watchedOf(bundle)];
  if (folders.length === 0) return sh`:`;
  return sh`newer=$(find ${watched} -prune -newer ${RECORD} 2>/dev/null)
  [ -z "$newer" ] || printf '%s\n' "$newer" | sed 's/^/newer /'
  stat -c 'changed %n %Z' -- ${watched} 2>/dev/null
  find ${folders} -type f 2>/dev/null | head -n 200 | sed 's/^/found /'`;
}

/** The mounted folders below the path of a bundle, by their names there. */
function foldersOf(bundle: Bundle): readonly string[] {
  return mountedFolders(bundle)
    .map((folder) => relative(bundle.path, folder))
    .filter((folder) => folder !== '' && !folder.startsWith('..'));
}

/** Those folders, and what of the bundle is in them. */
function watchedOf(bundle: Bundle): readonly string[] {
  const folders = foldersOf(bundle);
  const names = bundle.files.map((file) => file.name);
  const mounted = names.filter((name) => folders.some((folder) => name.startsWith(`${folder}/`)));
  return [...new Set([...folders, ...mounted.map((name) => dirname(name)), ...mounted])];
}

/** Leaves `list` (when `ps` is 0: docker answered) and its digest `sum` behind. */
function lookAtContainers(project: string, folders: readonly string[]): Script {
  return sh`${containersOf(project)}${inodesOf(folders)}
cd /
sum=
if [ "$ps" = 0 ]; then
  ${digestOfList}
  ${lineByLine(sh`for one in $list; do printf 'container %s\n' "$one"; done`)}
elif [ "$ps" != 127 ]; then
  printf '%s\n' "$containers" >&2
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
${composeVersion(bundle.project)}version=$compose
[ -n "$version" ] || version=$(timeout 20 docker compose version --short 2>/dev/null)
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
