import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Change, type Deed, isDeed } from '../resources/change.ts';
import type { AnyKind, Circumstances } from '../resources/kind.ts';
import type { Moving } from '../resources/member.ts';
import { anything } from '../resources/places.ts';
import type { Resource } from '../resources/resource.ts';
import { obstacleOf, pendingId } from './label.ts';

/** One resource of one host in a plan, with what will happen to it. */
export interface Item {
  readonly resource: Resource;
  readonly change: Change;
  /** Under what circumstances its kind decided, so that a later look can decide under the same. */
  readonly now: Circumstances;
  /** It is due because of the other changes of its play: it comes before all of them, or after whatever became of them. */
  readonly drain?: 'enter' | 'leave';
}

/** What will happen in one play: batches of hosts in order, and each host's items in order, handlers last. */
export interface PlannedPlay {
  readonly name: string;
  readonly batches: readonly (readonly string[])[];
  readonly items: ReadonlyMap<string, readonly Item[]>;
  /** Per host the member that changes, in a step of a roll. */
  readonly moving?: ReadonlyMap<string, Moving>;
  /** Per host the same items by what is done at once: members of cells of which nothing is there, which are proved after. */
  readonly atOnce?: ReadonlyMap<string, readonly Way[]>;
}

/** What is done in order on a host, while other things are done there. */
export interface Way {
  readonly items: readonly Item[];
  /** The member that it makes, if it makes one. */
  readonly moving?: Moving;
}

/** Everything a run will do, in the order it will do it. */
export interface Plan {
  readonly plays: readonly PlannedPlay[];
}

/** What the kinds read from the hosts' answers; a resource that was seen to be absent maps to undefined. */
export type Observations = ReadonlyMap<Resource, unknown>;

/** What the plan needs of a compiled play, for one host. */
export interface HostPlay {
  readonly resources: readonly Resource[];
  readonly handlers: readonly { readonly names: readonly string[]; readonly resource: Resource }[];
  /** What comes first when anything changes. */
  readonly drain?: readonly Resource[];
}

/**
 * The items of one host through all plays. A handler appears, at the end of its play, only when a change notifies it
 * or an earlier run may have left it out (`pending`, by id); a gate that holds now is awaited again once something
 * before it changes (`disturbed`).
 */
export function planHost(
  plays: readonly HostPlay[],
  observed: Observations,
  kinds: ReadonlyMap<string, AnyKind>,
  pending: readonly string[] = [],
): readonly (readonly Item[])[] {
  let now: Circumstances = { disturbed: false };
  const after = (resource: Resource, change: Deed) => {
    const brought = withBrought(now.brought, resource, change, kinds);
    if (!now.disturbed || brought !== now.brought) now = { disturbed: true, ...(brought && { brought }) };
  };
  return plays.map((play) => {
    const items: Item[] = [];
    const notifiedBy = new Map<string, string>();
    for (const resource of play.resources) {
      const change = diff(resource, observed, kinds, now);
      items.push({ resource, change, now });
      if (!isDeed(change)) continue;
      if (change.action !== 'await') after(resource, change);
      for (const name of resource.notify) if (!notifiedBy.has(name)) notifiedBy.set(name, resource.task.name);
    }
    if (items.some(({ change }) => isDeed(change) && change.action !== 'await')) {
      const first = { disturbed: false, notified: 'before the first change' };
      for (const resource of [...(play.drain ?? [])].reverse()) {
        items.unshift({ resource, change: diff(resource, observed, kinds, first), now: first, drain: 'enter' });
        for (const name of resource.notify) if (!notifiedBy.has(name)) notifiedBy.set(name, resource.task.name);
      }
    }
    for (const { names, resource } of play.handlers) {
      const by = names.map((name) => notifiedBy.get(name)).find((task) => task !== undefined);
      if (by === undefined && !pending.includes(pendingId(resource))) continue;
      const last = { disturbed: now.disturbed, notified: by === undefined ? leftOut : `notified by "${by}"` };
      const change = diff(resource, observed, kinds, last);
      const leaves = items.some((item) => item.drain && item.resource.notify.some((name) => names.includes(name)));
      items.push({ resource, change, now: last, ...(leaves && { drain: 'leave' as const }) });
      if (isDeed(change)) after(resource, change);
    }
    return items;
  });
}

/** What a host has by then, with what one more change brings. */
function withBrought(
  brought: ReadonlySet<string> | undefined,
  { kind, spec }: Resource,
  change: Deed,
  kinds: ReadonlyMap<string, AnyKind>,
): ReadonlySet<string> | undefined {
  const brings: readonly string[] = kinds.get(kind)!.brings?.(spec, change) ?? [anything];
  return brings.every((one) => brought?.has(one)) ? brought : new Set([...(brought ?? []), ...brings]);
}

/** The members that a play changes, each with what is done for it. */
export function membersOf(play: PlannedPlay): readonly (Way & { readonly moving: Moving })[] {
  return [...play.items.keys()].flatMap((host) => membersOn(play, host));
}

/** The members that a play changes on a host. */
export function membersOn({ moving, atOnce, items }: PlannedPlay, host: string) {
  const one = moving?.get(host);
  if (one !== undefined) return [{ moving: one, items: items.get(host) ?? [] }];
  return (atOnce?.get(host) ?? []).flatMap((way) => (way.moving ? [{ ...way, moving: way.moving }] : []));
}

/** Whether an item waits until the member that changes is well again: it ends what another host did for that while. */
export function comesLast(item: Item): boolean {
  return item.drain === 'leave' && item.resource.delegate !== undefined;
}

const leftOut = 'notified in a run that did not come to its end';

/** What one resource's kind decides from what was observed. */
export function diff(
  resource: Resource,
  observed: Observations,
  kinds: ReadonlyMap<string, AnyKind>,
  now: Circumstances,
): Change {
  return kinds.get(resource.kind)!.diff(resource.spec, observed.get(resource), now);
}

/** The items that do something, over all hosts and plays. */
export function deeds(plan: Plan): readonly Item[] {
  return plan.plays.flatMap((play) => [...play.items.values()].flatMap((items) => items.filter(isDue)));
}

function isDue(item: Item): boolean {
  return isDeed(item.change);
}

/** The batches of a play with the hosts on which it does something; those without any are left out. */
export function busyBatches({ batches, items }: PlannedPlay): readonly (readonly string[])[] {
  return batches
    .map((batch) => batch.filter((host) => items.get(host)?.some(isDue)))
    .filter((batch) => batch.length > 0);
}

/** A fault for each item that cannot be brought to its desired state. */
export function blocked(plan: Plan): readonly Diagnostic[] {
  return plan.plays.flatMap((play) =>
    [...play.items.values()].flatMap((items) =>
      items.flatMap(({ resource, change }) =>
        change.action !== 'blocked'
          ? []
          : [
              {
                code: change.code ?? 'blocked',
                severity: 'error' as const,
                ...obstacleOf(resource, change),
                at: resource.task.at,
                host: resource.host,
                step: resource.task.name,
                mend: change.mend,
              },
            ],
      ),
    ),
  );
}
