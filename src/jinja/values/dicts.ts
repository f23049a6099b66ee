import { typeFailure } from '../fault.ts';
import { Dict, Float, type PlainDict, Range, Tuple, typeName, Undefined, use, type Val } from './values.ts';

/** The form in which equal keys are identical: 1, 1.0 and true are one key, as in Python. */
export function hashKey(key: Val): unknown {
  use(key);
  if (typeof key === 'boolean') return Number(key);
  if (key instanceof Float) return key.value;
  if (key instanceof Tuple)
    return `tuple ${JSON.stringify(key.items.map((item) => [typeof hashKey(item), String(hashKey(item))]))}`;
  if (key === null || typeof key === 'number' || typeof key === 'bigint') return key;
  if (typeof key === 'string') return `text ${key}`;
  if (key instanceof Undefined || key instanceof Range)
    return key instanceof Range ? `range ${key.items.join()}` : Undefined;
  throw typeFailure(`A ${typeName(key)} cannot be the key of a dict.`);
}

/** A new dict of these pairs, in their order; a later pair replaces the value of an equal key. */
export function dictOf(pairs: Iterable<readonly [Val, Val]>): Dict {
  const dict = new Dict();
  for (const [key, value] of pairs) dictSet(dict, key, value);
  return dict;
}

/** Sets a key of a dict of the template's own. */
export function dictSet(dict: Dict, key: Val, value: Val): void {
  const hashed = hashKey(key);
  const known = dict.slots.get(hashed);
  dict.slots.set(hashed, [known === undefined ? key : known[0], value]);
}

/** The pairs of a dict, in order. The context's dicts come in JavaScript's order: keys that look like array indices first. */
export function dictPairs(dict: Dict | PlainDict): (readonly [Val, Val])[] {
  if (dict instanceof Dict) return [...dict.slots.values()];
  return Object.keys(dict).map((key) => [key, dict[key]!]);
}

export function dictKeys(dict: Dict | PlainDict): Val[] {
  return dict instanceof Dict ? [...dict.slots.values()].map(([key]) => key) : Object.keys(dict);
}

export function dictSize(dict: Dict | PlainDict): number {
  return dict instanceof Dict ? dict.slots.size : Object.keys(dict).length;
}

/**
 * The value of a key, or `undefined`. JavaScript objects have no numbers for keys (YAML's `9090: x` arrives as '9090'),
 * so a whole number finds the key of the context's dict that is written alike.
 */
export function dictGet(dict: Dict | PlainDict, key: Val): Val | undefined {
  const hashed = hashKey(key);
  if (dict instanceof Dict) return dict.slots.get(hashed)?.[1];
  const name = typeof key === 'string' ? key : typeof hashed === 'number' ? String(hashed) : undefined;
  return name !== undefined && Object.hasOwn(dict, name) ? dict[name] : undefined;
}

export function dictHas(dict: Dict | PlainDict, key: Val): boolean {
  return dictGet(dict, key) !== undefined;
}
