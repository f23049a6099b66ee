import { itemsOf } from '../../values/compare.ts';
import { boundItems } from '../../values/limits.ts';
import { orElse, ownList, Tuple, type Val } from '../../values/values.ts';
import { listItems, whole } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

/** Filters that put the items of lists together in tuples. */
export const COMBINATION_FILTERS: Operations = {
  combinations: filter(['r'], (input, [count]) => tuples(chosen(itemsOf(input), whole(count, 0)))),
  permutations: filter(['r?'], (input, [count]) => {
    const items = itemsOf(input);
    return tuples(ordered(items, count === null ? items.length : whole(count, items.length)));
  }),
  product: filter(['*others', 'repeat?'], (input, [others, repeat]) => {
    const lists = [itemsOf(input), ...listItems(others!).map(itemsOf)];
    return tuples(product(Array.from({ length: whole(repeat, 1) }, () => lists).flat()));
  }),
  zip: filter(['*others'], (input, [others]) => {
    const lists = [itemsOf(input), ...listItems(others!).map(itemsOf)];
    return tuples(rows(lists, Math.min(...lists.map((items) => items.length)), null));
  }),
  zip_longest: filter(['*others', 'fillvalue?'], (input, [others, fill]) => {
    const lists = [itemsOf(input), ...listItems(others!).map(itemsOf)];
    return tuples(rows(lists, Math.max(...lists.map((items) => items.length)), orElse(fill, null)));
  }),
};

function tuples(lists: readonly (readonly Val[])[]): Val {
  return ownList(lists.map((items) => new Tuple(items)));
}

function rows(lists: readonly (readonly Val[])[], length: number, fill: Val): Val[][] {
  return Array.from({ length }, (_, index) => lists.map((items) => orElse(items[index], fill)));
}

function product(lists: readonly (readonly Val[])[]): Val[][] {
  boundItems(lists.reduce((size, items) => size * items.length, lists.length));
  return lists.reduce<Val[][]>((made, items) => made.flatMap((row) => items.map((item) => [...row, item])), [[]]);
}

/** The ways to take so many items where their order does not matter. */
function chosen(items: readonly Val[], count: number): Val[][] {
  if (count === 0) return [[]];
  const found: Val[][] = items.flatMap((item, index) =>
    chosen(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]),
  );
  boundItems(found.length * count);
  return found;
}

/** The ways to take so many items where their order matters. */
function ordered(items: readonly Val[], count: number): Val[][] {
  if (count === 0) return [[]];
  const found: Val[][] = items.flatMap((item, index) =>
    ordered(items.toSpliced(index, 1), count - 1).map((rest) => [item, ...rest]),
  );
  boundItems(found.length * count);
  return found;
}
