import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import type { Item } from './plan.ts';

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

/** What hadeploy made on one host, per playbook, so that one playbook never removes what another declared. */
export type Ownership = ReadonlyMap<string, readonly Owned[]>;

/** Reads the record; undefined when it is damaged (then nothing may be removed on its word). */
export function parseOwnership(text: string): Ownership | undefined {
  if (text.trim() === '') return new Map();
  try {
    const record = JSON.parse(text) as { version?: unknown; playbooks?: Record<string, readonly Owned[]> };
    if (record.version !== 1 || typeof record.playbooks !== 'object') return undefined;
    return new Map(Object.entries(record.playbooks));
  } catch {
    return undefined;
  }
}

/** The record as the file that holds it; things stand in the order they were made in, so that the last goes first. */
export function ownershipText(ownership: Ownership): string {
  const playbooks = Object.fromEntries(
    [...ownership].filter(([, owned]) => owned.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return `${JSON.stringify({ version: 1, playbooks }, null, 1)}\n`;
}

/** Resources that take away what this playbook once made on the host and no longer declares, last made first. */
export function orphans(
  ownership: Ownership,
  playbook: string,
  host: string,
  declared: ReadonlySet<string>,
  kinds: ReadonlyMap<string, AnyKind>,
): readonly Resource[] {
  return (ownership.get(playbook) ?? [])
    .filter((owned) => !declared.has(owned.id) && kinds.has(owned.kind))
    .map((owned) => ({
      host,
      kind: owned.kind,
      id: owned.id,
      spec: owned.absent,
      task: { name: 'Remove what is no longer declared', at: { file: playbook, line: 1, col: 1 }, tags: [] },
      become: owned.become,
      notify: [],
      noLog: false,
    }))
    .reverse();
}

/**
 * The record before the first write (everything that was or will be made, so that a killed run forgets nothing) and
 * after the last (without what was taken away).
 */
export function nextOwnership(
  before: Ownership,
  playbook: string,
  items: readonly Item[],
  removed: readonly Resource[],
  kinds: ReadonlyMap<string, AnyKind>,
): { readonly during: Ownership; readonly after: Ownership } {
  const owned = new Map((before.get(playbook) ?? []).map((one) => [one.id, one]));
  for (const { resource, change } of items) {
    if (!isDeed(change) || change.action === 'delete' || removed.includes(resource)) continue;
    const absent = kinds.get(resource.kind)!.absent?.(resource.spec);
    if (absent === undefined) continue;
    owned.set(resource.id, { id: resource.id, kind: resource.kind, absent, become: resource.become });
  }
  const during = new Map(before).set(playbook, [...owned.values()]);
  for (const { id } of removed) owned.delete(id);
  for (const { resource, change } of items) if (change.action === 'delete') owned.delete(resource.id);
  return { during, after: new Map(before).set(playbook, [...owned.values()]) };
}
