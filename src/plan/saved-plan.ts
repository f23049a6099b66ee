import { type Deed, isDeed, type Shown } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Proved } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import type { Fingerprint } from './fingerprint.ts';
import { label } from './label.ts';
import { type Item, membersOf, type Plan, type PlannedPlay } from './plan.ts';
import { type Telling, tellingOf } from './told-values.ts';

/** Number of the format; it rises when a field changes its meaning or goes. */
export const planFormat = 1;

/** What a plan was made with, so that it can be made again: all that a command line says of it, but no value of `-e`. */
export interface PlanOrder {
  readonly inventory: string;
  readonly playbook?: string;
  readonly limit?: string;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** Name that `-e` sets → fingerprint of the value. */
  readonly extraVars: Readonly<Record<string, string>>;
  readonly allowDegraded: readonly string[];
  readonly skipCoverage: readonly string[];
  readonly onFailure: 'halt' | 'unwind' | 'continue-other-cells';
  readonly skipUnreachable: boolean;
  readonly acceptDataLoss: boolean;
}

/** A value as a file keeps it: as it is, or of the contents of files how many lines, or that it is hidden. */
export type Kept = string | number | boolean | { readonly lines: number } | { readonly hidden: true };

/** A field of a change; `from` is missing where it was absent, `to` where it is to be. */
export interface SavedField {
  readonly field: string;
  readonly from?: Kept;
  readonly to?: Kept;
  /** Fingerprints of both. */
  readonly was: string;
  readonly becomes: string;
}

/** One item of a plan without its desired contents. */
export interface SavedItem {
  /** Fingerprint of its id: an id may be longer than its label, or hidden. */
  readonly item: string;
  readonly label: string;
  readonly action: string;
  readonly cause?: string;
  readonly fields?: readonly SavedField[];
  /** It is due because of other changes. */
  readonly follows?: true;
  /** Part of what is wanted → its fingerprint. */
  readonly wanted: Readonly<Record<string, string>>;
}

/** A play of a saved plan. */
export interface SavedPlay {
  readonly name: string;
  readonly batches: readonly (readonly string[])[];
  /** Its members are made at once, since nothing was there of their cells. */
  readonly atOnce?: true;
  /** Fingerprint of the order of hosts and of all that proves members. */
  readonly schedule: string;
  readonly hosts: Readonly<Record<string, readonly SavedItem[]>>;
}

/** A plan as a file keeps it. */
export interface SavedPlan {
  readonly 'hadeploy-plan': typeof planFormat;
  /** Version of hadeploy that made it. */
  readonly version: string;
  /** UTC, as `2026-11-22T01:30:00Z`. */
  readonly made: string;
  readonly order: PlanOrder;
  readonly plays: readonly SavedPlay[];
  /** Fingerprint of all the rest. */
  readonly seal: string;
}

/** A plan as the text of its file. */
export function savedPlanText(
  plan: Plan,
  about: Pick<SavedPlan, 'version' | 'made' | 'order'>,
  kinds: ReadonlyMap<string, AnyKind>,
  print: Fingerprint,
): string {
  const body = {
    'hadeploy-plan': planFormat,
    ...about,
    plays: plan.plays.map((play) => savedPlay(play, kinds, print)),
  };
  return `${JSON.stringify({ ...body, seal: print(body) }, null, 1)}\n`;
}

function savedPlay(play: PlannedPlay, kinds: ReadonlyMap<string, AnyKind>, print: Fingerprint): SavedPlay {
  const hosts = [...play.items].map(([host, items]) => [host, savedItems(items, kinds, print)] as const);
  return {
    name: play.name,
    batches: play.batches,
    ...(play.atOnce && { atOnce: true }),
    schedule: scheduleOf(play, print),
    hosts: Object.fromEntries(hosts),
  };
}

/** The items of one play on one host as they are saved. */
export function savedItems(
  items: readonly Item[],
  kinds: ReadonlyMap<string, AnyKind>,
  print: Fingerprint,
): readonly SavedItem[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const { resource, change, now } = item;
    const nth = (seen.get(resource.id) ?? 0) + 1;
    seen.set(resource.id, nth);
    const saved = {
      item: print('item', resource.host, resource.id, nth),
      label: label(resource),
      action: change.action,
      ...(now.notified !== undefined && { follows: true as const }),
      wanted: wantedPrints(resource, print),
    };
    if (!isDeed(change)) return saved;
    // What a gate answers meanwhile is no change of plan.
    if (change.action === 'await') return saved;
    const cause = resource.noLog ? {} : { cause: change.cause };
    return { ...saved, ...cause, fields: savedFields(resource, change, kinds, print) };
  });
}

function savedFields(
  resource: Resource,
  change: Deed,
  kinds: ReadonlyMap<string, AnyKind>,
  print: Fingerprint,
): readonly SavedField[] {
  const telling = tellingOf(resource, kinds);
  return change.fields.map(({ field, from, to }) => {
    const hide = telling(field);
    return {
      field,
      ...(from !== undefined && { from: keptOf(from, hide) }),
      ...(to !== undefined && { to: keptOf(to, hide) }),
      was: print('value', resource.host, resource.id, field, from),
      becomes: print('value', resource.host, resource.id, field, to),
    };
  });
}

/** A value as it may be kept; `hide` says that it may not stand there as it is. */
function keptOf(value: Exclude<Shown, undefined>, hide: Telling): Kept {
  if (hide === 'hidden') return { hidden: true };
  if (hide === 'content' || (typeof value === 'string' && value.includes('\n'))) {
    return { lines: String(value).replace(/\n$/, '').split('\n').length };
  }
  return value;
}

function wantedPrints({ host, id, kind, spec, become, notify, delegate }: Resource, print: Fingerprint) {
  const parts = typeof spec === 'object' && spec !== null ? { ...spec } : { [kind]: spec };
  const all = Object.entries({ ...parts, become, notify, delegate }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all.map(([part, value]) => [part, print('wanted', host, id, part, value)]));
}

/** What tells the way of a play through its hosts from another. */
export function scheduleOf(play: PlannedPlay, print: Fingerprint): string {
  const gates = (list: readonly Resource[]) => list.map(({ host, id, spec }) => [host, id, spec]);
  const proved = ({ member, cell, host, proof, together, coverage }: Proved) => [
    member,
    cell,
    host,
    gates(proof),
    gates(together),
    gates(coverage),
  ];
  const members = membersOf(play).map(({ moving }) => [proved(moving), moving.others.map(proved)]);
  return print('schedule', play.batches, members, ...(play.atOnce ? ['at once'] : []));
}
