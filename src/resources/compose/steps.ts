import { dirname, join } from 'node:path/posix';
import { lines, print, sh } from '../../posix/script.ts';
import type { Deed } from '../change.ts';
import { plainPath, wantedOwner } from '../owner-mode.ts';
import type { Step } from '../step.ts';
import { type Bundle, bundleOf, COMPOSE_YML, mountedFolders, mounts } from './bundle.ts';
import { checkedServices, checkService } from './check.ts';
import { compose, digestOfList, lastWords, listContainers, removeHalfMade } from './docker-cli.ts';
import type { Observed } from './observed.ts';
import { openRecord, RECORD, recordText, settledText } from './record.ts';
import { awaitLoaded, awaitProgress, reload } from './reload.ts';
import { type ComposeSpec, DEFAULT_TIMEOUT_S } from './schema.ts';
import { changedDefinitions, isUnfit, type Verb } from './verdict.ts';

/** Seconds for the pull of one image. */
const PULL_S = 1800;
/** Seconds for which a start may show no progress once its time is over, and for one that shows some all along. */
const STALL_S = 180;
const LONGEST_START_S = 6 * 3600;

/** Does what the change shows, no more: its fields say which files, images and services. */
export function apply(spec: ComposeSpec, change: Deed, seen: Observed): readonly Step[] {
  return change.action === 'delete' ? remove(spec, change, seen) : deploy(spec, bundleOf(spec), change, seen);
}

function deploy(spec: ComposeSpec, bundle: Bundle, change: Deed, seen: Observed): readonly Step[] {
  const timeoutS = spec.timeout ?? DEFAULT_TIMEOUT_S;
  const fields = change.fields.map(({ field }) => field);
  const images = fields.flatMap((field) => (field.startsWith('image ') ? [field.slice('image '.length)] : []));
  const verbs = new Map(
    change.fields
      .filter(({ field }) => field.startsWith('service '))
      .map(({ field, to }) => [field.slice('service '.length), to as Verb]),
  );
  const having: Having = (wanted) => [...verbs].filter(([, verb]) => wanted.includes(verb)).map(([name]) => name);
  const touched = new Set(verbs.keys());
  return [
    ...images.map((image) => pull(image, bundle.former?.images[image])),
    ...checkedServices(spec, change).map(
      (service): Step => ({
        do: 'run',
        what: `check the new files of ${service.name}`,
        script: checkService(spec, service, change),
        timeoutS: 90,
        judges: true,
      }),
    ),
    ...writes(spec, bundle, change, openText(bundle, seen, touched)),
    ...changedDefinitions(bundle, seen, 'network').map((network) => removeNetwork(bundle, network)),
    ...upSteps(bundle, having, timeoutS),
    ...having(['returned']).map((service) => putBack(bundle, service)),
    ...[...verbs].flatMap(([service, verb]) => handOver(bundle, service, verb, timeoutS)),
    // A bundle that did not run as a whole is not recorded as one that does.
    ...(isUnfit(bundle)
      ? []
      : [settle(spec, bundle, having(['created', 'recreated', 'scaled', 'started', 'restarted']))]),
  ];
}

function pull(image: string, former: string | undefined): Step {
  if (former !== undefined) return nameAgain(image, former);
  const script = sh`docker image inspect -- ${image} >/dev/null 2>&1 || docker pull -q -- ${image}`;
  return { do: 'run', what: `pull ${image}`, script, timeoutS: PULL_S };
}

/** Lets a reference name the image that it named; it is pulled only where that one is no longer on the host. */
function nameAgain(image: string, former: string): Step {
  const script = sh`if docker image inspect -- ${former} >/dev/null 2>&1; then docker tag ${former} ${image}
else docker image inspect -- ${image} >/dev/null 2>&1 || docker pull -q -- ${image}; fi`;
  return { do: 'run', what: `bring back the image ${image}`, script, timeoutS: PULL_S };
}

function openText(bundle: Bundle, seen: Observed, touched: ReadonlySet<string>): string {
  return recordText(openRecord(bundle, seen.record, touched));
}

/** Record first, compose.yml last: a run that breaks off in between is seen by the next one. */
function writes(spec: ComposeSpec, bundle: Bundle, change: Deed, record: string): readonly Step[] {
  const owner = wantedOwner(spec);
  const due = new Set(change.fields.map(({ field }) => field.split(' ')[0]));
  const [composeYml, ...others] = bundle.files;
  const files = [...others, composeYml!].filter(({ name }) => due.has(name));
  const gone = change.fields.filter(({ field, to }) => to === undefined && !field.includes(' '));
  const folders = [...new Set(bundle.files.map(({ name }) => join(bundle.path, dirname(name))))];
  // A mounted folder stays, even empty: a container would go on seeing the removed one.
  const mounted = new Set(bundle.compose.services.flatMap(({ binds }) => binds.map(({ source }) => source)));
  const emptied = foldersOf(gone.map(({ field }) => field)).filter((folder) => !mounted.has(join(bundle.path, folder)));
  return [
    { do: 'run', what: `make the folders of ${bundle.project}`, script: sh`umask 022 && mkdir -p -- ${folders}` },
    { do: 'write', path: join(bundle.path, RECORD), content: record, mode: '0600', owner },
    ...files.map(
      ({ name, ...file }): Step => ({
        do: 'write',
        path: join(bundle.path, name),
        content: file.content,
        mode: file.mode,
        owner: file.owner,
      }),
    ),
    ...gone.map(({ field }): Step => ({ do: 'remove', path: join(bundle.path, field) })),
    ...tidy(
      bundle.project,
      emptied.map((folder) => join(bundle.path, folder)),
    ),
  ];
}

// Not every compose replaces a network whose definition changed, so it is removed and `up` makes it anew.
function removeNetwork(bundle: Bundle, network: string): Step {
  const services = bundle.compose.services
    .filter((service) => service.networks.includes(network))
    .map(({ name }) => name);
  const name = bundle.compose.networks.get(network)!.docker;
  return {
    do: 'run',
    what: `remove the network ${network} to make it anew`,
    script: sh`${compose(bundle.path, bundle.project)} rm --stop --force -- ${services} && { docker network rm ${name} || ! docker network inspect ${name} >/dev/null 2>&1; }`,
  };
}

/** Names of the services that one of these things happens to. */
type Having = (verbs: readonly Verb[]) => readonly string[];

// Services are named, and whether they are made anew is said, because what compose does by itself to those that depend
// on a recreated one differs from version to version. `--wait` lets a container in a restart loop pass; `settle` does not.
function upSteps(bundle: Bundle, having: Having, timeoutS: number): readonly Step[] {
  const anew = having(['recreated']);
  const kept = having(['created', 'scaled', 'started']);
  const gone = having(['removed']);
  const up = (what: string, how: string, services: readonly string[]): Step => {
    const options = ['-d', '--no-deps', '--remove-orphans', '--no-build', '--pull', 'never', how];
    const moving = services.flatMap((service) => {
      const { progress } = bundle.care(service);
      return progress === undefined ? [] : [awaitProgress(bundle, service, progress, Math.min(timeoutS, STALL_S))];
    });
    const script = sh`${removeHalfMade(bundle.project, services)}
said=$(${compose(bundle.path, bundle.project)} up ${options} --wait --wait-timeout ${timeoutS} -- ${services} 2>&1) && exit 0
rc=$? ends=
${lines(moving)}
[ "$rc" -ne 0 ] || exit 0
${lastWords(bundle.project)}
printf '%s\n' "$said" | tail -n 5
exit "$rc"`;
    return { do: 'run', what, script, timeoutS: moving.length > 0 ? LONGEST_START_S : timeoutS + 300 };
  };
  return [
    ...(anew.length > 0 ? [up(`recreate ${anew.join(', ')}`, '--force-recreate', anew)] : []),
    ...(kept.length > 0 ? [up(`start ${kept.join(', ')}`, '--no-recreate', kept)] : []),
    ...(gone.length > 0 && anew.length + kept.length === 0
      ? [up(`remove ${gone.join(', ')}`, '--no-recreate', [])]
      : []),
  ];
}

/** A service that did not run: its containers as they were, without waiting for what they do. */
function putBack(bundle: Bundle, service: string): Step {
  const how = bundle.former!.unfit[service]!;
  const options = ['--no-deps', '--no-build', '--pull', 'never', '--force-recreate'];
  const program = compose(bundle.path, bundle.project);
  const script =
    how === 'missing'
      ? sh`${program} rm --stop --force -- ${service}`
      : sh`${removeHalfMade(bundle.project, [service])}
${program} up ${how === 'stopped' ? '--no-start' : '-d'} ${options} -- ${service}`;
  return { do: 'run', what: `put ${service} back (it was ${how})`, script };
}

/** What must be done for one service once `up` is done, and the proof that it has loaded its files. */
function handOver(bundle: Bundle, service: string, verb: Verb, timeoutS: number): readonly Step[] {
  const { reload: signal, loaded } = bundle.care(service);
  const wanted = bundle.compose.services.find(({ name }) => name === service);
  if (wanted === undefined || verb === 'removed' || verb === 'returned' || wanted.replicas === 0) return [];
  if (verb === 'reloaded') return [reload(bundle, service, signal!, loaded, timeoutS)];
  const restart: Step = {
    do: 'run',
    what: `restart ${service}`,
    script: sh`${compose(bundle.path, bundle.project)} restart -- ${service}`,
    timeoutS: timeoutS + 300,
  };
  const seesFiles = bundle.files.some(({ name }) => mounts(bundle, wanted, name));
  return [
    ...(verb === 'restarted' ? [restart] : []),
    ...(loaded !== undefined && seesFiles ? [awaitLoaded(bundle, service, loaded, timeoutS)] : []),
  ];
}

/**
 * Sees that all containers run, and records it. Those that were started are given a second, in which a bad
 * configuration ends most processes, unless all are healthy already, and must not have been restarted by docker meanwhile.
 */
function settle(spec: ComposeSpec, bundle: Bundle, started: readonly string[]): Step {
  const { before, within, after } = settledText(bundle);
  const folders = mountedFolders(bundle);
  const inodes = folders.length === 0 ? sh`:` : sh`stat -L -c %i -- ${folders} 2>/dev/null`;
  const wait = sh`! printf '%s\n' "$list" | grep -qv '^[^|]*|[^|]*(healthy)' || sleep 1
restarts=$(docker inspect -f '{{.RestartCount}} {{index .Config.Labels "com.docker.compose.service"}}' $(printf '%s\n' "$list" | cut -d'|' -f1)) || exit 1
list=$(${listContainers(bundle.project)}) || exit 1
for service in ${started}; do
  ! printf '%s\n' "$restarts" | grep -qx "[1-9][0-9]* $service" || { printf '%s ends and is started again and again\n' "$service"; bad=1 ends="$ends $service"; }
done`;
  const script = sh`bad= ends=
list=$(${listContainers(bundle.project)}) || exit 1
${started.length > 0 ? wait : sh`:`}
! printf '%s\n' "$list" | grep -v '"state":"running"}$' | grep -q . || bad=1
! printf '%s\n' "$list" | grep -q '^[^|]*|[^|]*(unhealthy)' || bad=1
[ -z "$bad" ] || { ${lastWords(bundle.project)}
exit 1; }
inodes=$(${inodes})
inodes="\${inodes:+
}$inodes"
${digestOfList}
umask 077
t=$(mktemp ${join(bundle.path, `${RECORD}.XXXXXX`)}) || exit 1
trap 'rm -f -- "$t"' EXIT
{ ${print(before)}; printf %s "$sum"; ${print(within)}; printf '%s\n' "$essence" | paste -s -d , -; ${print(after)}; } >"$t" && chown -- ${wantedOwner(spec)} "$t" && mv -f -- "$t" ${join(bundle.path, RECORD)}`;
  return { do: 'run', what: `see that ${bundle.project} runs, and record it`, script };
}

function remove(spec: ComposeSpec, change: Deed, seen: Observed): readonly Step[] {
  const path = plainPath(spec.path);
  const names = change.fields.map(({ field }) => field).filter((field) => !field.includes(' '));
  const down: Step = {
    do: 'run',
    what: `docker compose down for ${spec.project}`,
    script: sh`cd / && docker compose --ansi never -p ${spec.project} down --remove-orphans`,
    timeoutS: 600,
  };
  return [
    ...(seen.containers.length > 0 ? [down] : []),
    ...[...names.filter((name) => name !== COMPOSE_YML), COMPOSE_YML, RECORD].map(
      (name): Step => ({ do: 'remove', path: join(path, name) }),
    ),
    ...tidy(spec.project, [...foldersOf(names).map((folder) => join(path, folder)), path]),
  ];
}

/** The folders that names stand in, deepest first. */
function foldersOf(names: readonly string[]): readonly string[] {
  const parents = (name: string): readonly string[] =>
    dirname(name) === '.' ? [] : [dirname(name), ...parents(dirname(name))];
  return [...new Set(names.flatMap(parents))].sort((a, b) => b.length - a.length);
}

function tidy(project: string, folders: readonly string[]): readonly Step[] {
  if (folders.length === 0) return [];
  const script = lines([...folders.map((folder) => sh`[ ! -d ${folder} ] || rmdir -- ${folder} 2>/dev/null`), sh`:`]);
  return [{ do: 'run', what: `remove the folders of ${project} that are empty`, script }];
}
