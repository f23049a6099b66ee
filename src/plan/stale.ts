import { type Change, isDeed, type Shown } from '../resources/change.ts';

/**
 * Whether a fresh look still allows what the plan showed: the fresh change must equal the shown one, or be none. On a
 * host that this run has changed already, earlier steps may have done part of the work (a package that starts its
 * service), so there a fresh change whose every value was shown is enough. Returns what moved, or undefined.
 */
export function whatMoved(shown: Change, fresh: Change, touched: boolean): string | undefined {
  if (fresh.action === 'none') return undefined;
  if (fresh.action === 'blocked') return `${fresh.what} ${fresh.why}`;
  // A gate is asked until it holds; what it answered meanwhile is no change of plan.
  if (shown.action === 'await') return undefined;
  if (!isDeed(shown)) return `it was as it should be when the plan was made, now ${fresh.cause}`;
  if (!touched && shown.action !== fresh.action) return `the plan shows ${shown.action}, now ${fresh.action} is due`;
  for (const field of fresh.fields) {
    const planned = shown.fields.find((one) => one.field === field.field);
    if (planned === undefined) return `${field.field} is ${text(field.from)} now and was not in the plan`;
    if (planned.to !== field.to)
      return `${field.field} would become ${text(field.to)}, the plan shows ${text(planned.to)}`;
    if (!touched && planned.from !== field.from) {
      return `${field.field} was ${text(planned.from)} when the plan was made and is ${text(field.from)} now`;
    }
  }
  if (!touched && fresh.fields.length < shown.fields.length) {
    const gone = shown.fields.find((one) => !fresh.fields.some((field) => field.field === one.field));
    return `${gone!.field} is ${text(gone!.to)} already`;
  }
  return undefined;
}

function text(value: Shown): string {
  if (value === undefined) return 'absent';
  const shown = String(value);
  return shown.includes('\n') || shown.length > 60 ? 'other text' : `"${shown}"`;
}
