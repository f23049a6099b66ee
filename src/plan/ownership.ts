import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import { pendingId } from './label.ts';
import type { Item } from './plan.ts';
import { wholeId } from './whole.ts';

/** Where a host keeps the record of what hadeploy made there. */
export const ownershipPath = '/var/lib/hadeploy/owned.json';

/** One thing hadeploy made: enough to take it away again once nobody declares it. */
export interface Owned {
  readonly id: string;
  readonly kind: string;
  /** The spec that means "not there". */
  readonly absent: unknown;
  readonly become: boolean;
}

/** What one playbook did on a host. */
export interface Made {
  readonly owned: readonly Owned[];
  /** Ids of handlers that a run may have left out: it was to run them, and is not known to have come to its end. */
  readonly pending: readonly string[];
}

/** What hadeploy made on one host, per playbook, so that one playbook never removes what another declared. */
export type Ownership = ReadonlyMap<string, Made>;

/** Name of the task that takes away what nobody declares any more. */
export const removal = 'Remove what is no longer declared';

interface RecordFile {
  readonly version: 1;
  readonly playbooks: Readonly<Record<string, readonly Owned[]>>;
  readonly pending?: Readonly<Record<string, readonly string[]>>;
}

/** Reads the record; undefined when it is damaged (then nothing may be removed on its word). */
export function parseOwnership(text: string): Ownership | undefined {
  if (text.trim() === '') return new Map();
  try {
    const { version, playbooks, pending = {} } = JSON.parse(text) as Partial<RecordFile>;
    if (version !== 1 || typeof playbooks !== 'object') return undefined;
    const names = new Set([...Object.keys(playbooks), ...Object.keys(pending)]);
    return new Map([...names].map((name) => [name, { owned: playbooks[name] ?? [], pending: pending[name] ?? [] }]));
  } catch {
    return undefined;
  }
}

/** The record as the file that holds it; things stand in the order they were made in, so that the last goes first. */
export function ownershipText(ownership: Ownership): string {
  const sorted = [...ownership].sort(([a], [b]) => (a < b ? -1 : 1));
  const owned = sorted.flatMap(([name, made]) => (made.owned.length > 0 ? [[name, made.owned] as const] : []));
  const pending = sorted.flatMap(([name, made]) => (made.pending.length > 0 ? [[name, made.pending] as const] : []));
  const file: RecordFile = {
    version: 1,
    playbooks: Object.fromEntries(owned),
    ...(pending.length > 0 && { pending: Object.fromEntries(pending) }),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Resources that take away what this playbook once made on the host and no longer declares, last made first. */
export function orphans(
  ownership: Ownership,
  playbook: string,
  host: string,
  declared: ReadonlySet<string>,
  kinds: ReadonlyMap<string, AnyKind>,
): readonly Resource[] {
  return (ownership.get(playbook)?.owned ?? [])
    .filter((owned) => !declared.has(owned.id) && kinds.has(owned.kind))
    .map((owned) => ({
      host,
      kind: owned.kind,
      id: owned.id,
      spec: owned.absent,
      task: { name: removal, at: { file: playbook, line: 1, col: 1 }, tags: [] },
      become: owned.become,
      notify: [],
      noLog: false,
    }))
    .reverse();
}

/**
 * The record before the first write (everything that was or will be made, so that a killed run forgets nothing) and
 * after the last (without what was taken away, and without the handlers that ran).
 */
export function nextOwnership(
  before: Ownership,
  playbook: string,
  items: readonly Item[],
  removed: readonly Resource[],
  kinds: ReadonlyMap<string, AnyKind>,
): { readonly during: Ownership; readonly after: Ownership } {
  const made = before.get(playbook) ?? { owned: [], pending: [] };
  const owned = new Map(made.owned.map((one) => [one.id, one]));
  for (const { resource, change } of items) {
    if (!isDeed(change) || change.action === 'delete' || removed.includes(resource)) continue;
    const absent = kinds.get(resource.kind)!.absent?.(resource.spec);
    if (absent === undefined) continue;
    const id = wholeId(resource, kinds);
    owned.set(id, { id, kind: resource.kind, absent, become: resource.become });
  }
  const { pending } = made;
  const during = new Map(before).set(playbook, { owned: [...owned.values()], pending });
  for (const { id } of removed) owned.delete(id);
  for (const { resource, change } of items) if (change.action === 'delete') owned.delete(resource.id);
  const after = new Map(before).set(playbook, { owned: [...owned.values()], pending });
  return { during, after: withoutHandlers(after, playbook, items) };
}

/** The record while a play is done whose handlers are among these items. */
export function withHandlers(record: Ownership, playbook: string, items: readonly Item[]): Ownership {
  const { owned, pending } = record.get(playbook)!;
  return new Map(record).set(playbook, { owned, pending: [...new Set([...pending, ...handlersIn(items)])] });
}

/** The record once the handlers among these items ran: at the end of each play, so that no later fault repeats them. */
export function withoutHandlers(record: Ownership, playbook: string, items: readonly Item[]): Ownership {
  const ran = handlersIn(items);
  const { owned, pending } = record.get(playbook)!;
  return new Map(record).set(playbook, { owned, pending: pending.filter((id) => !ran.includes(id)) });
}

/**
 * The record once these things and handlers of a play (by id) are as they were before the run; what it had taken away
 * is back in its place.
 */
export function undoneOwnership(
  before: Ownership,
  during: Ownership,
  playbook: string,
  undone: ReadonlySet<string>,
): Ownership {
  const was = before.get(playbook) ?? { owned: [], pending: [] };
  const { owned, pending } = during.get(playbook)!;
  const known = new Set([...was.owned.map(({ id }) => id), ...was.pending]);
  const now = new Map(owned.map((one) => [one.id, one]));
  const kept = was.owned.flatMap((one) => now.get(one.id) ?? (undone.has(one.id) ? one : []));
  const earlier = new Set(was.owned.map(({ id }) => id));
  const made = owned.filter(({ id }) => !earlier.has(id) && (known.has(id) || !undone.has(id)));
  return new Map(during).set(playbook, {
    owned: [...kept, ...made],
    pending: pending.filter((id) => known.has(id) || !undone.has(id)),
  });
}

function handlersIn(items: readonly Item[]): readonly string[] {
  return items.flatMap(({ resource, now, drain }) =>
    now.notified === undefined || drain === 'enter' ? [] : [pendingId(resource)],
  );
}
