import type { Answer } from '../../posix/frame.ts';
import type { Shown } from '../change.ts';
import { type Fault, faultOf } from '../fault.ts';
import { readStat, type Stat, seenOwner } from '../owner-mode.ts';
import { base64Bytes, shownContent } from '../shown-content.ts';
import { bundleOf } from './bundle.ts';
import { type BundleRecord, readRecord, settledRecord } from './record.ts';
import type { ComposeSpec } from './schema.ts';

/** A declared or recorded file as it stands on the host. */
export interface SeenFile {
  readonly sha: string;
  readonly mode: string;
  readonly owner: string;
  /** Its content as a plan shows it. */
  readonly shown: Shown;
  /** Undefined where there are more than `textLimit`. */
  readonly bytes: Uint8Array | undefined;
}

/** A container of the project; one made by `docker compose run` is none. */
export interface Container {
  readonly id: string;
  readonly service: string;
  readonly hash: string;
  /** Id of the image it was made from. */
  readonly imageId: string;
  /** Docker's word (`running`, `exited`, …), or `unhealthy`. */
  readonly state: string;
  /** Seconds since the epoch; known only after a closer look, as is the next. */
  readonly started?: number;
  /** How often docker has started it again by itself. */
  readonly restarts?: number;
  /** It mounts a folder that was replaced on the host since. */
  readonly astray?: true;
}

/** A bundle as it was found. */
export interface Observed {
  readonly files: ReadonlyMap<string, SeenFile>;
  readonly record: BundleRecord | undefined;
  /** `ready` when docker answered; `down` when only its daemon did not; `missing` when there is no docker at all. */
  readonly docker: 'ready' | 'down' | 'missing';
  readonly containers: readonly Container[];
  /** Everything is as the record says, so the fields below were not asked. */
  readonly settled: boolean;
  /** Version of compose; empty when the host has none. */
  readonly compose: string;
  /** The host has compose v1, which is another program. */
  readonly v1: boolean;
  /** Why compose does not take the new file. */
  readonly refused?: string;
  /** Service → what compose would label it with. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Reference → id, for those on the host. */
  readonly images: ReadonlyMap<string, string>;
  /** Mounted files and folders that changed after the record was written. */
  readonly newer: readonly string[];
  /** Mounted files and folders → seconds since the epoch of their last change. */
  readonly changed: ReadonlyMap<string, number>;
  /** Files in the mounted configuration folders. */
  readonly found: readonly string[];
}

/** Reads the lines of the probe. */
export function parse(answer: Answer, spec: ComposeSpec): Observed | Fault {
  const said = new Map<string, string[]>();
  for (const line of answer.stdout.split('\n')) {
    const [word, ...rest] = line.split(' ');
    if (!said.has(word!)) said.set(word!, []);
    said.get(word!)!.push(rest.join(' '));
  }
  const all = (word: string): readonly string[] => said.get(word) ?? [];
  const pairs = (word: string) => new Map(all(word).map((line) => line.split(' ') as [string, string]));
  const code = Number(all('docker')[0] ?? -1);
  if (said.has('shut')) return { fault: `${spec.path} is no folder, or one that may not be entered` };
  const files = readFiles(all('stat'), pairs('sha'), pairs('text'), spec);
  if ('fault' in files) return files;
  const docker = readDocker(code, answer.stderr);
  if (docker === undefined) return dockerFault(code, answer);
  const sum = all('wanted')[0];
  const record = bytesOf(all('record')[0]);
  const started = new Map(all('started').map((line) => [line.split(' ')[0]!, line.split(' ')]));
  const written =
    sum !== undefined
      ? { ...settledRecord(bundleOf(spec)), containers: sum }
      : record && readRecord(new TextDecoder().decode(record));
  const containers = all('container').map((line) => readContainer(line, started, all('astray')));
  const broken = written !== undefined && written.containers === undefined;
  return {
    files: sum === undefined ? files.files : wantedFiles(spec),
    record: written,
    docker,
    containers: broken ? containers.map(unrested) : containers,
    settled: said.has('settled'),
    compose: all('compose')[0] ?? '',
    v1: said.has('v1'),
    ...(said.has('refused') && { refused: answer.stderr.trim().slice(-500) }),
    hashes: pairs('hash'),
    images: new Map([...pairs('image')].filter(([, id]) => id !== '')),
    newer: all('newer'),
    changed: new Map([...pairs('changed')].map(([name, time]) => [name, Number(time)])),
    found: [...all('found')].sort(),
  };
}

function readFiles(
  stats: readonly string[],
  shas: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
  spec: ComposeSpec,
): { readonly files: ReadonlyMap<string, SeenFile> } | Fault {
  const files = new Map<string, SeenFile>();
  const wanted = spec.state === 'absent' ? [] : bundleOf(spec).files;
  for (const line of stats) {
    const at = line.lastIndexOf(' ');
    const name = line.slice(at + 1);
    const stat = readStat(line.slice(0, at)) as Stat;
    const sha = shas.get(name);
    if (stat.type !== 'file') return { fault: `${name} in ${spec.path} is a ${stat.type}, not a file` };
    if (sha === undefined) return { fault: `${name} in ${spec.path} may not be read` };
    const asWanted = wanted.find((file) => file.name === name && file.sha === sha)?.content;
    const bytes = asWanted === undefined ? bytesOf(texts.get(name)) : toBytes(asWanted);
    const shown = bytes === undefined ? `sha256:${sha}` : shownContent(bytes);
    files.set(name, { sha, mode: stat.mode, owner: seenOwner(stat, spec), shown, bytes });
  }
  return { files };
}

/** The files of a bundle that are as they shall be. */
function wantedFiles(spec: ComposeSpec): ReadonlyMap<string, SeenFile> {
  return new Map(
    bundleOf(spec).files.map(({ name, sha, mode, owner, content }) => {
      const bytes = toBytes(content);
      return [name, { sha, mode, owner, shown: shownContent(bytes), bytes }];
    }),
  );
}

function readDocker(code: number, stderr: string): Observed['docker'] | undefined {
  if (code === 0) return 'ready';
  if (code === 127) return 'missing';
  if (/permission denied/i.test(stderr)) return undefined;
  return /cannot connect|daemon running/i.test(stderr) ? 'down' : undefined;
}

function dockerFault(code: number, answer: Answer): Fault {
  // timeout(1) ends with 124, that of busybox with 143.
  if (code === 124 || code === 143) return { fault: '`docker ps` gave no answer within 10 s' };
  if (/permission denied/i.test(answer.stderr)) return { fault: 'this user may not use docker (permission denied)' };
  return faultOf({ ...answer, code: code < 0 ? answer.code : code });
}

function readContainer(
  line: string,
  lives: ReadonlyMap<string, readonly string[]>,
  astray: readonly string[],
): Container {
  const [id, status] = line.split('|', 2) as [string, string];
  const json = line.slice(id.length + status.length + 2);
  const { service, hash, imageId, state } = JSON.parse(json) as Omit<Container, 'id'>;
  const [, since, restarts] = lives.get(id) ?? [];
  const life = since === undefined ? {} : { started: Date.parse(since) / 1000, restarts: Number(restarts) };
  const health = status.includes('(unhealthy)') ? 'unhealthy' : state;
  return { id, service, hash, imageId, state: health, ...life, ...(astray.includes(id) && { astray: true }) };
}

/** A container that docker has started again since a run broke off may only just be up, for a moment. */
function unrested(container: Container): Container {
  const loops = (container.restarts ?? 0) > 0 && container.state === 'running';
  return loops ? { ...container, state: 'restarting' } : container;
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function bytesOf(base64: string | undefined): Uint8Array | undefined {
  return base64 === undefined ? undefined : base64Bytes(base64);
}
