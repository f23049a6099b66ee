import { typeFailure, valueFailure } from '../fault.ts';
import { numeric } from './compare.ts';
import { Float, float, int, isFloat, typeName, use, type Val } from './values.ts';

type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Python's arithmetic on two numbers, or undefined where one of them is none. */
export function arithmetic(operator: Operator, a: Val, b: Val): Val | undefined {
  const left = numeric(a);
  const right = numeric(b);
  if (left === undefined || right === undefined) return undefined;
  if ((operator === '/' || operator === '//' || operator === '%') && Number(right) === 0) {
    throw valueFailure('Division by zero.');
  }
  if (isFloat(a) || isFloat(b)) return floats(operator, Number(left), Number(right));
  return ints(operator, left, right);
}

/** The nearest float to a quotient, also where the numbers themselves are too large to be floats. */
function quotient(a: number | bigint, b: number | bigint): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  const [top, bottom] = [magnitude(a), magnitude(b)];
  const shift = Math.max(0, 70 + bits(bottom) - bits(top));
  const shifted = top << BigInt(shift);
  const sticky = shifted % bottom === 0n ? 0n : 1n;
  const exact = Number((shifted / bottom) | sticky);
  return (a < 0 === b < 0 ? exact : -exact) / 2 ** shift;
}

function magnitude(value: number | bigint): bigint {
  return value < 0 ? -BigInt(value) : BigInt(value);
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

function ints(operator: Operator, a: number | bigint, b: number | bigint): Val {
  if (operator === '**') return power(a, b);
  if (operator === '/') return float(quotient(a, b));
  if (typeof a === 'number' && typeof b === 'number') {
    const quick = quickInts(operator, a, b);
    if (Number.isSafeInteger(quick)) return withoutSign(quick);
  }
  const [x, y] = [BigInt(a), BigInt(b)];
  if (operator === '+') return int(x + y);
  if (operator === '-') return int(x - y);
  if (operator === '*') return int(x * y);
  const rest = ((x % y) + y) % y;
  return int(operator === '%' ? rest : (x - rest) / y);
}

/** An int has no zero with a sign, which JavaScript's arithmetic may give. */
function withoutSign(value: number): number {
  return value === 0 ? 0 : value;
}

function quickInts(operator: Operator, a: number, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  const rest = ((a % b) + b) % b;
  return operator === '%' ? rest : (a - rest) / b;
}

const MAX_POWER_BITS = 100_000;

function power(a: number | bigint, b: number | bigint): Val {
  if (b < 0) {
    if (Number(a) === 0) throw valueFailure('Zero cannot be raised to a negative power.');
    return float(quotient(1, BigInt(Number(a)) ** boundedPower(a, -Number(b))));
  }
  return int(BigInt(a) ** boundedPower(a, Number(b)));
}

function boundedPower(a: number | bigint, exponent: number): bigint {
  const size = bits(magnitude(a)) * exponent;
  if (size > MAX_POWER_BITS) throw valueFailure('The result of ** is too large.');
  return BigInt(exponent);
}

function floats(operator: Operator, a: number, b: number): Val {
  if (operator === '+') return float(a + b);
  if (operator === '-') return float(a - b);
  if (operator === '*') return float(a * b);
  if (operator === '/') return float(a / b);
  if (operator === '**') return floatPower(a, b);
  let rest = a % b;
  if (rest !== 0 && rest < 0 !== b < 0) rest += b;
  if (operator === '%') return float(rest === 0 ? (b < 0 ? -0 : 0) : rest);
  const exact = (a - rest) / b;
  if (exact === 0) return float(a / b < 0 || Object.is(a / b, -0) ? -0 : 0);
  const whole = Math.floor(exact);
  return float(exact - whole > 0.5 ? whole + 1 : whole);
}

function floatPower(a: number, b: number): Val {
  if (a === 0 && b < 0) throw valueFailure('Zero cannot be raised to a negative power.');
  if (a < 0 && !Number.isInteger(b)) throw valueFailure('A negative number has no real root.');
  return float(a ** b);
}

/** `-value`, `+value` and the like. */
export function negate(value: Val): Val {
  return signed(value, '-');
}

export function positive(value: Val): Val {
  return signed(value, '+');
}

function signed(value: Val, sign: '+' | '-'): Val {
  use(value);
  if (value instanceof Float) return new Float(sign === '-' ? -value.value : value.value);
  const number = numeric(value);
  if (number === undefined) throw typeFailure(`'${sign}' needs a number, but was given ${typeName(value)}.`);
  if (sign === '+') return number;
  if (isFloat(number)) return float(-Number(number));
  return int(-BigInt(number));
}
