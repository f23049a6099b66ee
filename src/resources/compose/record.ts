import { type Bundle, loadDigest } from './bundle.ts';

/** Name of the record below the path of a bundle. */
export const RECORD = '.hadeploy.json';

/** What hadeploy knows of a bundle on its host beyond what can be looked at there. */
export interface BundleRecord {
  /** Digest of `running` after the last success; absent while a run is at work. */
  readonly containers?: string;
  /** The containers after the last success. */
  readonly running: readonly { readonly service: string; readonly hash: string }[];
  /** Service → digest of the mounted files that it was proved to have loaded. */
  readonly loaded: Readonly<Record<string, string>>;
  /** `service NAME`, `network NAME` or `volume NAME` → digest of its definition. */
  readonly definitions: Readonly<Record<string, string>>;
  /** What hadeploy wrote: name → `sha256:…`. */
  readonly files: Readonly<Record<string, string>>;
}

/** The record of a bundle that is as it shall be; the host adds `containers` and `running`. */
export function settledRecord(bundle: Bundle): BundleRecord {
  const loaded = bundle.compose.services.flatMap((service) => {
    const digest = loadDigest(bundle, service);
    return digest === undefined ? [] : [[service.name, digest] as const];
  });
  return {
    running: [],
    loaded: Object.fromEntries(loaded),
    definitions: definitions(bundle),
    files: Object.fromEntries(bundle.files.map(({ name, sha }) => [name, `sha256:${sha}`])),
  };
}

/** The definitions of a bundle by `service NAME`, `network NAME` and `volume NAME`, as digests. */
export function definitions(bundle: Bundle): Readonly<Record<string, string>> {
  const { services, networks, volumes } = bundle.compose;
  return Object.fromEntries([
    ...services.map(({ name, digest }) => [`service ${name}`, digest]),
    ...[...networks].map(([name, { digest }]) => [`network ${name}`, digest]),
    ...[...volumes].map(([name, { digest }]) => [`volume ${name}`, digest]),
  ]);
}

/**
 * What the record must say while a run is at work: everything that may be ours by then, and of the services it touches
 * neither definition nor what they have loaded, so that the next run knows what a broken-off one left undone.
 */
export function openRecord(
  bundle: Bundle,
  before: BundleRecord | undefined,
  touched: ReadonlySet<string>,
): BundleRecord {
  const without = (entries: Readonly<Record<string, string>> = {}, prefix = '') =>
    Object.fromEntries(
      Object.entries(entries).filter(([name]) => !name.startsWith(prefix) || !touched.has(name.slice(prefix.length))),
    );
  return {
    running: before?.running ?? [],
    loaded: without(before?.loaded),
    definitions: without(before?.definitions, 'service '),
    files: { ...before?.files, ...settledRecord(bundle).files },
  };
}

/** A record as text. The probe finds its files by their lines: two spaces, the name in quotes, `sha256:`. */
export function recordText(record: BundleRecord): string {
  return `${JSON.stringify({ hadeploy: 1, ...record }, null, 1)}\n`;
}

/** The text of the record of a bundle that is as it shall be, around what the host adds: `containers`, then `running`. */
export function settledText(bundle: Bundle): {
  readonly before: string;
  readonly within: string;
  readonly after: string;
} {
  const [before, within, after] = recordText({ containers: '<>', ...settledRecord(bundle) })
    .replace('"running": []', '"running": [<>]')
    .split('<>') as [string, string, string];
  return { before, within, after };
}

/** Reads a record; undefined when the text is none, which is the same as never having been there. */
export function readRecord(text: string): BundleRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<BundleRecord> & { readonly hadeploy?: unknown };
    if (value.hadeploy !== 1) return undefined;
    const { containers, running = [], loaded = {}, definitions = {}, files = {} } = value;
    return { ...(containers !== undefined && { containers }), running, loaded, definitions, files };
  } catch {
    return undefined;
  }
}
