import { operate } from '../../evaluate/operators.ts';
import { valueFailure } from '../../fault.ts';
import { characters, str } from '../../python/python-text.ts';
import { compare, equals, itemsOf, lengthOf, membership } from '../../values/compare.ts';
import { boundItems, boundSize } from '../../values/limits.ts';
import { orElse, ownList, Tuple, Undefined, type Val } from '../../values/values.ts';
import { anyText, flag, listItems, whole } from '../arguments.ts';
import { getter, severalGetter } from '../attribute-path.ts';
import { filter, type Operations } from '../builtin.ts';

/** Filters on lists. */
export const LIST_FILTERS: Operations = {
  batch: filter(['linecount', 'fill_with?'], (input, [count, fill]) =>
    ownList(batched(itemsOf(input), whole(count, 1), fill ?? null)),
  ),
  count: filter([], (input) => lengthOf(input)),
  first: filter([], (input) => orElse(itemsOf(input)[0], nothing('first'))),
  groupby: filter(['attribute', 'default?', 'case_sensitive?'], (input, [attribute, fallback, caseSensitive]) =>
    ownList(grouped(itemsOf(input), attribute!, fallback ?? null, flag(caseSensitive, false))),
  ),
  join: filter(['d?', 'attribute?'], (input, [separator, attribute]) => {
    const joined = itemsOf(input).map(getter(attribute)).map(str).join(anyText(separator));
    boundSize(joined.length);
    return joined;
  }),
  last: filter([], (input) => orElse(itemsOf(input).at(-1), nothing('last'))),
  length: filter([], (input) => lengthOf(input)),
  list: filter([], (input) => ownList([...itemsOf(input)])),
  max: filter(['case_sensitive?', 'attribute?'], (input, [caseSensitive, attribute]) =>
    extreme('max', itemsOf(input), flag(caseSensitive, false), attribute),
  ),
  min: filter(['case_sensitive?', 'attribute?'], (input, [caseSensitive, attribute]) =>
    extreme('min', itemsOf(input), flag(caseSensitive, false), attribute),
  ),
  reverse: filter([], (input) =>
    typeof input === 'string' ? characters(input).toReversed().join('') : ownList([...itemsOf(input)].reverse()),
  ),
  slice: filter(['slices', 'fill_with?'], (input, [count, fill]) =>
    ownList(sliced(itemsOf(input), whole(count, 1), fill ?? null)),
  ),
  sort: filter(['reverse?', 'case_sensitive?', 'attribute?'], (input, [reverse, caseSensitive, attribute]) =>
    ownList(sorted(itemsOf(input), flag(reverse, false), flag(caseSensitive, false), attribute)),
  ),
  sum: filter(['attribute?', 'start?'], (input, [attribute, start]) =>
    itemsOf(input)
      .map(getter(attribute))
      .reduce((total, item) => operate('+', total, item), orElse(start, 0)),
  ),
  unique: filter(['case_sensitive?', 'attribute?'], (input, [caseSensitive, attribute]) =>
    ownList(unique(itemsOf(input), flag(caseSensitive, false), attribute)),
  ),
  flatten: filter(['levels?', 'skip_nulls?'], (input, [levels, skipNulls]) =>
    ownList(
      flattened(
        itemsOf(input),
        levels === undefined || levels === null ? Number.POSITIVE_INFINITY : whole(levels, 1),
        flag(skipNulls, true),
      ),
    ),
  ),
};

/** Without regard to case, where that is asked for. */
export function caseless(value: Val): Val {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function nothing(which: string): Undefined {
  return new Undefined(`There is no ${which} item, because the list is empty.`);
}

function batched(items: readonly Val[], count: number, fill: Val): Val[] {
  if (count < 1) throw valueFailure("'batch' needs a count above zero.");
  boundItems(count);
  const lines: Val[] = [];
  for (let at = 0; at < items.length; at += count) {
    const line = items.slice(at, at + count);
    while (fill !== null && line.length < count) line.push(fill);
    lines.push(ownList(line));
  }
  return lines;
}

function sliced(items: readonly Val[], count: number, fill: Val): Val[] {
  if (count < 1) throw valueFailure("'slice' needs a count above zero.");
  boundItems(count);
  const perSlice = Math.floor(items.length / count);
  const longer = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * perSlice + Math.min(index, longer);
    const part = items.slice(start, start + perSlice + (index < longer ? 1 : 0));
    return ownList(fill !== null && index >= longer ? [...part, fill] : part);
  });
}

function sorted(items: readonly Val[], reverse: boolean, caseSensitive: boolean, attribute: Val | undefined): Val[] {
  const keysOf = severalGetter(attribute);
  const keyed = items.map((item): { item: Val; keys: readonly Val[] } => ({
    item,
    keys: keysOf(item).map((key) => (caseSensitive ? key : caseless(key))),
  }));
  keyed.sort((a, b) => (reverse ? compare(b.keys, a.keys) : compare(a.keys, b.keys)));
  return keyed.map(({ item }) => item);
}

function extreme(which: 'min' | 'max', items: readonly Val[], caseSensitive: boolean, attribute: Val | undefined): Val {
  const get = getter(attribute);
  const keyOf = (item: Val): Val => (caseSensitive ? get(item) : caseless(get(item)));
  const better = (order: number): boolean => (which === 'min' ? order < 0 : order > 0);
  const [first, ...rest] = items;
  if (first === undefined) return new Undefined(`'${which}' has no result, because the list is empty.`);
  return rest.reduce((best, item) => (better(compare(keyOf(item), keyOf(best))) ? item : best), first);
}

function grouped(items: readonly Val[], attribute: Val, fallback: Val, caseSensitive: boolean): Val[] {
  const get = getter(attribute, fallback);
  const keyOf = (item: Val): Val => (caseSensitive ? get(item) : caseless(get(item)));
  const inOrder = [...items].sort((a, b) => compare(keyOf(a), keyOf(b)));
  const groups: Val[][] = [];
  for (const item of inOrder) {
    const group = groups.at(-1);
    if (group !== undefined && equals(keyOf(group[0]!), keyOf(item))) group.push(item);
    else groups.push([item]);
  }
  return groups.map((group) => new Tuple([get(group[0]!), ownList(group)], ['grouper', 'list']));
}

/** The items without those that are equal to an earlier one. */
export function unique(items: readonly Val[], caseSensitive: boolean, attribute?: Val): Val[] {
  const get = getter(attribute);
  const seen = membership([]);
  return items.filter((item) => {
    const key = caseSensitive ? get(item) : caseless(get(item));
    const isNew = !seen.has(key);
    if (isNew) seen.add(key);
    return isNew;
  });
}

function flattened(items: readonly Val[], levels: number, skipNulls: boolean): Val[] {
  return items.flatMap((item) => {
    if (skipNulls && (item === null || item === 'None' || item === 'null')) return [];
    const isNested = typeof item !== 'string' && (Array.isArray(item) || item instanceof Tuple);
    if (!isNested || levels < 1) return [item];
    return flattened(listItems(item), levels - 1, skipNulls);
  });
}
