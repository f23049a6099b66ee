import { typeFailure } from '../fault.ts';
import { percentFormat } from '../python/percent-format.ts';
import { arithmetic } from '../values/arithmetic.ts';
import { boundItems, boundSize } from '../values/limits.ts';
import { isInt, isList, ownList, Tuple, typeName, use, type Val } from '../values/values.ts';

/** Python's binary operators, as templates have them. */
export function operate(operator: '+' | '-' | '*' | '/' | '//' | '%' | '**', a: Val, b: Val): Val {
  use(a);
  if (operator === '%' && typeof a === 'string') return percentFormat(a, b);
  use(b);
  const number = arithmetic(operator, a, b);
  if (number !== undefined) return number;
  const joined = operator === '+' ? join(a, b) : operator === '*' ? (repeat(a, b) ?? repeat(b, a)) : undefined;
  if (joined !== undefined) return joined;
  throw typeFailure(
    `'${operator}' cannot be used on ${typeName(a)} and ${typeName(b)}.`,
    operator === '+' && (typeof a === 'string' || typeof b === 'string') ? "Join text with '~'." : undefined,
  );
}

function join(a: Val, b: Val): Val | undefined {
  if (typeof a === 'string' && typeof b === 'string') {
    boundSize(a.length + b.length);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    boundItems(a.length + b.length);
    return ownList([...a, ...b]);
  }
  if (a instanceof Tuple && b instanceof Tuple) {
    boundItems(a.items.length + b.items.length);
    return new Tuple([...a.items, ...b.items]);
  }
  return undefined;
}

function repeat(value: Val, times: Val): Val | undefined {
  const count = typeof times === 'boolean' ? Number(times) : isInt(times) ? Math.max(0, Number(times)) : undefined;
  if (count === undefined) return undefined;
  if (typeof value === 'string') {
    boundSize(value.length * count);
    return value.repeat(count);
  }
  if (isList(value)) return ownList(repeated(value, count));
  if (value instanceof Tuple) return new Tuple(repeated(value.items, count));
  return undefined;
}

function repeated(items: readonly Val[], count: number): Val[] {
  boundItems(items.length * count);
  return Array.from({ length: items.length * count }, (_, index) => items[index % items.length]!);
}
