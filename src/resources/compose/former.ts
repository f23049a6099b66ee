import type { Former } from '../kind.ts';
import { plainPath } from '../owner-mode.ts';
import { tooLong } from '../shown-content.ts';
import { bundleOf, COMPOSE_YML } from './bundle.ts';
import { type ComposeFile, readComposeFile, type Service } from './compose-file.ts';
import type { Observed } from './observed.ts';
import type { ComposeSpec, FormerBundle } from './schema.ts';
import { whyUnproved } from './verdict.ts';

/**
 * The bundle as it was found: its files, and its containers on the definition and the image they had, running only
 * where they ran. How a service takes its files is not to be seen on a host, so that is what the task says now.
 */
export function formerBundle(spec: ComposeSpec, seen: Observed): Former<ComposeSpec> {
  const { project, path } = spec;
  const composeYml = seen.files.get(COMPOSE_YML);
  if (seen.files.size === 0 && seen.containers.length === 0) return { spec: { project, path, state: 'absent' } };
  if (composeYml === undefined) return { lost: `there was no ${COMPOSE_YML} in ${path}` };
  const bytes = new Map([...seen.files].map(([name, file]) => [name, file.bytes]));
  if ([...bytes.values()].includes(undefined)) return { lost: tooLong };
  const compose = textOf(bytes.get(COMPOSE_YML)!);
  if (compose === undefined) return { lost: `${COMPOSE_YML} was no text` };
  const file = readComposeFile(compose, plainPath(path), project);
  if (file.doubts.length > 0) return { lost: file.doubts[0]!.what };
  const files = Object.fromEntries([...bytes].filter(([name]) => name !== COMPOSE_YML)) as Record<string, Uint8Array>;
  const { owner, group, mode, timeout } = spec;
  const plain: ComposeSpec = { project, path, owner, group, mode, compose, files, ...(timeout && { timeout }) };
  const former: ComposeSpec = { ...plain, services: cares(spec, plain, file, seen), former: beyond(file, seen) };
  const known = new Set(file.services.map(({ name }) => name));
  const strays = [...new Set(seen.containers.map(({ service }) => service))].filter((name) => !known.has(name));
  return strays.length === 0
    ? { spec: former }
    : { spec: former, except: `the containers of ${strays.join(', ')}, which its compose.yml did not name` };
}

/** Without `check`, and without a proof of what was not proved before: it is put back also where it was bad. */
function cares(spec: ComposeSpec, plain: ComposeSpec, file: ComposeFile, seen: Observed): ComposeSpec['services'] & {} {
  const bundle = bundleOf(plain);
  const known = file.services.filter(({ name }) => spec.services?.[name] !== undefined);
  return Object.fromEntries(
    known.map((service) => {
      const { reload, loaded } = spec.services![service.name]!;
      const own = seen.containers.filter((one) => one.service === service.name);
      const proved = seen.settled || whyUnproved(bundle, seen, service, own) === undefined;
      return [service.name, { ...(reload && { reload }), ...(loaded && proved && { loaded }) }];
    }),
  );
}

function beyond(file: ComposeFile, seen: Observed): FormerBundle {
  return {
    access: Object.fromEntries([...seen.files].map(([name, { mode, owner }]) => [name, { mode, owner }])),
    images: Object.fromEntries(file.services.flatMap((service) => imageOf(service, seen))),
    unfit: Object.fromEntries(file.services.flatMap((service) => unfitness(service, seen))),
  };
}

/** The id of the image that the containers of a service ran; a reference by digest names it already. */
function imageOf({ name, image }: Service, seen: Observed): readonly (readonly [string, string])[] {
  const ids = new Set(seen.containers.filter(({ service }) => service === name).map(({ imageId }) => imageId));
  const [id] = ids;
  return ids.size !== 1 || !id || image.includes('@') ? [] : [[image, id]];
}

function unfitness(
  { name, replicas }: Service,
  seen: Observed,
): readonly (readonly [string, FormerBundle['unfit'][string]])[] {
  const states = seen.containers.filter(({ service }) => service === name).map(({ state }) => state);
  if (replicas === 0 || seen.docker !== 'ready' || (states.length > 0 && states.every((state) => state === 'running')))
    return [];
  if (states.length === 0) return [[name, 'missing']];
  return [[name, states.every((state) => state === 'exited' || state === 'created') ? 'stopped' : 'failing']];
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
