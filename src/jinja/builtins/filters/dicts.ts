import { itemOf } from '../../evaluate/access.ts';
import { typeFailure, valueFailure } from '../../fault.ts';
import { compare, equals, itemsOf } from '../../values/compare.ts';
import { dictGet, dictHas, dictOf, dictPairs, dictSize } from '../../values/dicts.ts';
import {
  type Dict,
  isDict,
  isList,
  orElse,
  ownList,
  type PlainDict,
  Tuple,
  typeName,
  Undefined,
  use,
  type Val,
} from '../../values/values.ts';
import { flag, listItems, text } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';
import { caseless } from './lists.ts';

type AnyDict = Dict | PlainDict;

/** Filters on dicts. */
export const DICT_FILTERS: Operations = {
  combine: filter(['*others', 'recursive?', 'list_merge?'], (input, [others, recursive, listMerge]) => {
    const terms: Val[] = [input, ...listItems(others!)];
    const dicts = flat(terms);
    const merge = text(listMerge, 'replace');
    if (!LIST_MERGES.has(merge))
      throw valueFailure(`'combine' knows no list_merge '${merge}', only ${[...LIST_MERGES.keys()].join(', ')}.`);
    return dicts.length === 0
      ? dictOf([])
      : dicts.reduceRight((high, low) => combined(low, high, flag(recursive, false), merge));
  }),
  dict2items: filter(['key_name?', 'value_name?'], (input, [keyName, valueName]) =>
    ownList(
      dictPairs(needDict(input, 'dict2items')).map(([key, value]) =>
        dictOf([
          [text(keyName, 'key'), key],
          [text(valueName, 'value'), value],
        ]),
      ),
    ),
  ),
  dictsort: filter(['case_sensitive?', 'by?', 'reverse?'], (input, [caseSensitive, by, reverse]) =>
    ownList(
      sortedPairs(needDict(input, 'dictsort'), flag(caseSensitive, false), text(by, 'key'), flag(reverse, false)),
    ),
  ),
  extract: filter(['container', 'morekeys?'], (input, [container, more]) => {
    const further: readonly Val[] = more === undefined || more === null ? [] : isList(more) ? more : [more];
    const keys: readonly Val[] = [input, ...further];
    return keys.reduce((base: Val, key: Val): Val => itemOf(base, key, 'container'), container!);
  }),
  items: filter([], (input) => ownList(dictPairs(needDict(input, 'items')).map((pair) => new Tuple(pair)))),
  items2dict: filter(['key_name?', 'value_name?'], (input, [keyName, valueName]) =>
    dictOf(listItems(input).map((item) => [part(item, text(keyName, 'key')), part(item, text(valueName, 'value'))])),
  ),
  rekey_on_member: filter(['key', 'duplicates?'], (input, [key, duplicates]) =>
    rekeyed(input, key!, text(duplicates, 'error')),
  ),
  subelements: filter(['subelements', 'skip_missing?'], (input, [path, skipMissing]) => {
    const keys = typeof path === 'string' ? path.split('.') : listItems(path!);
    const elements = isDict(input) ? dictPairs(input).map(([, value]) => value) : listItems(input);
    return ownList(
      elements.flatMap((element) =>
        subelements(element, keys, flag(skipMissing, false)).map((item) => new Tuple([element, item])),
      ),
    );
  }),
};

function needDict(value: Val, who: string): AnyDict {
  use(value);
  if (isDict(value)) return value;
  throw typeFailure(`'${who}' needs a dict, but was given ${typeName(value)}.`);
}

/** The dicts of a list that may hold lists of dicts. */
function flat(items: readonly Val[]): AnyDict[] {
  return items.flatMap((item) => {
    use(item);
    if (item === null) return [];
    return isList(item) || item instanceof Tuple
      ? listItems(item).map((inner) => needDict(inner, 'combine'))
      : [needDict(item, 'combine')];
  });
}

type ListMerge = (low: readonly Val[], high: readonly Val[]) => readonly Val[];

const without = (items: readonly Val[], others: readonly Val[]): readonly Val[] =>
  items.filter((item) => !others.some((other) => equals(item, other)));

const LIST_MERGES: ReadonlyMap<string, ListMerge> = new Map(
  Object.entries({
    replace: (_low, high) => high,
    keep: (low) => low,
    append: (low, high) => [...low, ...high],
    prepend: (low, high) => [...high, ...low],
    append_rp: (low, high) => [...without(low, high), ...high],
    prepend_rp: (low, high) => [...high, ...without(low, high)],
  }),
);

/** Two dicts as one, where they differ by the rule of the second. */
function combined(low: AnyDict, high: AnyDict, recursive: boolean, listMerge: string): AnyDict {
  if (dictSize(low) === 0 || equals(low, high)) return high;
  const pairs: (readonly [Val, Val])[] = dictPairs(low).map(([key, value]) => {
    const other = dictGet(high, key);
    if (other === undefined) return [key, value];
    if (isDict(value) && isDict(other)) return [key, recursive ? combined(value, other, recursive, listMerge) : other];
    if (isList(value) && isList(other)) return [key, ownList(LIST_MERGES.get(listMerge)!(value, other))];
    return [key, other];
  });
  return dictOf([...pairs, ...dictPairs(high).filter(([key]) => !dictHas(low, key))]);
}

function sortedPairs(dict: AnyDict, caseSensitive: boolean, by: string, reverse: boolean): Val[] {
  if (by !== 'key' && by !== 'value') throw valueFailure("'dictsort' sorts by 'key' or by 'value'.");
  const position = by === 'key' ? 0 : 1;
  const keyOf = (pair: readonly [Val, Val]): Val => (caseSensitive ? pair[position] : caseless(pair[position]));
  const pairs = [...dictPairs(dict)];
  pairs.sort((a, b) => (reverse ? compare(keyOf(b), keyOf(a)) : compare(keyOf(a), keyOf(b))));
  return pairs.map((pair) => new Tuple(pair));
}

function part(item: Val, key: string): Val {
  const found = dictGet(needDict(item, 'items2dict'), key);
  if (found === undefined) throw valueFailure(`'items2dict' needs items that have '${key}'.`);
  return found;
}

function rekeyed(input: Val, key: Val, duplicates: string): Val {
  const items = isDict(input) ? dictPairs(input).map(([, value]) => value) : itemsOf(input);
  const pairs = items.map((item) => [itemOf(needDict(item, 'rekey_on_member'), key, 'item'), item] as const);
  const result = dictOf(pairs);
  if (duplicates === 'error' && dictSize(result) < pairs.length)
    throw valueFailure("'rekey_on_member' found a key twice.");
  return result;
}

function subelements(element: Val, keys: readonly Val[], skipMissing: boolean): readonly Val[] {
  let value: Val = element;
  for (const key of keys) {
    const found = isDict(value) ? dictGet(value, key) : undefined;
    if (found === undefined && skipMissing) return [];
    value = orElse(found, new Undefined(`An item has no '${String(key)}' for 'subelements'.`, { name: String(key) }));
    use(value);
  }
  if (isList(value)) return value;
  throw typeFailure(`'subelements' needs a list at its key, but found ${typeName(value)}.`);
}
