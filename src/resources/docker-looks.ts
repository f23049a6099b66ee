import { lineByLine, looking, type Script, sh } from '../posix/script.ts';

const label = (name: string) => `{{json (.Label "com.docker.compose.${name}")}}`;

// `.Image` of `docker ps` is the reference as given, or the image's id once that reference names another image.
/** What `docker ps` prints of a container: `id|status for people|what decides about it as JSON`. */
export const CONTAINER_LINE = `{{.ID}}|{{.Status}}|{"service":${label('service')},"number":${label(
  'container-number',
)},"hash":${label('config-hash')},"imageId":${label('image')},"image":{{json .Image}},"state":{{json .State}}}`;

/**
 * One look at all containers. Leaves `$ps` behind, the code of `docker ps` (127: no docker), and `$containers`: what it
 * said, of each container a line `"project" "whether compose ran it once"|name|ports|` and `CONTAINER_LINE`.
 */
export const allContainers: Script = looking({
  name: 'ps',
  about: [],
  ask: () => sh`ps=127 containers=
if command -v docker; then
  containers=$(timeout 10 docker ps -a --no-trunc --format ${`${label('project')} ${label('oneoff')}|{{.Names}}|{{.Ports}}|${CONTAINER_LINE}`} 2>&1)
  ps=$?
fi`,
});

/** Leaves `$list` behind: the lines of the lasting containers of a project. */
export function containersOf(project: string): Script {
  return sh`${allContainers}list=
${lineByLine(sh`for one in $containers; do
  case $one in ${`"${project}" "False"|`}*) list="$list\${list:+
}\${one#*|*|*|}" ;; esac
done`)}`;
}

/** One look at compose where one of these projects has no container yet: leaves `$compose` behind, its version or nothing. */
export function composeVersion(project: string): Script {
  const ask = (projects: readonly string[]) => sh`compose=
for project in ${projects}; do
  case $containers in *"\"$project\" \"False\"|"*) continue ;; esac
  compose=$(timeout 20 docker compose version --short 2>/dev/null)
  break
done`;
  return sh`${allContainers}${looking({ name: 'compose', about: [project], ask })}`;
}

// Without a type Docker looks for a container, an image, a network and a volume, in this order; a template that asks by
// `index` goes for all of them.
const OBJECT_LINE = [
  '{{json (index . "RepoTags")}}',
  '{{json (index . "RepoDigests")}}',
  '{{index . "Id"}}',
  '{{index . "Name"}}',
  '{{index . "Mountpoint"}}',
  '{{with index . "Options"}}{{index . "com.docker.network.bridge.name"}}{{end}}',
  '{{with index . "IPAM"}}{{range index . "Config"}}{{index . "Subnet"}} {{end}}{{end}}',
  '{{with index . "Config"}}{{index . "Image"}} {{index . "User"}}{{end}}',
  '{{index . "ResolvConfPath"}}',
].join('|');

/**
 * One look at images, containers, volumes and networks by their names. Leaves `$inspect` behind, the code of `docker
 * inspect` (124 or 143: it gave no answer), and `$objects`: a line of each that there is, with nine fields: tags and
 * digests as JSON, id, name (of a container with a slash before it), mount point, bridge, subnets, image and user, and
 * of a container a file in Docker's folder.
 */
export function objectsNamed(names: readonly string[]): Script {
  const ask = (about: readonly string[]) => sh`inspect=127 objects=
if command -v docker; then
  objects=$(timeout 10 docker inspect --format ${OBJECT_LINE} -- ${about} 2>/dev/null)
  inspect=$?
fi`;
  return looking({ name: 'inspect', about: names, ask });
}
