import { numeric } from './compare.ts';
import { typeFailure, valueFailure } from './fault.ts';
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
  if (operator === '/') return float(Number(left) / Number(right));
  if (isFloat(a) || isFloat(b)) return floats(operator, Number(left), Number(right));
  return ints(operator, left, right);
}

function ints(operator: Operator, a: number | bigint, b: number | bigint): Val {
  if (operator === '**') return power(a, b);
  if (typeof a === 'number' && typeof b === 'number') {
    const quick = quickInts(operator, a, b);
    if (Number.isSafeInteger(quick)) return quick;
  }
  const [x, y] = [BigInt(a), BigInt(b)];
  if (operator === '+') return int(x + y);
  if (operator === '-') return int(x - y);
  if (operator === '*') return int(x * y);
  const rest = ((x % y) + y) % y;
  return int(operator === '%' ? rest : (x - rest) / y);
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
    return float(Number(a) ** Number(b));
  }
  const bits = BigInt(a).toString(2).length * Number(b);
  if (bits > MAX_POWER_BITS) throw valueFailure('The result of ** is too large.');
  return int(BigInt(a) ** BigInt(b));
}

function floats(operator: Operator, a: number, b: number): Val {
  if (operator === '+') return float(a + b);
  if (operator === '-') return float(a - b);
  if (operator === '*') return float(a * b);
  if (operator === '**') return floatPower(a, b);
  let rest = a % b;
  if (rest !== 0 && rest < 0 !== b < 0) rest += b;
  if (operator === '%') return float(rest === 0 ? (b < 0 ? -0 : 0) : rest);
  const quotient = (a - rest) / b;
  const whole = Math.floor(quotient);
  return float(quotient - whole > 0.5 ? whole + 1 : whole);
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
