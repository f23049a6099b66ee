import { isDeed } from '../resources/change.ts';
import type { Moving, RollOf } from '../resources/member.ts';
import type { HostPlay, Item, PlannedPlay, Way } from './plan.ts';

/** A play before it is planned, as far as its order concerns it. */
export interface Unplanned {
  readonly name: string;
  readonly batches: readonly (readonly string[])[];
  readonly resources: ReadonlyMap<string, HostPlay['resources']>;
  readonly drain?: ReadonlyMap<string, HostPlay['drain'] & {}>;
  readonly moving?: ReadonlyMap<string, Moving>;
  readonly roll?: RollOf;
  readonly withNext?: boolean;
}

/** Plays that are done as one: a single one, or what is made at once. */
export interface Together<P extends Unplanned> {
  readonly plays: readonly P[];
  readonly first: boolean;
}

/**
 * The plays in the order in which they are done. Of each roll the members of cells of which nothing is there come before
 * the other steps: all at once, undrained, and together with those of the next play where that is allowed.
 */
export function inSteps<P extends Unplanned>(
  plays: readonly P[],
  lifeless: ReadonlySet<Moving>,
): readonly Together<P>[] {
  const steps: Together<P>[] = [];
  // What the next play may be done with: members that are made at once, and plays that have come after these.
  let [atOnce, held]: readonly (readonly P[])[] = [[], []] as const;
  const close = () => {
    if (atOnce!.length > 0) steps.push({ plays: atOnce!, first: true });
    for (const play of held!) steps.push({ plays: [play], first: false });
    [atOnce, held] = [[], []];
  };
  for (const unit of byRoll(plays)) {
    const { roll, withNext, batches } = unit[0]!;
    if (roll === undefined && withNext && batches.length === 1) {
      held = [...held!, ...unit];
      continue;
    }
    const isFirst = (play: P, host: string) => lifeless.has(play.moving?.get(host) as Moving);
    const some = unit.flatMap((play) => part(play, (host) => isFirst(play, host)));
    const made = some.map((play) => ({ ...play, drain: new Map() }));
    if (made.length > 0) [atOnce, held] = [[...atOnce!, ...held!, ...made], []];
    else close();
    const rest = made.length === 0 ? unit : unit.flatMap((play) => part(play, (host) => !isFirst(play, host)));
    if (rest.length > 0 || !withNext) close();
    for (const play of rest) steps.push({ plays: [play], first: false });
  }
  close();
  return steps;
}

/** Plays in order, those of one roll together. */
function byRoll<P extends Unplanned>(plays: readonly P[]): readonly (readonly P[])[] {
  const rolls: P[][] = [];
  for (const play of plays) {
    const last = rolls.at(-1);
    if (play.roll !== undefined && last?.[0]?.roll?.place === play.roll.place) last.push(play);
    else rolls.push([play]);
  }
  return rolls;
}

/** A play on some of its hosts; none where it has none of them. */
function part<P extends Unplanned>(play: P, stays: (host: string) => boolean): readonly P[] {
  const hosts = play.batches.flat();
  if (!hosts.some(stays)) return [];
  return [
    {
      ...play,
      batches: play.batches.map((batch) => batch.filter(stays)).filter((batch) => batch.length > 0),
      resources: new Map([...play.resources].filter(([host]) => stays(host))),
      ...(play.moving && { moving: new Map([...play.moving].filter(([host]) => stays(host))) }),
    },
  ];
}

/** One play of all these, which are done at once. */
export function madeAtOnce(
  plays: readonly (Unplanned & { readonly items: ReadonlyMap<string, readonly Item[]> })[],
): PlannedPlay {
  const busy = plays.filter(({ items }) => [...items.values()].flat().some(({ change }) => isDeed(change)));
  const names = [...new Set(busy.map(({ roll, name }) => roll?.name ?? name))];
  const hosts = [...new Set(plays.flatMap(({ batches }) => batches.flat()))].sort();
  const waysOn = (host: string) =>
    plays.flatMap(({ moving, items }): readonly Way[] => {
      const member = moving?.get(host);
      return items.has(host) ? [{ items: items.get(host)!, ...(member && { moving: member }) }] : [];
    });
  const atOnce = new Map(hosts.map((host) => [host, waysOn(host)]));
  const items = new Map([...atOnce].map(([host, ways]) => [host, ways.flatMap((way) => way.items)]));
  return { name: `${names.join(', ')}: at once`, batches: [hosts], items, atOnce };
}
