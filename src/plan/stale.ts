import { type Change, type FieldChange, isDeed } from '../resources/change.ts';
import { type Telling, toldValue } from './told-values.ts';

/**
 * Whether a fresh look still allows what the plan showed: the fresh change must equal the shown one, or be none. On a
 * host that this run has changed already, earlier steps may have done part of the work (a package that starts its
 * service), so there a fresh change whose every value was shown is enough. Returns what moved: of each field what it
 * was, what the plan makes of it and what it is now; or undefined. `telling` says what of a field may be told.
 */
export function whatMoved(
  shown: Change,
  fresh: Change,
  touched: boolean,
  telling: (field: string) => Telling,
): string | undefined {
  if (fresh.action === 'none') return undefined;
  if (fresh.action === 'blocked') return `${fresh.what} ${fresh.why}`;
  // A gate is asked until it holds; what it answered meanwhile is no change of plan.
  if (shown.action === 'await') return undefined;
  const before = new Map(isDeed(shown) ? shown.fields.map((one) => [one.field, one]) : []);
  const now = new Map(fresh.fields.map((one) => [one.field, one]));
  const moved = [...new Set([...now.keys(), ...before.keys()])].flatMap(
    (field) => fieldMoved(before.get(field), now.get(field), touched, telling) ?? [],
  );
  if (moved.length > 0) return moved.join('; ');
  const cause = telling('') === 'hidden' ? '' : ` (${fresh.cause})`;
  if (!isDeed(shown)) return `it was as it should be when the plan was made, now ${fresh.action} is due${cause}`;
  return touched || shown.action === fresh.action
    ? undefined
    : `the plan shows ${shown.action}, now ${fresh.action} is due`;
}

function fieldMoved(
  planned: FieldChange | undefined,
  fresh: FieldChange | undefined,
  touched: boolean,
  telling: (field: string) => Telling,
): string | undefined {
  const told = (value: FieldChange['from']) => toldValue(value, telling((fresh ?? planned)!.field));
  if (fresh === undefined) {
    if (touched) return undefined;
    const { field, from, to } = planned!;
    return `${field} was ${told(from)}, planned ${told(to)}, and is as planned already`;
  }
  const { field, from, to } = fresh;
  if (planned === undefined) return `${field} was as wanted, planned ${told(to)}, and is ${told(from)} now`;
  if (planned.to !== to)
    return `${field} would become ${other(told(to), told(planned.to))}, planned ${told(planned.to)}`;
  if (touched || planned.from === from) return undefined;
  return `${field} was ${told(planned.from)}, planned ${told(to)}, and is ${other(told(from), told(planned.from))} now`;
}

function other(text: string, before: string): string {
  return text === before ? `another ${text}` : text;
}
