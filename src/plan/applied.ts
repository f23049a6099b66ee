import { sha256 } from '../resources/digest.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import { textLimit } from '../resources/shown-content.ts';
import { jsonWithBytes, parseWithBytes } from './bytes-json.ts';
import type { Item } from './plan.ts';
import { wholeId } from './whole.ts';

/** Where a host keeps what it was last brought to, for root alone: it holds contents of files. */
export const appliedPath = '/var/lib/hadeploy/applied.json';

/** One thing as it was last applied. */
export interface Applied {
  readonly id: string;
  readonly kind: string;
  readonly playbook: string;
  readonly task: string;
  readonly become: boolean;
  readonly noLog: boolean;
  readonly spec: unknown;
}

/** All that was last applied to one host, by id. */
export type AppliedRecord = ReadonlyMap<string, Applied>;

/** The record as the file that holds it: one line with a digest for each playbook, and one with all things by id. */
export function appliedText(record: AppliedRecord): string {
  const all = [...record.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const playbooks = [...new Set(all.map(({ playbook }) => playbook))].sort();
  const digests = Object.fromEntries(playbooks.map((one) => [one, appliedDigest(record, one)]));
  return `${JSON.stringify({ version: 1, digests })}\n${jsonWithBytes(all)}\n`;
}

/** What tells the things of one playbook from others. */
export function appliedDigest(record: AppliedRecord, playbook: string): string {
  const mine = [...record.values()].filter((one) => one.playbook === playbook);
  return sha256(jsonWithBytes(mine.sort((a, b) => (a.id < b.id ? -1 : 1))));
}

/** Reads the record, empty where there is none; undefined when it is damaged, or of a later version. */
export function parseApplied(text: string): AppliedRecord | undefined {
  if (text.trim() === '') return new Map();
  const [head = '', body = ''] = text.split('\n');
  const digests = parseDigests(head);
  if (digests === undefined) return undefined;
  try {
    const record = new Map((parseWithBytes(body) as readonly Applied[]).map((one) => [one.id, one]));
    const whole = Object.entries(digests).every(([one, digest]) => appliedDigest(record, one) === digest);
    return whole ? record : undefined;
  } catch {
    return undefined;
  }
}

/** The digests by playbook in the first line of a record; undefined where that is none. */
export function parseDigests(head: string): Readonly<Record<string, string>> | undefined {
  try {
    const { version, digests } = JSON.parse(head) as { readonly version?: number; readonly digests?: unknown };
    return version === 1 && typeof digests === 'object' && digests !== null ? { ...digests } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The record once these items are as they should be: what waits and what is a deed leave nothing to be kept, and of what
 * is longer than `textLimit` nothing is.
 */
export function withApplied(
  record: AppliedRecord,
  playbook: string,
  items: readonly Item[],
  kinds: ReadonlyMap<string, AnyKind>,
): AppliedRecord {
  const next = new Map(record);
  for (const { resource, now } of items) {
    if (kinds.get(resource.kind)!.gate || now.notified !== undefined) continue;
    const { kind, task, become, noLog, spec } = resource;
    // Of tasks that work at one thing, the last says what it is to be.
    const id = wholeId(resource, kinds);
    next.delete(id);
    if (sizeOf(spec) <= textLimit) next.set(id, { id, kind, playbook, task: task.name, become, noLog, spec });
  }
  return next;
}

/** How many characters and bytes a spec holds. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, one) => sum + sizeOf(one), 0);
}

/** The record without these things, by id. */
export function withoutApplied(record: AppliedRecord, ids: Iterable<string>): AppliedRecord {
  const next = new Map(record);
  for (const id of ids) next.delete(id);
  return next;
}

/** The record once these things (by id) are as they were before a play that began with the record `before`. */
export function undoneApplied(before: AppliedRecord, now: AppliedRecord, undone: ReadonlySet<string>): AppliedRecord {
  const back = [...undone].flatMap((id) => before.get(id) ?? []);
  return new Map([...withoutApplied(now, undone), ...back.map((one) => [one.id, one] as const)]);
}

/** What was applied to a host as resources that can be looked at. */
export function appliedResources(record: AppliedRecord, host: string): readonly Resource[] {
  return [...record.values()].map(({ id, kind, playbook, task, become, noLog, spec }) => ({
    host,
    kind,
    id,
    spec,
    task: { name: task, at: { file: playbook, line: 1, col: 1 }, tags: [] },
    become,
    notify: [],
    noLog,
  }));
}
