import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { visible } from '../diagnostics/visible.ts';
import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Fingerprint } from './fingerprint.ts';
import { obstacleOf } from './label.ts';
import { removal } from './ownership.ts';
import { deeds, type Item, type Plan } from './plan.ts';
import { type Kept, type SavedItem, type SavedPlan, type SavedPlay, savedItems, scheduleOf } from './saved-plan.ts';

/** Faults of one sort that are told one by one; a change of one variable may move a thousand things. */
const mostTold = 20;

/**
 * Why a plan made now is not the one that was saved: a fault for each thing that the project wants otherwise
 * (`plan-outdated`), and for each that a host has otherwise (`plan-moved`), with what was, what was planned and what is
 * found. Nothing where both do exactly the same.
 */
export function whatMovedSince(
  saved: SavedPlan,
  plan: Plan,
  kinds: ReadonlyMap<string, AnyKind>,
  print: Fingerprint,
): readonly Diagnostic[] {
  const other = otherPlays(saved.plays, plan, print);
  if (other.length > 0) return other;
  const faults = plan.plays.flatMap((play, index) => {
    const before = saved.plays[index]!.hosts;
    const hosts = new Set([...Object.keys(before), ...play.items.keys()]);
    return [...hosts].flatMap((host) => {
      const known = new Set(saved.plays.flatMap(({ hosts: all }) => (all[host] ?? []).map(({ item }) => item)));
      const items = play.items.get(host) ?? [];
      return onHost(host, before[host] ?? [], items, savedItems(items, kinds, print), known, kinds);
    });
  });
  const first = faults.filter(({ follows }) => !follows);
  if (first.every(({ fault }) => fault.code === 'plan-moved') && first.length > 0 && deeds(plan).length === 0) {
    return [moved('Nothing of the plan is left to do.', 'It was carried out, or somebody did the same by hand.', {})];
  }
  const told = (first.length > 0 ? first : faults).map(({ fault }) => fault);
  return ['plan-outdated', 'plan-moved'].flatMap((code) => atMost(told.filter((fault) => fault.code === code)));
}

interface Found {
  readonly fault: Diagnostic;
  /** It is so because something else is. */
  readonly follows: boolean;
}

const otherCells = 'Something is there by now of a cell of which nothing was, or the other way round.';

function otherPlays(saved: readonly SavedPlay[], plan: Plan, print: Fingerprint): readonly Diagnostic[] {
  const names = (plays: readonly { readonly name: string }[]) =>
    plays.map(({ name }) => `"${name}"`).join(', ') || 'none';
  if (names(saved) !== names(plan.plays)) {
    const isAtOnce = (plays: readonly { readonly atOnce?: unknown }[]) =>
      plays.flatMap(({ atOnce }, index) => (atOnce === undefined ? [] : [index])).join();
    if (isAtOnce(saved) !== isAtOnce(plan.plays))
      return [moved(otherCells, `The plan: ${names(saved)}. Now: ${names(plan.plays)}`, {})];
    return [outdated('The plays are others than in the plan.', `The plan: ${names(saved)}. Now: ${names(plan.plays)}`)];
  }
  return plan.plays.flatMap((play, index) => {
    const before = saved[index]!;
    if (scheduleOf(play, print) === before.schedule) return [];
    const order = (batches: readonly (readonly string[])[]) => batches.map((batch) => batch.join(', ')).join('; then ');
    const [was, is] = [order(before.batches), order(play.batches)];
    const why = was === is ? 'What proves its members, or which they are, differs.' : `The plan: ${was}. Now: ${is}`;
    return [outdated(`The play "${play.name}" goes through its hosts otherwise than in the plan.`, why)];
  });
}

function onHost(
  host: string,
  before: readonly SavedItem[],
  items: readonly Item[],
  now: readonly SavedItem[],
  known: ReadonlySet<string>,
  kinds: ReadonlyMap<string, AnyKind>,
): readonly Found[] {
  const was = new Map(before.map((one) => [one.item, one]));
  const is = new Set(now.map(({ item }) => item));
  const there = now.flatMap((saved, index): readonly Found[] => {
    const item = items[index]!;
    const old = was.get(saved.item);
    const at = { host, at: item.resource.task.at, step: item.resource.task.name };
    if (old === undefined) {
      const made = item.resource.task.name === removal && !known.has(saved.item);
      const fault = made
        ? moved(`${saved.label} would be removed, and the plan does not know it.`, 'Another run made it since.', at)
        : outdated(`${saved.label} is not in the plan.`, whyNew(saved), at);
      return [{ fault, follows: saved.follows === true }];
    }
    const parts = [...new Set([...Object.keys(old.wanted), ...Object.keys(saved.wanted)])];
    const others = parts.filter((part) => old.wanted[part] !== saved.wanted[part]);
    if (others.length > 0) {
      const why = `It differs in: ${others.join(', ')}.`;
      return [{ fault: outdated(`${saved.label} is wanted otherwise than in the plan.`, why, at), follows: false }];
    }
    const why = whatDiffers(old, saved, item, kinds);
    if (why === undefined) return [];
    return [
      {
        fault: moved(`${saved.label} is not as it was when the plan was made.`, why, at),
        follows: saved.follows === true,
      },
    ];
  });
  const gone = before
    .filter(({ item }) => !is.has(item))
    .map((old): Found => {
      const isGone = old.action === 'delete';
      const fault = isGone
        ? moved(`${old.label} is not as it was when the plan was made.`, 'The plan removes it; it is gone already.', {
            host,
          })
        : outdated(`${old.label} is in the plan and is no longer wanted.`, undefined, { host });
      return { fault, follows: old.follows === true };
    });
  return [...there, ...gone];
}

function whyNew({ follows, cause }: SavedItem): string | undefined {
  return follows ? cause : undefined;
}

/** Field by field: what it was, what the plan makes of it, what it is; undefined where nothing differs. */
function whatDiffers(
  old: SavedItem,
  saved: SavedItem,
  { resource, change }: Item,
  kinds: ReadonlyMap<string, AnyKind>,
): string | undefined {
  if (change.action === 'blocked') {
    const { what, why } = obstacleOf(resource, change);
    return `${what} ${why}`;
  }
  if (old.action === 'await') return undefined;
  if (saved.action === 'await')
    return `It held when the plan was made; now it does not${isDeed(change) && !resource.noLog ? `: ${visible(change.cause)}` : ''}.`;
  const before = new Map((old.fields ?? []).map((one) => [one.field, one]));
  const after = new Map((saved.fields ?? []).map((one) => [one.field, one]));
  const kind = kinds.get(resource.kind)!;
  const differing = [...new Set([...before.keys(), ...after.keys()])].flatMap((field) => {
    const [a, b] = [before.get(field), after.get(field)];
    if (a?.was === b?.was && a?.becomes === b?.becomes) return [];
    const { to } = a ?? b!;
    const isTold = typeof to !== 'object' && kind.tells?.(field) !== 'deed';
    const asPlanned = isTold ? text(to) : 'as planned';
    const [was, found] = [a ? text(a.from) : asPlanned, b ? text(b.from) : asPlanned];
    const other = b && (was === found || text(to) === found) ? 'another ' : '';
    return [`${visible(field)}: was ${was}, planned ${text(to)}, found ${other}${found}`];
  });
  if (differing.length > 0) return differing.join('; ');
  if (old.action === saved.action) return undefined;
  const words = (action: string, cause: string | undefined) =>
    action === 'none' ? 'as wanted' : `to ${action}${cause === undefined ? '' : ` (${visible(cause)})`}`;
  return `It was ${words(old.action, old.cause)}, now it is ${words(saved.action, saved.cause)}.`;
}

function text(value: Kept | undefined): string {
  if (value === undefined) return 'absent';
  if (typeof value !== 'object') return JSON.stringify(visible(String(value)).slice(0, 80));
  if ('hidden' in value) return '(secret)';
  return value.lines === 1 ? '1 line' : `${value.lines} lines`;
}

function outdated(
  what: string,
  why: string | undefined,
  at: Pick<Diagnostic, 'host' | 'at' | 'step'> = {},
): Diagnostic {
  return {
    code: 'plan-outdated',
    severity: 'error',
    what,
    ...at,
    ...(why && { why }),
    state: 'Nothing was touched.',
    mend: 'Bring inventory and playbook to what they were, or make a new plan and read it.',
  };
}

function moved(what: string, why: string, at: Pick<Diagnostic, 'host' | 'at' | 'step'>): Diagnostic {
  return {
    code: 'plan-moved',
    severity: 'error',
    what,
    ...at,
    why,
    state: 'Nothing was touched.',
    mend: 'Make a new plan and read it.',
  };
}

function atMost(faults: readonly Diagnostic[]): readonly Diagnostic[] {
  const rest = faults.slice(mostTold);
  if (rest.length === 0) return faults;
  const hosts = [...new Set(rest.flatMap(({ host }) => host ?? []))];
  const { code, severity } = rest[0]!;
  const more: Diagnostic = { code, severity, what: `So it is with ${rest.length} more things on ${hosts.join(', ')}.` };
  return [...faults.slice(0, mostTold), more];
}
