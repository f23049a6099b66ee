import { anyText, number } from '../builtins/arguments.ts';
import { typeFailure, valueFailure } from '../fault.ts';
import { boundSize } from '../values/limits.ts';
import { Float, isFloat, isInt, typeName, use, type Val } from '../values/values.ts';
import { exponential, fixed, general, grouped, zeroFilled } from './number-text.ts';
import { charOf, floatText, str, textLength } from './python-text.ts';

const SPEC =
  /^(?:(?<fill>[\s\S])?(?<align>[<>=^]))?(?<sign>[+\- ])?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<group>[,_])?(?:\.(?<precision>\d+))?(?<type>[bcdeEfFgGnosxX%])?$/u;

/** How a value is to be written: the parts of a format such as `*>8.2f`. */
interface Spec {
  readonly sign: string;
  readonly alternate: boolean;
  readonly group: string | undefined;
  readonly digits: number | undefined;
  readonly type: string | undefined;
}

/** A value by a format as in `'{:>8.2f}'`. */
export function formatValue(value: Val, written: string): string {
  use(value);
  if (written === '') return str(value);
  const parts = SPEC.exec(written)?.groups;
  if (parts === undefined) throw valueFailure(`format() cannot read the format '${written}'.`);
  const { fill = ' ', align, sign = '', alternate, zero, width = '0', group, precision, type } = parts;
  boundSize(Number(width));
  const digits = precision === undefined ? undefined : Number(precision);
  const isNumber = isInt(value) || isFloat(value) || typeof value === 'boolean';
  if (!isNumber && (typeof value !== 'string' || (type !== undefined && type !== 's'))) {
    throw typeFailure(`format() cannot use '${written}' on ${typeName(value)}.`);
  }
  const body = isNumber
    ? numberText(value, { sign, alternate: alternate !== undefined, group, digits, type })
    : Array.from(anyText(value)).slice(0, digits).join('');
  const side = align ?? (zero !== undefined && isNumber ? '=' : isNumber ? '>' : '<');
  return aligned(body, Number(width), side, zero !== undefined && align === undefined ? '0' : fill);
}

const RADIX: ReadonlyMap<string | undefined, number> = new Map(
  Object.entries({ b: 2, o: 8, x: 16, X: 16, d: 10, n: 10 }),
);

function numberText(value: Val, spec: Spec): string {
  const { sign, type } = spec;
  if (type === 's') throw typeFailure(`format() cannot use 's' on ${typeName(value)}.`);
  if (type === 'c') return charOf(number(value, 0));
  const radix = RADIX.get(type) ?? (type === undefined && !isFloat(value) ? 10 : undefined);
  const text = radix === undefined ? floatBody(value, spec) : intBody(value, radix, spec);
  return text.startsWith('-') || sign === '' || sign === '-' ? text : sign + text;
}

function intBody(value: Val, radix: number, { alternate, group, digits, type }: Spec): string {
  if (isFloat(value)) throw typeFailure(`format() cannot use '${type}' on float.`);
  if (digits !== undefined) throw valueFailure('format() takes no precision for a whole number.');
  if (group === ',' && radix !== 10) throw valueFailure(`format() cannot use ',' with '${type}'.`);
  const amount = BigInt(value as number | bigint | boolean);
  const plain = (amount < 0n ? -amount : amount).toString(radix);
  const cased = type === 'X' ? plain.toUpperCase() : plain;
  const prefix = alternate && radix !== 10 ? `0${type}` : '';
  return (
    (amount < 0n ? '-' : '') + prefix + (group === undefined ? cased : grouped(cased, group, radix === 10 ? 3 : 4))
  );
}

function floatBody(value: Val, spec: Spec): string {
  const text = ungrouped(value, number(value, 0), spec);
  if (spec.group === undefined) return text;
  const whole = /^-?\d*/.exec(text)![0];
  return grouped(whole, spec.group, 3) + text.slice(whole.length);
}

function ungrouped(value: Val, amount: number, { alternate, digits, type }: Spec): string {
  if (type === undefined && digits === undefined) return floatText(amount);
  if (type === undefined) {
    const short = general(amount, digits!, alternate);
    const losesPoint = /^-?\d+$/.test(short) && short.replace('-', '').length <= digits! && value instanceof Float;
    return losesPoint ? `${short}.0` : short;
  }
  const precision = digits ?? 6;
  const lower = type.toLowerCase();
  if (type === '%') return `${fixed(amount * 100, precision)}%`;
  const text =
    lower === 'f'
      ? fixed(amount, precision)
      : lower === 'e'
        ? exponential(amount, precision)
        : general(amount, precision, alternate);
  return type === lower ? text : text.toUpperCase();
}

function aligned(text: string, width: number, side: string, fill: string): string {
  const missing = Math.max(0, width - textLength(text));
  if (side === '<') return text + fill.repeat(missing);
  if (side === '>') return fill.repeat(missing) + text;
  if (side === '=' && fill === '0') return zeroFilled(text, width);
  if (side === '=') return text.replace(/^[+\- ]?/, (sign) => sign + fill.repeat(missing));
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}
