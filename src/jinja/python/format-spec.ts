import { number } from '../builtins/arguments.ts';
import { Failure, typeFailure, valueFailure } from '../fault.ts';
import { boundSize } from '../values/limits.ts';
import { isFloat, isInt, typeName, use, type Val } from '../values/values.ts';
import { exponential, fixed, general, grouped, pointed, withoutZeros, zeroFilled } from './number-text.ts';
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
  const { align, sign = '', alternate, zero, width = '0', group, precision, type } = parts;
  boundSize(Number(width));
  const spec = {
    sign,
    alternate: alternate !== undefined,
    group,
    digits: precision === undefined ? undefined : Number(precision),
    type,
  };
  const isNumber = isInt(value) || isFloat(value) || typeof value === 'boolean';
  const body = isNumber ? numberText(value, spec) : textBody(value, written, spec);
  if (!isNumber && align === '=') throw valueFailure("format() cannot use '=' on text.");
  const side = align ?? (zero !== undefined && isNumber ? '=' : isNumber ? '>' : '<');
  const fill = parts['fill'] ?? (zero === undefined ? ' ' : '0');
  if (side === '=' && fill === '0' && group !== undefined && textLength(body) < Number(width)) {
    throw new Failure('unsupported', 'Filling with zeros between separators is not supported by format().');
  }
  return aligned(body, Number(width), side, fill);
}

function textBody(value: Val, written: string, { sign, alternate, group, digits, type }: Spec): string {
  const isPlain = sign === '' && !alternate && group === undefined && (type === undefined || type === 's');
  if (typeof value === 'string' && isPlain) return Array.from(value).slice(0, digits).join('');
  throw typeFailure(`format() cannot use '${written}' on ${typeName(value)}.`);
}

const RADIX: ReadonlyMap<string | undefined, number> = new Map(
  Object.entries({ b: 2, o: 8, x: 16, X: 16, d: 10, n: 10 }),
);

function numberText(value: Val, spec: Spec): string {
  const { sign, type } = spec;
  if (type === 's') throw typeFailure(`format() cannot use 's' on ${typeName(value)}.`);
  if (type === 'c') return characterBody(value, spec);
  const radix = RADIX.get(type) ?? (type === undefined && !isFloat(value) ? 10 : undefined);
  const text = radix === undefined ? floatBody(value, spec) : intBody(value, radix, spec);
  return text.startsWith('-') || sign === '' || sign === '-' ? text : sign + text;
}

function characterBody(value: Val, { sign, alternate, group, digits }: Spec): string {
  const isPlain = sign === '' && !alternate && group === undefined && digits === undefined;
  if (isPlain && !isFloat(value)) return charOf(number(value, 0));
  throw valueFailure("format() cannot use 'c' so.");
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
  const text = ungrouped(number(value, 0), spec);
  if (spec.group === undefined) return text;
  const whole = /^-?\d*/.exec(text)![0];
  return grouped(whole, spec.group, 3) + text.slice(whole.length);
}

function ungrouped(amount: number, { alternate, digits, type }: Spec): string {
  if (type === undefined && digits === undefined) return pointed(floatText(amount), alternate);
  if (type === undefined) return shortFloat(amount, digits!, alternate);
  const precision = digits ?? 6;
  const lower = type.toLowerCase();
  if (type === '%') return `${pointed(fixed(amount * 100, precision), alternate)}%`;
  const text =
    lower === 'f'
      ? fixed(amount, precision)
      : lower === 'e'
        ? exponential(amount, precision)
        : general(amount, precision, alternate);
  const complete = pointed(text, alternate);
  return type === lower ? complete : complete.toUpperCase();
}

/** A float of some significant digits that keeps a digit after its point, and so needs an exponent one digit earlier. */
function shortFloat(amount: number, digits: number, alternate: boolean): string {
  const precision = Math.max(1, digits);
  const short = general(amount, precision, alternate);
  if (!/^-?\d+$/.test(short)) return short;
  if (short.replace('-', '').length < precision) return `${short}.0`;
  const [mantissa = '', power] = exponential(amount, precision - 1).split('e');
  return `${alternate ? pointed(mantissa, true) : withoutZeros(mantissa)}e${power}`;
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
