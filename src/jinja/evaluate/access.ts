import { dictMethod } from '../builtins/methods/dict.ts';
import { listMethod } from '../builtins/methods/list.ts';
import { textMethod } from '../builtins/methods/text.ts';
import { typeFailure } from '../fault.ts';
import { characters } from '../python/python-text.ts';
import { didYouMean } from '../suggest.ts';
import { described } from '../values/compare.ts';
import { dictGet, dictKeys } from '../values/dicts.ts';
import {
  isDict,
  isInt,
  isList,
  Opaque,
  ownList,
  Range,
  Tuple,
  typeName,
  UNKNOWN,
  Undefined,
  undefinedFailure,
  use,
  type Val,
} from '../values/values.ts';

/** `base.name`: a method or attribute first, then a key, as Jinja2 does. `path` names the base in messages. */
export function attributeOf(base: Val, name: string, path: string): Val {
  if (base instanceof Undefined) return furtherUndefined(base);
  const member = memberOf(base, name);
  const found = member === undefined ? keyOf(base, name) : member;
  return found === undefined ? missing(base, name, `${path}.${name}`) : found;
}

/** `base[key]`: a key or position first, then an attribute. */
export function itemOf(base: Val, key: Val, path: string): Val {
  if (base instanceof Undefined) return furtherUndefined(base);
  use(base);
  use(key);
  const part = keyOf(base, key);
  const found = part === undefined && typeof key === 'string' ? memberOf(base, key) : part;
  const written = typeof key === 'string' ? keyPath(path, key) : isInt(key) ? `${path}[${key}]` : `${path}[…]`;
  return found === undefined ? missing(base, key, written) : found;
}

function keyPath(path: string, key: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
}

/** What an undefined value has is undefined too, so that `default` can stand at the end of a path. */
function furtherUndefined(base: Undefined): Undefined {
  if (base.isEmpty) throw undefinedFailure(base);
  return base;
}

/** A method or attribute, for the `attr` filter and for `base.name`. */
export function memberOf(base: Val, name: string): Val | undefined {
  use(base);
  if (typeof base === 'string') return textMethod(base, name);
  if (isList(base)) return listMethod(base, name);
  if (base instanceof Opaque) return base.parts.attribute?.(name);
  if (base instanceof Tuple)
    return base.names.includes(name) ? base.items[base.names.indexOf(name)] : listMethod(base, name);
  if (isDict(base)) return dictMethod(base, name);
  return undefined;
}

function keyOf(base: Val, key: Val): Val | undefined {
  if (isDict(base)) return isList(key) || isDict(key) ? undefined : dictGet(base, key);
  const position = typeof key === 'boolean' ? Number(key) : isInt(key) ? Number(key) : undefined;
  const items = positions(base);
  if (position === undefined || items === undefined) return undefined;
  return items.at(position);
}

function positions(base: Val): readonly Val[] | undefined {
  if (isList(base)) return base;
  if (typeof base === 'string') return characters(base);
  return base instanceof Tuple || base instanceof Range ? base.items : undefined;
}

function missing(base: Val, key: Val, path: string): Undefined {
  if (base === UNKNOWN) use(base);
  const what = typeof key === 'string' ? `attribute '${key}'` : 'such item';
  const known = isDict(base) ? dictKeys(base).filter((name) => typeof name === 'string') : [];
  const mend = typeof key === 'string' ? didYouMean(key, known) : undefined;
  const reason = isDict(base) ? '' : ` ${described(base)} has no ${what}.`;
  return new Undefined(`'${path}' is not defined.${reason}`, { name: path, mend });
}

/** `base[start:stop:step]`. */
export function sliceOf(base: Val, start: Val, stop: Val, step: Val): Val {
  if (base instanceof Undefined) return furtherUndefined(base);
  use(base);
  const items = positions(base);
  if (items === undefined) throw typeFailure(`${described(base)} cannot be sliced.`);
  const chosen = chosenIndices(items.length, bound(start), bound(stop), bound(step) ?? 1);
  if (base instanceof Range) return base.part(chosen.first, chosen.last, chosen.step);
  const parts = chosen.indices.map((index) => items[index]!);
  if (typeof base === 'string') return parts.join('');
  return base instanceof Tuple ? new Tuple(parts) : ownList(parts);
}

function bound(value: Val): number | undefined {
  use(value);
  if (value === null) return undefined;
  if (typeof value === 'boolean') return Number(value);
  if (isInt(value)) return Number(value);
  throw typeFailure(`A slice needs whole numbers, but was given ${typeName(value)}.`);
}

interface Chosen {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly indices: readonly number[];
}

/** The positions of a slice; bounds beyond the ends count as the ends. */
function chosenIndices(length: number, start: number | undefined, stop: number | undefined, step: number): Chosen {
  if (step === 0) throw typeFailure('The step of a slice cannot be zero.');
  const lowest = step > 0 ? 0 : -1;
  const highest = step > 0 ? length : length - 1;
  const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + length : at, lowest), highest);
  const first = start === undefined ? (step > 0 ? 0 : length - 1) : clamp(start);
  const last = stop === undefined ? (step > 0 ? length : -1) : clamp(stop);
  const indices: number[] = [];
  for (let at = first; step > 0 ? at < last : at > last; at += step) indices.push(at);
  return { first, last, step, indices };
}
