import { join, normalize } from 'node:path/posix';
import { readYaml } from '../../yaml/yaml.ts';
import { sha256 } from '../digest.ts';

/** A host folder or file that a service mounts. */
export interface Bind {
  /** Absolute. */
  readonly source: string;
  readonly target: string;
}

/** What a plan needs to know of one service. */
export interface Service {
  readonly name: string;
  /** Digest of its definition. */
  readonly digest: string;
  readonly image: string;
  readonly replicas: number;
  readonly user: string | undefined;
  readonly binds: readonly Bind[];
  /** Names of the networks of the file it joins. */
  readonly networks: readonly string[];
  /** Services whose recreation recreates it: it lives in a namespace of theirs, or with their volumes. */
  readonly livesIn: readonly string[];
  /** Services whose recreation restarts it (`depends_on: {x: {restart: true}}`). */
  readonly restartsWith: readonly string[];
}

/** A network or volume that the project owns: its name in docker, and the digest of its definition. */
export interface Owned {
  readonly docker: string;
  readonly digest: string;
}

/** Why a compose file is not taken. */
export interface Doubt {
  readonly what: string;
  readonly why: string;
  readonly mend: string;
}

/** A compose file as far as it decides what happens on a host; the program itself judges the rest. */
export interface ComposeFile {
  readonly services: readonly Service[];
  readonly networks: ReadonlyMap<string, Owned>;
  readonly volumes: ReadonlyMap<string, Owned>;
  readonly doubts: readonly Doubt[];
}

type Mapping = Readonly<Record<string, unknown>>;

// What these words mean depends on files and variables of the host, or on a build there.
const UNPLANNABLE: Readonly<Record<string, string>> = {
  build: 'Build the image elsewhere, push it, and name it with `image:`.',
  extends: 'Write the service out; a template can share text.',
  env_file: 'Write the variables under `environment:`; a template can fill them in.',
  profiles: 'Leave the service out of the file where it shall not run; a template can decide.',
};

/** Reads a compose file the way `docker compose` does; `path` is the folder relative names start from. */
export function readComposeFile(text: string, path: string, project: string): ComposeFile {
  const document = readYaml('compose.yml', text);
  const root = document.ok ? document.value.value : undefined;
  if (!document.ok || !isMapping(root) || !isMapping(root['services'])) {
    const fault = document.ok ? undefined : document.faults[0];
    const why = fault ? `Line ${fault.at?.line ?? 1}: ${fault.what}` : 'It has no mapping `services`.';
    const doubt = { what: 'The compose file cannot be read.', why, mend: 'Mend the compose file.' };
    return { services: [], networks: new Map(), volumes: new Map(), doubts: [doubt] };
  }
  const services = Object.entries(root['services']).map(([name, value]) => ({
    name,
    definition: isMapping(value) ? value : {},
  }));
  const networks = mapping(root['networks']);
  const usesDefault = services.some(({ definition }) => joins(definition).includes('default'));
  return {
    services: services.map(({ name, definition }) => readService(name, definition, path)),
    networks: owned(usesDefault ? { default: null, ...networks } : networks, project),
    volumes: owned(mapping(root['volumes']), project),
    doubts: [
      ...fileDoubts(root, project),
      ...services.flatMap(({ name, definition }) => serviceDoubts(name, definition)),
      ...variableDoubts(root),
    ],
  };
}

function readService(name: string, definition: Mapping, path: string): Service {
  const deploy = mapping(definition['deploy']);
  const dependsOn = mapping(definition['depends_on']);
  return {
    name,
    digest: sha256(canonical(definition)),
    image: String(definition['image'] ?? ''),
    replicas: Number(definition['scale'] ?? deploy['replicas'] ?? 1),
    user: definition['user'] === undefined ? undefined : String(definition['user']),
    binds: list(definition['volumes']).flatMap((one) => readBind(one, path)),
    networks: joins(definition),
    livesIn: [
      ...['network_mode', 'ipc', 'pid'].flatMap((key) => /^service:(.*)/.exec(String(definition[key]))?.[1] ?? []),
      ...list(definition['volumes_from']).map((one) => String(one).split(':')[0]!),
    ],
    restartsWith: Object.keys(dependsOn).filter((one) => mapping(dependsOn[one])['restart'] === true),
  };
}

function readBind(volume: unknown, path: string): readonly Bind[] {
  if (typeof volume === 'string') {
    const [source, target] = volume.split(':');
    if (target === undefined || !/^[./]/.test(source!)) return [];
    return [{ source: absolute(source!, path), target }];
  }
  if (!isMapping(volume) || volume['type'] !== 'bind') return [];
  return [{ source: absolute(String(volume['source']), path), target: String(volume['target']) }];
}

function absolute(source: string, path: string): string {
  const whole = source.startsWith('/') ? normalize(source) : join(path, source);
  return whole.length > 1 && whole.endsWith('/') ? whole.slice(0, -1) : whole;
}

function joins(definition: Mapping): readonly string[] {
  if (definition['network_mode'] !== undefined) return [];
  const networks = definition['networks'];
  if (networks === undefined || networks === null) return ['default'];
  return Array.isArray(networks) ? networks.map(String) : Object.keys(mapping(networks));
}

function owned(definitions: Mapping, project: string): ReadonlyMap<string, Owned> {
  const all = new Map<string, Owned>();
  for (const [name, value] of Object.entries(definitions)) {
    const definition = mapping(value);
    if (definition['external'] === true || isMapping(definition['external'])) continue;
    all.set(name, {
      docker: String(definition['name'] ?? `${project}_${name}`),
      digest: sha256(canonical(definition)),
    });
  }
  return all;
}

function fileDoubts(root: Mapping, project: string): readonly Doubt[] {
  const doubts: Doubt[] = [];
  if (root['name'] !== undefined && root['name'] !== project) {
    doubts.push({
      what: `The compose file is named "${String(root['name'])}", the task says project "${project}".`,
      why: 'The name tells which containers belong to the bundle, so there can only be one.',
      mend: 'Remove `name:` from the compose file, or make both the same.',
    });
  }
  if (root['include'] !== undefined) doubts.push(unplannable('The compose file', 'include', 'Write its services out.'));
  for (const key of ['configs', 'secrets']) {
    for (const [name, value] of Object.entries(mapping(root[key]))) {
      if (mapping(value)['file'] === undefined) continue;
      doubts.push({
        what: `${key} "${name}" of the compose file is a single file.`,
        why: 'It is mounted as a single file, and such a mount keeps showing the old text after the file was replaced.',
        mend: 'Put the file into a folder under `files:` and mount that folder with `volumes:`.',
      });
    }
  }
  return doubts;
}

function serviceDoubts(name: string, definition: Mapping): readonly Doubt[] {
  const used = Object.entries(UNPLANNABLE).filter(([key]) => definition[key] !== undefined);
  const doubts = used.map(([key, mend]) => unplannable(`Service ${name}`, key, mend));
  if (typeof definition['image'] === 'string' || definition['build'] !== undefined) return doubts;
  const why = 'Only images that can be pulled are deployed.';
  return [...doubts, { what: `Service ${name} has no image.`, why, mend: 'Name its image, with a tag.' }];
}

function unplannable(who: string, key: string, mend: string): Doubt {
  const why = 'What it means is known only on the host, so no plan could tell what will happen.';
  return { what: `${who} uses \`${key}\`.`, why, mend };
}

/** Compose fills `$NAME` in from the environment of the host; `$$` stands for one dollar sign. */
function variableDoubts(root: unknown): readonly Doubt[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      const variable = /^(?:[^$]|\$\$)*\$(\{[^}]*\}?|[A-Za-z_]\w*)/.exec(value);
      if (variable !== null) found.add(`$${variable[1]}`);
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (isMapping(value)) Object.values(value).forEach(walk);
  };
  walk(root);
  return [...found].map((variable) => ({
    what: `The compose file uses the variable ${variable}.`,
    why: 'docker compose would take its value from the environment of the host, where no plan can see it.',
    mend: 'Fill the value in with a template (`{{ }}`), or write `$$` for a dollar sign.',
  }));
}

/** JSON with sorted keys, so that equal definitions are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    isMapping(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}

function mapping(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
