import { equals, itemsOf } from '../../values/compare.ts';
import { ownList, type Val } from '../../values/values.ts';
import { filter, type Operations } from '../builtin.ts';
import { unique } from './lists.ts';

const isIn =
  (items: readonly Val[]) =>
  (item: Val): boolean =>
    items.some((other) => equals(item, other));

const ofTwo = (run: (a: readonly Val[], b: readonly Val[]) => Val[]) =>
  filter(['other'], (input, [other]) => ownList(unique(run(itemsOf(input), itemsOf(other!)), true)));

/** Filters that treat lists as sets; the results keep the order of the lists. */
export const SET_FILTERS: Operations = {
  difference: ofTwo((a, b) => a.filter((item) => !isIn(b)(item))),
  intersect: ofTwo((a, b) => a.filter(isIn(b))),
  symmetric_difference: ofTwo((a, b) => [...a, ...b].filter((item) => isIn(a)(item) !== isIn(b)(item))),
  union: ofTwo((a, b) => [...a, ...b]),
};
