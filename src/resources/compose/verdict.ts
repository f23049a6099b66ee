import { join } from 'node:path/posix';
import type { Circumstances } from '../kind.ts';
import { type Bundle, configMounts, loadDigest, mounts } from './bundle.ts';
import type { Service } from './compose-file.ts';
import type { Container, Observed } from './observed.ts';
import { definitions } from './record.ts';
import type { FormerBundle } from './schema.ts';

/** What happens to a service, strongest first. */
export type Verb = 'returned' | 'created' | 'recreated' | 'scaled' | 'removed' | 'started' | 'restarted' | 'reloaded';

/** What will happen to one service, from what, and why. */
export interface Verdict {
  readonly service: string;
  readonly from: string | undefined;
  readonly to: Verb;
  readonly why: string | undefined;
}

/** What will happen to each service of a bundle, in the order of the file, orphans last; `touched` names changed files. */
export function verdicts(
  bundle: Bundle,
  seen: Observed,
  touched: readonly string[],
  now: Circumstances,
): readonly Verdict[] {
  const networks = changedDefinitions(bundle, seen, 'network');
  const own = bundle.compose.services.map((service) => ({
    service,
    ...judge(bundle, seen, service, touched, networks),
  }));
  const recreated = new Set(own.filter(({ to }) => to === 'recreated').map(({ service }) => service.name));
  const known = new Set(bundle.compose.services.map(({ name }) => name));
  const orphans = seen.containers.map(({ service }) => service).filter((name) => !known.has(name));
  return [
    ...own.flatMap(({ service, to, why }) => {
      const followed = follow(service, to, recreated) ?? notify(bundle, service, to, now);
      const verb = followed?.to ?? to;
      const from = stateOf(seen, service.name);
      return verb === undefined ? [] : [{ service: service.name, from, to: verb, why: followed?.why ?? why }];
    }),
    ...[...new Set(orphans)].sort().map((name) => {
      const why = 'the compose file has no such service';
      return { service: name, from: stateOf(seen, name), to: 'removed' as const, why };
    }),
  ];
}

/** Networks or volumes of the bundle that hadeploy last made with another definition. */
export function changedDefinitions(bundle: Bundle, seen: Observed, what: 'network' | 'volume'): readonly string[] {
  const before = seen.record?.definitions ?? {};
  return Object.entries(definitions(bundle))
    .filter(([name, digest]) => name.startsWith(`${what} `) && (before[name] ?? digest) !== digest)
    .map(([name]) => name.slice(what.length + 1));
}

/** Docker only rests: the bundle was deployed, and its containers come back with the daemon. */
export function rested(seen: Observed): boolean {
  return seen.docker === 'down' && seen.record !== undefined;
}

/** How the containers of a service stand, in one or a few words; undefined when there are none. */
export function stateOf(seen: Observed, service: string): string | undefined {
  const states = seen.containers.filter((one) => one.service === service).map(({ state }) => state);
  if (states.length === 0) return rested(seen) ? 'unknown' : undefined;
  return [...new Set(states)].sort().join(', ') + (states.length > 1 ? ` (${states.length} containers)` : '');
}

/** Whether a bundle is put back of which not everything ran. */
export function isUnfit({ former }: Bundle): boolean {
  return former !== undefined && Object.keys(former.unfit).length > 0;
}

interface Judgement {
  readonly to?: Verb;
  readonly why?: string;
}

function judge(
  bundle: Bundle,
  seen: Observed,
  service: Service,
  touched: readonly string[],
  networks: readonly string[],
): Judgement {
  const own = seen.containers.filter((one) => one.service === service.name);
  const was = bundle.former?.unfit[service.name];
  if (was !== undefined && !rested(seen)) return judgeUnfit(bundle, seen, service, own, networks, was);
  const changed = touched.filter((name) => mounts(bundle, service, name));
  const reload = bundle.care(service.name).reload === undefined ? 'restarted' : 'reloaded';
  if (rested(seen)) {
    return changed.length > 0 ? { to: reload, why: those(changed) } : { to: 'started', why: 'docker does not run' };
  }
  if (own.length === 0) return service.replicas === 0 ? {} : { to: 'created' };
  const recreate = seen.settled ? undefined : whyRecreate(bundle, seen, service, own, networks);
  if (recreate !== undefined) return { to: 'recreated', why: recreate };
  if (own.length !== service.replicas) return { to: 'scaled', why: `${service.replicas} containers are wanted` };
  if (own.some(({ state }) => state === 'exited' || state === 'created'))
    return { to: 'started', why: 'it is stopped' };
  const odd = own.find(({ state }) => state !== 'running');
  if (odd !== undefined) return { to: 'restarted', why: `it is ${odd.state}` };
  if (changed.length > 0) return { to: reload, why: those(changed) };
  const why = whyUnproved(bundle, seen, service, own);
  return why === undefined ? {} : { to: reload, why };
}

function those(changed: readonly string[]): string {
  return changed.length > 3 ? `${changed.length} files changed` : `${changed.join(', ')} changed`;
}

/** A service that did not run is done with once it stands as it stood. */
function judgeUnfit(
  bundle: Bundle,
  seen: Observed,
  service: Service,
  own: readonly Container[],
  networks: readonly string[],
  was: FormerBundle['unfit'][string],
): Judgement {
  const why = `it was ${was}`;
  if (was === 'missing') return own.length === 0 ? {} : { to: 'returned', why };
  const differs = own.length === 0 || whyRecreate(bundle, seen, service, own, networks) !== undefined;
  const runs = own.some(({ state }) => state !== 'exited' && state !== 'created');
  return differs || (was === 'stopped' && runs) ? { to: 'returned', why } : {};
}

function whyRecreate(
  bundle: Bundle,
  seen: Observed,
  service: Service,
  own: readonly Container[],
  networks: readonly string[],
): string | undefined {
  const network = service.networks.find((name) => networks.includes(name));
  if (network !== undefined) return `the network ${network} is defined otherwise`;
  if (own.some((one) => !isCurrent(seen, service, one))) return 'its definition differs';
  if (own.some(({ astray }) => astray)) return 'a folder it mounts was replaced on the host';
  const image = bundle.former?.images[service.image] ?? seen.images.get(service.image);
  if (image === undefined) return `the image ${service.image} is no longer on the host`;
  return own.some((one) => one.imageId !== image) ? `${service.image} now names another image` : undefined;
}

/**
 * Whether a container was made from the service's present definition: compose would label it the same, or the record
 * says so. The label alone lies after an upgrade of compose, and for what lives in another container's namespace.
 */
function isCurrent(seen: Observed, { name, digest }: Service, container: Container): boolean {
  if (container.hash === seen.hashes.get(name)) return true;
  if (seen.record?.definitions[`service ${name}`] !== digest) return false;
  return seen.record.running.some(({ service, hash }) => service === name && hash === container.hash);
}

/** Why a running service cannot be trusted to have loaded the files as they stand; undefined when it can. */
export function whyUnproved(
  bundle: Bundle,
  seen: Observed,
  service: Service,
  own: readonly Container[],
): string | undefined {
  const digest = loadDigest(bundle, service);
  if (digest === undefined || isUnfit(bundle)) return undefined;
  const sources = configMounts(
    bundle,
    service,
    bundle.files.map(({ name }) => name),
  ).map(({ source }) => source);
  const sees = (name: string) => sources.some((source) => `${join(bundle.path, name)}/`.startsWith(`${source}/`));
  const proved = seen.record?.loaded[service.name] === digest && !seen.newer.some(sees);
  if (proved) return undefined;
  // A process that started after the last change has read the files at its start.
  const last = Math.max(...[...seen.changed].filter(([name]) => sees(name)).map(([, time]) => time));
  if (own.every(({ started }) => started !== undefined && Math.floor(started) > last)) return undefined;
  return 'it was not seen to load its files as they are now';
}

function follow(service: Service, to: Verb | undefined, recreated: ReadonlySet<string>): Judgement | undefined {
  if (to === 'created' || to === 'recreated') return undefined;
  const house = service.livesIn.find((name) => recreated.has(name));
  if (house !== undefined) return { to: 'recreated', why: `it lives in ${house}, which is recreated` };
  const leader = service.restartsWith.find((name) => recreated.has(name));
  return leader === undefined ? undefined : { to: 'restarted', why: `it restarts with ${leader}` };
}

function notify(bundle: Bundle, service: Service, to: Verb | undefined, now: Circumstances): Judgement | undefined {
  if (now.notified === undefined || to !== undefined) return undefined;
  return { to: bundle.care(service.name).reload === undefined ? 'restarted' : 'reloaded', why: now.notified };
}
