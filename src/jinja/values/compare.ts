import { typeFailure } from '../fault.ts';
import { characters, textLength } from '../python/python-text.ts';
import { dictGet, dictHas, dictKeys, dictPairs, dictSize, hashKey } from './dicts.ts';
import { Float, isDict, isList, Opaque, Range, Tuple, typeName, Undefined, use, type Val, View } from './values.ts';

/** Python's truth of a value. */
export function isTrue(value: Val): boolean {
  use(value);
  if (value === null || value === '' || value === false) return false;
  if (value === true || typeof value === 'string') return true;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Opaque) return true;
  return lengthOf(value) > 0;
}

/** Number of items, characters or keys. */
export function lengthOf(value: Val): number {
  use(value);
  if (typeof value === 'string') return textLength(value);
  if (isList(value)) return value.length;
  if (value instanceof Tuple || value instanceof View || value instanceof Range) return value.items.length;
  if (isDict(value)) return dictSize(value);
  if (value instanceof Undefined) return 0;
  throw typeFailure(`${described(value)} has no length.`);
}

/** What a loop over a value goes through: items, characters, or keys. A list is not copied. */
export function itemsOf(value: Val): readonly Val[] {
  use(value);
  if (isList(value)) return value;
  if (typeof value === 'string') return characters(value);
  if (value instanceof Tuple || value instanceof View || value instanceof Range) return value.items;
  if (isDict(value)) return dictKeys(value);
  if (value instanceof Undefined) return [];
  throw typeFailure(`${described(value)} cannot be looped over.`);
}

export function isIterable(value: Val): boolean {
  use(value);
  return (
    typeof value === 'string' ||
    (typeof value === 'object' && value !== null && !(value instanceof Float || value instanceof Opaque))
  );
}

/** A value in a message: its type, never its content, which may be secret. */
export function described(value: Val): string {
  const type = typeName(value);
  return value === null ? 'None' : value instanceof Opaque ? value.parts.name : `A value of type ${type}`;
}

/** A number for comparing, or undefined where the value is none; true and false are 1 and 0. */
export function numeric(value: Val): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Float ? value.value : undefined;
}

/** Whether two numbers are equal, though one may be a bigint and the other not; NaN equals nothing. */
function sameNumber(a: number | bigint, b: number | bigint): boolean {
  return a <= b && a >= b;
}

/** Python's `==`. */
export function equals(a: Val, b: Val): boolean {
  use(a);
  use(b);
  if (a === b) return true;
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined || right !== undefined)
    return left !== undefined && right !== undefined && sameNumber(left, right);
  if (isList(a)) return isList(b) && sameItems(a, b);
  if (a instanceof Tuple) return b instanceof Tuple && sameItems(a.items, b.items);
  if (a instanceof Range) return b instanceof Range && sameItems(a.items, b.items);
  if (a instanceof View)
    return b instanceof View && a.kind === b.kind && a.kind !== 'dict_values' && sameMembers(a.items, b.items);
  if (a instanceof Undefined) return b instanceof Undefined;
  if (!isDict(a) || !isDict(b) || dictSize(a) !== dictSize(b)) return false;
  return dictPairs(a).every(([key, value]) => {
    const other = dictGet(b, key);
    return other !== undefined && equals(value, other);
  });
}

function sameItems(a: readonly Val[], b: readonly Val[]): boolean {
  return a.length === b.length && a.every((item, index) => equals(item, b[index]!));
}

function sameMembers(a: readonly Val[], b: readonly Val[]): boolean {
  return a.length === b.length && a.every((item) => b.some((other) => equals(item, other)));
}

/** Python's order of two values: negative, zero or positive; NaN where neither is before the other. */
export function compare(a: Val, b: Val, operator = '<'): number {
  use(a);
  use(b);
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined && right !== undefined) {
    if (left < right) return -1;
    if (left > right) return 1;
    return sameNumber(left, right) ? 0 : Number.NaN;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (isList(a) && isList(b)) return compareItems(a, b, operator);
  if (a instanceof Tuple && b instanceof Tuple) return compareItems(a.items, b.items, operator);
  throw typeFailure(`'${operator}' cannot compare ${typeName(a)} with ${typeName(b)}.`);
}

function compareItems(a: readonly Val[], b: readonly Val[], operator: string): number {
  for (let index = 0; index < a.length && index < b.length; index += 1) {
    if (!equals(a[index]!, b[index]!)) return compare(a[index]!, b[index]!, operator);
  }
  return a.length - b.length;
}

/** Order by code points; JavaScript's own goes by UTF-16 units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  let index = 0;
  while (a[index] === b[index]) index += 1;
  const surrogate = /[\ud800-\udfff]/;
  const left = a[index];
  const right = b[index];
  if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
  if (surrogate.test(left) !== surrogate.test(right)) return surrogate.test(left) ? 1 : -1;
  return left < right ? -1 : 1;
}

/** Asks of many values whether they are among these items; texts and numbers are found without going through all. */
export function membership(items: readonly Val[]): { has(item: Val): boolean; add(item: Val): void } {
  const keys = new Set<unknown>();
  const others: Val[] = [];
  const isSimple = (item: Val): boolean => typeof item === 'string' || numeric(item) !== undefined || item === null;
  const add = (item: Val): void => {
    if (isSimple(use(item))) keys.add(hashKey(item));
    else others.push(item);
  };
  const has = (item: Val): boolean =>
    isSimple(use(item)) ? keys.has(hashKey(item)) : others.some((other) => equals(other, item));
  for (const item of items) add(item);
  return { has, add };
}

/** Python's `in`. */
export function contains(container: Val, item: Val): boolean {
  use(container);
  use(item);
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item);
    throw typeFailure(`'in' looks for text in text, but was given ${typeName(item)}.`);
  }
  if (isDict(container)) return dictHas(container, item);
  return itemsOf(container).some((other) => equals(item, other));
}
