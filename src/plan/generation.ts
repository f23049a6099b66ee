import { sha256 } from '../resources/digest.ts';
import { jsonWithBytes, parseWithBytes } from './bytes-json.ts';

/** Where a host keeps what its last runs changed, as the way back. */
export const generationsFolder = '/var/lib/hadeploy/generations';

/** How many runs a host can go back. */
export const generationsKept = 10;

/** One thing that a run changed: the spec that describes what it was before, or why there is none. */
export interface Formerly {
  readonly id: string;
  readonly kind: string;
  readonly task: string;
  readonly become: boolean;
  readonly noLog: boolean;
  /** Names of the handlers that its change calls for. */
  readonly notify: readonly string[];
  readonly former: { readonly spec: unknown; readonly except?: string } | { readonly lost: string };
}

/** What one run changed on one host, in the order it changed it. */
export interface Generation {
  /** Id of the run; later runs have greater ids. */
  readonly run: string;
  readonly playbook: string;
  readonly entries: readonly Formerly[];
}

/** The file of a generation, below `generationsFolder`. */
export function generationPath(run: string): string {
  return `${generationsFolder}/${run}.json`;
}

/** A generation as one line of JSON with a digest of itself; bytes stand as base64. */
export function generationText(generation: Generation): string {
  const body = jsonWithBytes(generation);
  return `{"version":1,"sha256":"${sha256(body)}","generation":${body}}\n`;
}

/** Reads such a line; undefined when it is damaged, or of a later version. */
export function parseGeneration(text: string): Generation | undefined {
  const [, digest, body] = /^\{"version":1,"sha256":"([0-9a-f]{64})","generation":([\s\S]*)\}\n?$/.exec(text) ?? [];
  if (body === undefined || sha256(body) !== digest) return undefined;
  return parseWithBytes(body) as Generation;
}

/** With what a further play changes; what a run changed twice was before the first time. */
export function withEntries(generation: Generation, entries: readonly Formerly[]): Generation {
  const known = new Set(generation.entries.map(({ id }) => id));
  return { ...generation, entries: [...generation.entries, ...entries.filter(({ id }) => !known.has(id))] };
}

/** Without what was put back already. */
export function withoutEntries(generation: Generation, ids: ReadonlySet<string>): Generation {
  return { ...generation, entries: generation.entries.filter(({ id }) => !ids.has(id)) };
}
