import { valueFailure } from '../fault.ts';
import { dictPairs } from '../values/dicts.ts';
import {
  Float,
  isDict,
  isFloat,
  isList,
  notData,
  Opaque,
  Range,
  Tuple,
  Undefined,
  use,
  type Val,
  View,
} from '../values/values.ts';

/** A value as Python's `str()` writes it: what `{{ }}` prints. */
export function str(value: Val): string {
  if (value instanceof Undefined && value.isEmpty) return '';
  return typeof value === 'string' ? value : repr(value);
}

/** A value as Python's `repr()` writes it. */
export function repr(value: Val): string {
  use(value);
  if (typeof value === 'string') return quoted(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isFloat(value)) return floatText(value instanceof Float ? value.value : value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (isList(value)) return `[${value.map(repr).join(', ')}]`;
  if (value instanceof Tuple) return tupleText(value.items);
  if (isDict(value)) {
    return `{${dictPairs(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(', ')}}`;
  }
  if (value instanceof View) return `${value.kind}([${value.items.map(repr).join(', ')}])`;
  if (value instanceof Range) {
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
  }
  if (!(value instanceof Opaque)) return 'Undefined';
  throw notData(value);
}

function tupleText(items: readonly Val[]): string {
  return items.length === 1 ? `(${repr(items[0]!)},)` : `(${items.map(repr).join(', ')})`;
}

/** A value as Python's `ascii()` writes it: as `repr`, with escapes for all but ASCII. */
export function ascii(value: Val): string {
  return repr(value).replace(/[^\x00-\x7f]/gu, (char) => escaped(char.codePointAt(0)!));
}

/** A float with the shortest digits that give it back, in Python's notation. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16) {
    const plain = exponent < 0 ? value.toFixed(fractionDigits(digits) - exponent) : String(value);
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function fractionDigits(digits: string): number {
  return digits.replace('-', '').replace('.', '').length - 1;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text in quotes, with what cannot be printed written as escapes. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const char of text) {
    if (char === quote) result += `\\${quote}`;
    else if (ESCAPES[char] !== undefined) result += ESCAPES[char];
    else if (char !== ' ' && /[\p{C}\p{Z}]/u.test(char)) result += escaped(char.codePointAt(0)!);
    else result += char;
  }
  return result + quote;
}

function escaped(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** The character of a number. */
export function charOf(code: number): string {
  if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code);
  throw valueFailure(`There is no character with the number ${code}.`);
}

/** The characters of a text as Python counts them: code points, not UTF-16 units. */
export function characters(text: string): readonly string[] {
  return isBasic(text) ? text.split('') : Array.from(text);
}

/** Length of a text in code points. */
export function textLength(text: string): number {
  return isBasic(text) ? text.length : Array.from(text).length;
}

function isBasic(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}
