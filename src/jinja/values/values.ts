import { Failure, type FaultExtras } from '../fault.ts';

/** Plain data, as it goes into a template and comes out of it. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** A value that is not known yet (for example a fact before the host was asked). */
export const UNKNOWN: unique symbol = Symbol('unknown');

/**
 * A value while a template runs. A JavaScript number without a fraction is an int and any other number a float; whole
 * floats (`4 / 2`) are boxed as Float, and ints that a template computes beyond 2^53 are bigints.
 */
export type Val =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Val[]
  | PlainDict
  | Float
  | Tuple
  | Dict
  | View
  | Range
  | Opaque
  | Undefined
  | typeof UNKNOWN;

/** A dict from the context: own properties only, never changed by a template. */
export interface PlainDict {
  readonly [key: string]: Val;
}

/** A float whose value is whole, so that it prints as `2.0` and not as `2`. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Python's tuple; `names` gives a position a name too, as in the pairs of `groupby`. */
export class Tuple {
  readonly items: readonly Val[];
  readonly names: readonly string[];
  constructor(items: readonly Val[], names: readonly string[] = []) {
    this.items = items;
    this.names = names;
  }
}

/** A dict made by the template: keeps the order of insertion and the type of its keys, and may be changed. */
export class Dict {
  /** By the key's canonical form (see `hashKey`): the key as written, and the value. */
  readonly slots: Map<unknown, readonly [Val, Val]>;
  constructor(slots: Map<unknown, readonly [Val, Val]> = new Map()) {
    this.slots = slots;
  }
}

/** What `.keys()`, `.values()` and `.items()` give: can be looped over, but has no positions. */
export class View {
  readonly kind: 'dict_keys' | 'dict_values' | 'dict_items';
  readonly items: readonly Val[];
  constructor(kind: View['kind'], items: readonly Val[]) {
    this.kind = kind;
    this.items = items;
  }
}

/** Python's range: printed as written, looped over as its numbers. */
export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly items: readonly number[];
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    const length = Math.max(0, Math.ceil((stop - start) / step));
    this.items = Array.from({ length }, (_, index) => start + index * step);
  }

  /** The range of the positions from `first` up to `last`. */
  part(first: number, last: number, step: number): Range {
    return new Range(this.start + first * this.step, this.start + last * this.step, this.step * step);
  }
}

/** Named arguments of a call. */
export type Named = ReadonlyMap<string, Val>;

/** Something that is neither data nor text: a function, a macro, `loop`, a namespace, an imported template. */
export interface OpaqueParts {
  readonly type: string;
  readonly name: string;
  readonly attribute?: (name: string) => Val | undefined;
  readonly assign?: (name: string, value: Val) => void;
  /** Undefined and unknown values may be handed on as arguments; they count as used where the function looks at them. */
  readonly call?: (args: readonly Val[], named: Named) => Val;
}

export class Opaque {
  readonly parts: OpaqueParts;
  constructor(parts: OpaqueParts) {
    this.parts = parts;
  }
}

/**
 * The result of looking up what is not there; every use but `default` and `is defined` is a fault. An `if` without `else`
 * gives one that is empty instead: it prints as nothing, as in Jinja2 even with strict undefined values.
 */
export class Undefined {
  readonly message: string;
  readonly extras: FaultExtras;
  readonly isEmpty: boolean;
  constructor(message: string, extras: FaultExtras = {}, isEmpty = false) {
    this.message = message;
    this.extras = extras;
    this.isEmpty = isEmpty;
  }
}

/** Thrown where a value that is not known yet is used; caught where the template was asked for. */
export const UNKNOWN_USED: unique symbol = Symbol('unknown used');

/** Stops at a value that cannot be used: undefined is a fault, unknown ends the whole rendering. */
export function use(value: Val): Val {
  if (value instanceof Undefined && !value.isEmpty) throw undefinedFailure(value);
  if (value === UNKNOWN) throw UNKNOWN_USED;
  return value;
}

/** The fault of using an undefined value. */
export function undefinedFailure(value: Undefined): Failure {
  return new Failure('undefined', value.message, value.extras);
}

/** The failure of using a function, a macro or the like where data is wanted. */
export function notData({ parts }: Opaque): Failure {
  const call = `Call it: ${parts.name}().`;
  const mend =
    parts.call === undefined ? undefined : `${call} A key of that name is read with brackets: ["${parts.name}"].`;
  return new Failure('type', `${parts.name} is a ${parts.type}, which is not data.`, { mend });
}

/** A value, or another where there is none; null is a value. */
export function orElse(value: Val | undefined, fallback: Val): Val {
  return value === undefined ? fallback : value;
}

/** A float of this value. */
export function float(value: number): Val {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** An int of this value, which may have left the range of exact numbers. */
export function int(value: bigint): Val {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

export function isInt(value: Val): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && isWhole(value));
}

/** A context's number without a fraction counts as an int as long as JavaScript writes it with digits only. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e21;
}

export function isFloat(value: Val): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !isWhole(value));
}

export function isDict(value: Val): value is Dict | PlainDict {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (value instanceof Dict) return true;
  return !(
    value instanceof Float ||
    value instanceof Tuple ||
    value instanceof View ||
    value instanceof Range ||
    value instanceof Opaque ||
    value instanceof Undefined
  );
}

export function isList(value: Val): value is readonly Val[] {
  return Array.isArray(value);
}

/** The name Python has for the type of a value. */
export function typeName(value: Val): string {
  use(value);
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  if (isInt(value)) return 'int';
  if (isFloat(value)) return 'float';
  if (isList(value)) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof View) return value.kind;
  if (value instanceof Range) return 'range';
  if (value instanceof Opaque) return value.parts.type;
  return value instanceof Undefined ? 'Undefined' : 'dict';
}

let ownLists: WeakSet<object> | undefined;

/** Marks a list as made in the rendering at hand, so that `.append()` and the like may change it. */
export function ownList(items: readonly Val[]): readonly Val[] {
  ownLists ??= new WeakSet();
  ownLists.add(items);
  return items;
}

export function isOwnList(items: readonly Val[]): boolean {
  return ownLists?.has(items) === true;
}

/** Does work in which no list is its own that was made outside of it, nor afterwards one that was made in it. */
export function apartFromLists<T>(work: () => T): T {
  const outer = ownLists;
  ownLists = undefined;
  try {
    return work();
  } finally {
    ownLists = outer;
  }
}
