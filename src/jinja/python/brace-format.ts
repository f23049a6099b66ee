import { anyText, number } from '../builtins/arguments.ts';
import { Failure, typeFailure, valueFailure } from '../fault.ts';
import { dictGet } from '../values/dicts.ts';
import { boundSize } from '../values/limits.ts';
import {
  Dict,
  Float,
  isDict,
  isFloat,
  isInt,
  isList,
  type PlainDict,
  Tuple,
  typeName,
  use,
  type Val,
} from '../values/values.ts';
import { exponential, fixed, general, grouped, zeroFilled } from './number-text.ts';
import { floatText, repr, str, textLength } from './python-text.ts';

const FIELD = /^([^!:[\]]*?)((?:\[[^\]]*\])*)(?:!([rsa]))?(?::([\s\S]*))?$/;
const SPEC = /^(?:([\s\S])?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

/** Python's `'…{}…'.format(values)`; fields may be positions, names, and keys in brackets, but no attributes. */
export function braceFormat(template: string, args: readonly Val[], named: Val): string {
  let automatic = 0;
  let manual = false;
  const names = isDict(named) ? named : new Dict();
  const field = (written: string): string => {
    const parts = FIELD.exec(written);
    if (parts === null) throw valueFailure('A format text has a field that cannot be read.');
    const [, name = '', keys = '', conversion, spec = ''] = parts;
    if (name.includes('.')) throw new Failure('unsupported', 'Attributes in the fields of format() are not supported.');
    manual ||= /^\d+$/.test(name);
    if (manual && (name === '' || automatic > 0)) throw valueFailure('format() cannot have both {} and {0} fields.');
    const start = name === '' ? args[automatic++] : /^\d+$/.test(name) ? args[Number(name)] : dictGet(names, name);
    if (start === undefined) throw valueFailure(`format() was not given a value for '{${name}}'.`);
    const value = keys
      .split(/[[\]]+/)
      .filter((key) => key !== '')
      .reduce(part, start);
    const filledSpec = expand(spec, field);
    if (conversion === 's') return formatValue(str(value), filledSpec);
    return formatValue(conversion === undefined ? value : repr(value), filledSpec);
  };
  const result = expand(template, field);
  boundSize(result.length);
  return result;
}

/** Replaces the fields of a format text, which may nest once; doubled braces stand for themselves. */
function expand(template: string, field: (written: string) => string): string {
  let result = '';
  let at = 0;
  while (at < template.length) {
    const char = template[at]!;
    if (char !== '{' && char !== '}') {
      result += char;
      at += 1;
    } else if (template[at + 1] === char) {
      result += char;
      at += 2;
    } else {
      const end = char === '{' ? closing(template, at) : -1;
      if (end === -1)
        throw valueFailure(`A format text has a single '${char}'.`, `Write '${char}${char}' for the character.`);
      result += field(template.slice(at + 1, end));
      at = end + 1;
    }
  }
  return result;
}

function closing(template: string, open: number): number {
  let depth = 0;
  for (let at = open; at < template.length; at += 1) {
    if (template[at] === '{') depth += 1;
    if (template[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function part(value: Val, key: string): Val {
  const index = /^\d+$/.test(key) ? Number(key) : key;
  const found = isDict(value)
    ? dictGet(value as Dict | PlainDict, index)
    : isList(value) && typeof index === 'number'
      ? value[index]
      : value instanceof Tuple && typeof index === 'number'
        ? value.items[index]
        : undefined;
  if (found === undefined) throw valueFailure(`format() was given a value without '${key}'.`);
  return found;
}

function formatValue(value: Val, spec: string): string {
  use(value);
  if (spec === '') return str(value);
  const parts = SPEC.exec(spec);
  if (parts === null) throw valueFailure(`format() cannot read the format '${spec}'.`);
  const [, fill = ' ', align, sign = '', alternate, zero, width = '0', group, precision, type] = parts;
  boundSize(Number(width));
  const isNumber = isInt(value) || isFloat(value) || (typeof value === 'boolean' && type !== undefined);
  if (isList(value) || isDict(value) || value === null)
    throw typeFailure(`format() cannot use '${spec}' on ${typeName(value)}.`);
  if (!isNumber && type !== undefined && type !== 's')
    throw typeFailure(`format() cannot use '${type}' on ${typeName(value)}.`);
  const digits = precision === undefined ? undefined : Number(precision);
  const body = isNumber
    ? withSign(numberText(value, type, digits, alternate !== undefined, group), sign)
    : Array.from(anyText(value)).slice(0, digits).join('');
  const side = align ?? (zero !== undefined && isNumber ? '=' : isNumber ? '>' : '<');
  return aligned(body, Number(width), side, zero !== undefined && align === undefined ? '0' : fill);
}

function withSign(text: string, sign: string): string {
  return text.startsWith('-') || sign === '' || sign === '-' ? text : sign + text;
}

function numberText(
  value: Val,
  type: string | undefined,
  digits: number | undefined,
  alternate: boolean,
  group: string | undefined,
): string {
  const radix = { b: 2, o: 8, x: 16, X: 16 }[type ?? ''];
  if (type === 's') throw typeFailure(`format() cannot use 's' on ${typeName(value)}.`);
  if (type === 'c') return String.fromCodePoint(number(value, 0));
  if (radix !== undefined || type === 'd' || type === 'n' || (type === undefined && !isFloat(value))) {
    if (isFloat(value)) throw typeFailure(`format() cannot use '${type}' on float.`);
    if (digits !== undefined) throw valueFailure('format() takes no precision for a whole number.');
    const amount = BigInt(value as number | bigint | boolean);
    const magnitude = (amount < 0n ? -amount : amount).toString(radix ?? 10);
    const prefix = alternate && radix !== undefined ? `0${type}` : '';
    const written = type === 'X' ? magnitude.toUpperCase() : magnitude;
    return (amount < 0n ? '-' : '') + prefix + (group === undefined ? written : grouped(written, group));
  }
  const amount = number(value, 0);
  const written = floatBody(value, amount, type, digits, alternate);
  if (group === undefined) return written;
  const whole = /^-?\d*/.exec(written)![0];
  return grouped(whole, group) + written.slice(whole.length);
}

function floatBody(
  value: Val,
  amount: number,
  type: string | undefined,
  digits: number | undefined,
  alternate: boolean,
): string {
  if (type === undefined) {
    if (digits === undefined) return floatText(amount);
    const short = general(amount, digits, alternate);
    return /^-?\d+$/.test(short) && short.replace('-', '').length < digits + 1 && value instanceof Float
      ? `${short}.0`
      : short;
  }
  const lower = type.toLowerCase();
  const written =
    type === '%'
      ? `${fixed(amount * 100, digits ?? 6)}%`
      : lower === 'f'
        ? fixed(amount, digits ?? 6)
        : lower === 'e'
          ? exponential(amount, digits ?? 6)
          : general(amount, digits ?? 6, alternate);
  return type === lower ? written : written.toUpperCase();
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
