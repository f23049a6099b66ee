import { typeFailure, valueFailure } from '../fault.ts';
import { dictPairs } from './dicts.ts';
import {
  Dict,
  Float,
  isDict,
  isInt,
  isList,
  notData,
  Opaque,
  Range,
  Tuple,
  typeName,
  Undefined,
  use,
  type Val,
  type Value,
  View,
} from './values.ts';

/**
 * A value of a template as plain data. Tuples and ranges become lists, whole floats numbers, and number keys text. A
 * JavaScript object puts keys that look like array indices first, whatever their order in the template was.
 */
export function toValue(value: Val): Value {
  use(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (value instanceof Undefined) return '';
  if (typeof value === 'bigint')
    throw valueFailure('The number is too large to be kept exactly.', 'Make it text: {{ value | string }}.');
  if (value instanceof Float) return value.value;
  if (isList(value)) return listValue(value);
  if (value instanceof Tuple || value instanceof View || value instanceof Range) return value.items.map(toValue);
  if (value instanceof Dict)
    return Object.fromEntries(dictPairs(value).map(([key, item]) => [keyText(key), toValue(item)]));
  if (isDict(value)) return plainValue(value);
  throw value instanceof Opaque ? notData(value) : typeFailure(`A ${typeName(value)} is not data.`);
}

/** The list itself where nothing in it had to change: the context's lists are shared, not copied. */
function listValue(items: readonly Val[]): readonly Value[] {
  const values = items.map(toValue);
  return values.every((value, index) => value === items[index]) ? (items as readonly Value[]) : values;
}

function plainValue(dict: { readonly [key: string]: Val }): Value {
  const pairs = Object.keys(dict).map((key) => [key, toValue(dict[key]!)] as const);
  return pairs.every(([key, value]) => value === dict[key])
    ? (dict as { readonly [key: string]: Value })
    : Object.fromEntries(pairs);
}

function keyText(key: Val): string {
  if (typeof key === 'string') return key;
  if (isInt(key)) return String(key);
  throw typeFailure(`A ${typeName(key)} cannot be the key of plain data.`, 'Use text for the keys.');
}
