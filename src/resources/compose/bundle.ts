import { join, normalize } from 'node:path/posix';
import { sha256 } from '../digest.ts';
import { fullMode, plainPath, wantedOwner } from '../owner-mode.ts';
import type { ComposeFile, Service } from './compose-file.ts';
import { readComposeFile } from './compose-file.ts';
import type { ComposeSpec, FormerBundle, ServiceCare } from './schema.ts';

/** Name of the compose file below the path of a bundle. */
export const COMPOSE_YML = 'compose.yml';

/** One file of a bundle as it shall be. */
export interface WantedFile {
  /** Below the path of the bundle. */
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly sha: string;
  /** Four octal digits. */
  readonly mode: string;
  /** `user:group`. */
  readonly owner: string;
}

/** A bundle as it shall be, in the words of its data: what the compose file says joined with what the task says. */
export interface Bundle {
  readonly project: string;
  readonly path: string;
  readonly composeText: string;
  readonly compose: ComposeFile;
  /** compose.yml first, the others by name. */
  readonly files: readonly WantedFile[];
  readonly care: (service: string) => ServiceCare;
  /** How it stood, when it is put back. */
  readonly former: FormerBundle | undefined;
}

const read = new WeakMap<ComposeSpec, Bundle>();

/** The bundle of a spec that was not refused. Reading is pure and costs some milliseconds, so it is done once a spec. */
export function bundleOf(spec: ComposeSpec): Bundle {
  const known = read.get(spec);
  if (known !== undefined) return known;
  const path = plainPath(spec.path);
  const composeText = textOf(spec.compose ?? '');
  const others = Object.entries(spec.files ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const files = [[COMPOSE_YML, composeText] as const, ...others].map(([name, content]) => ({
    name: normalize(name),
    content,
    sha: sha256(content),
    ...(spec.former?.access[name] ?? { mode: fullMode(spec.mode ?? '0644'), owner: wantedOwner(spec) }),
  }));
  const compose = readComposeFile(composeText, path, spec.project);
  const care = (service: string) => spec.services?.[service] ?? {};
  const bundle = { project: spec.project, path, composeText, compose, files, care, former: spec.former };
  read.set(spec, bundle);
  return bundle;
}

/** The folders that a service mounts and that hold one of these files (names below the path of the bundle). */
export function configMounts(bundle: Bundle, service: Service, names: readonly string[]) {
  return service.binds.filter(({ source }) =>
    names.some((name) => name !== COMPOSE_YML && join(bundle.path, name).startsWith(`${source}/`)),
  );
}

/** The absolute folders that any service mounts for the files of the bundle, sorted. */
export function mountedFolders(bundle: Bundle): readonly string[] {
  const names = bundle.files.map((file) => file.name);
  const binds = bundle.compose.services.flatMap((service) => configMounts(bundle, service, names));
  return [...new Set(binds.map(({ source }) => source))].sort();
}

/** Whether a service sees a file of the bundle through one of its mounts. */
export function mounts(bundle: Bundle, service: Service, name: string): boolean {
  return configMounts(bundle, service, [name]).length > 0;
}

/** What a service has loaded when it has loaded the files it mounts; undefined when it mounts none. */
export function loadDigest(bundle: Bundle, service: Service): string | undefined {
  const seen = bundle.files.filter((file) => mounts(bundle, service, file.name));
  return seen.length === 0 ? undefined : sha256(seen.map(({ name, sha }) => `${sha} ${name}\n`).join(''));
}

function textOf(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
