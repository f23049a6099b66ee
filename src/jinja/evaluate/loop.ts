import { typeFailure } from '../fault.ts';
import { equals, itemsOf } from '../values/compare.ts';
import { Opaque, orElse, Tuple, Undefined, type Val } from '../values/values.ts';

/** The items a `for` goes through, read one by one and only as far as needed, with the variable `loop`. */
export interface Loop {
  readonly variable: Opaque;
  /** The next item, or undefined after the last. */
  advance(): Val | undefined;
}

/** How a recursive loop renders its body for other items, one level deeper. */
export type Recurse = (items: Val, depth: number) => Val;

/** Starts a loop over these items. */
export function startLoop(items: Iterable<Val>, depth: number, recurse: Recurse | undefined): Loop {
  const source = items[Symbol.iterator]();
  let ahead: Val[] = [];
  let index = -1;
  let previous: Val | undefined;
  let current: Val | undefined;
  let seen: Val | undefined;

  const pull = (): Val | undefined => {
    const next = source.next();
    return next.done === true ? undefined : next.value;
  };
  const peek = (): Val | undefined => {
    if (ahead.length === 0) {
      const next = pull();
      if (next !== undefined) ahead = [next];
    }
    return ahead[0];
  };
  const length = (): number => {
    for (let next = pull(); next !== undefined; next = pull()) ahead.push(next);
    return index + 1 + ahead.length;
  };
  const changed = (values: readonly Val[]): boolean => {
    const same = seen !== undefined && equals(seen, new Tuple(values));
    seen = new Tuple(values);
    return !same;
  };

  const attribute = (name: string): Val | undefined => {
    switch (name) {
      case 'index':
        return index + 1;
      case 'index0':
        return index;
      case 'first':
        return index === 0;
      case 'last':
        return peek() === undefined;
      case 'length':
        return length();
      case 'revindex':
        return length() - index;
      case 'revindex0':
        return length() - index - 1;
      case 'depth':
        return depth + 1;
      case 'depth0':
        return depth;
      case 'previtem':
        return orElse(
          previous,
          new Undefined('loop.previtem is not defined for the first item.', { name: 'loop.previtem' }),
        );
      case 'nextitem':
        return orElse(
          peek(),
          new Undefined('loop.nextitem is not defined for the last item.', { name: 'loop.nextitem' }),
        );
      case 'cycle':
        return method('loop.cycle', (values) => cycled(values, index));
      case 'changed':
        return method('loop.changed', changed);
      default:
        return undefined;
    }
  };

  const variable = new Opaque({
    type: 'loop',
    name: 'loop',
    attribute,
    call: (args) => {
      if (recurse === undefined) throw typeFailure("Only a loop that is marked 'recursive' can be called.");
      return recurse(orElse(args[0], []), depth + 1);
    },
  });
  const advance = (): Val | undefined => {
    const next = ahead.length > 0 ? ahead.shift() : pull();
    if (next === undefined) return undefined;
    index += 1;
    previous = current;
    current = next;
    return next;
  };
  return { variable, advance };
}

function method(name: string, run: (values: readonly Val[]) => Val): Opaque {
  return new Opaque({ type: 'function', name, call: (args) => run(args) });
}

function cycled(values: readonly Val[], index: number): Val {
  if (values.length === 0) throw typeFailure('loop.cycle() needs at least one value.');
  return values[index % values.length]!;
}

/** The parts of an item for as many names. */
export function unpack(value: Val, count: number): readonly Val[] {
  const parts = itemsOf(value);
  if (parts.length === count) return parts;
  throw typeFailure(`There are ${count} names for an item of ${parts.length} parts.`);
}
