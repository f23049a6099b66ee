import { itemsOf, membership } from '../../values/compare.ts';
import { ownList, type Val } from '../../values/values.ts';
import { filter, type Operations } from '../builtin.ts';
import { unique } from './lists.ts';

type IsIn = (item: Val) => boolean;

/** A filter on two lists: which of their items stay, by whether they are in the first and in the second. */
const ofTwo = (run: (a: readonly Val[], b: readonly Val[], inA: IsIn, inB: IsIn) => Val[]) =>
  filter(['other'], (input, [other]) => {
    const [a, b] = [itemsOf(input), itemsOf(other!)];
    return ownList(unique(run(a, b, membership(a).has, membership(b).has), true));
  });

/** Filters that treat lists as sets; the results keep the order of the lists. */
export const SET_FILTERS: Operations = {
  difference: ofTwo((a, _b, _inA, inB) => a.filter((item) => !inB(item))),
  intersect: ofTwo((a, _b, _inA, inB) => a.filter(inB)),
  symmetric_difference: ofTwo((a, b, inA, inB) => [...a, ...b].filter((item) => inA(item) !== inB(item))),
  union: ofTwo((a, b) => [...a, ...b]),
};
