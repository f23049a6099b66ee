import { typeFailure, valueFailure } from '../../fault.ts';
import { parseFloatText, parseInteger } from '../../python/number-parse.ts';
import { fixed } from '../../python/number-text.ts';
import { str } from '../../python/python-text.ts';
import { negate } from '../../values/arithmetic.ts';
import { numeric } from '../../values/compare.ts';
import { float, int, isFloat, orElse, typeName, Undefined, undefinedFailure, type Val } from '../../values/values.ts';
import { flag, number, text, whole } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

/** Filters on numbers. */
export const NUMBER_FILTERS: Operations = {
  abs: filter([], (input) => {
    const value = numeric(input);
    if (value === undefined) throw typeFailure(`'abs' needs a number, but was given ${typeName(input)}.`);
    if (isFloat(input)) return float(Math.abs(Number(value)));
    return value < 0 ? negate(input) : value;
  }),
  filesizeformat: filter(['binary?'], (input, [binary]) => fileSize(asFloat(input), flag(binary, false))),
  float: filter(['default?'], (input, [fallback]) => {
    const value = typeof input === 'string' ? parseFloatText(input) : numeric(definite(input));
    return value === undefined ? orElse(fallback, float(0)) : float(Number(value));
  }),
  human_readable: filter(['isbits?', 'unit?'], (input, [isBits, unit]) =>
    humanReadable(number(input, 0), flag(isBits, false), unit === null ? '' : text(unit)),
  ),
  human_to_bytes: filter(['default_unit?', 'isbits?'], (input, [unit, isBits]) =>
    humanToBytes(str(input), unit === null ? '' : text(unit), flag(isBits, false)),
  ),
  int: filter(['default?', 'base?'], (input, [fallback, base]) =>
    orElse(toInt(input, whole(base, 10)), orElse(fallback, 0)),
  ),
  log: filter(['base?'], (input, [base]) => {
    const by = number(base, Math.E);
    if (number(input, 0) <= 0) throw valueFailure("'log' needs a number above zero.");
    return float(
      by === 10 ? Math.log10(number(input, 0)) : Math.log(number(input, 0)) / (base === undefined ? 1 : Math.log(by)),
    );
  }),
  pow: filter(['exponent'], (input, [exponent]) => float(number(input, 0) ** number(exponent, 1))),
  root: filter(['base?'], (input, [base]) => {
    if (number(input, 0) < 0) throw valueFailure("'root' needs a number that is not below zero.");
    const by = number(base, 2);
    return float(by === 2 ? Math.sqrt(number(input, 0)) : number(input, 0) ** (1 / by));
  }),
  round: filter(['precision?', 'method?'], (input, [precision, method]) =>
    rounded(input, whole(precision, 0), text(method, 'common')),
  ),
};

/** An empty undefined value is no number, and not one to replace by a default either. */
function definite(value: Val): Val {
  if (value instanceof Undefined) throw undefinedFailure(value);
  return value;
}

function asFloat(value: Val): number {
  const parsed = typeof value === 'string' ? parseFloatText(value) : numeric(value);
  if (parsed === undefined)
    throw typeFailure(`A number was expected, but a value of type ${typeName(value)} was given.`);
  return Number(parsed);
}

function toInt(value: Val, base: number): Val | undefined {
  const parsed =
    typeof value === 'string' ? (parseInteger(value, base) ?? parseFloatText(value)) : numeric(definite(value));
  if (parsed === undefined || (typeof parsed === 'number' && !Number.isFinite(parsed))) return undefined;
  return typeof parsed === 'bigint' ? int(parsed) : int(BigInt(Math.trunc(parsed)));
}

const SIZE_UNITS = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'] as const;

function fileSize(bytes: number, binary: boolean): string {
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (!Number.isFinite(bytes)) throw valueFailure("'filesizeformat' needs a finite number.");
  if (bytes < base) return `${BigInt(Math.trunc(bytes))} Bytes`;
  const index = SIZE_UNITS.findIndex((_, power) => bytes < base ** (power + 2));
  const power = index === -1 ? SIZE_UNITS.length - 1 : index;
  const unit = binary ? `${SIZE_UNITS[power]!.toUpperCase()}iB` : `${SIZE_UNITS[power]}B`;
  return `${fixed((base * bytes) / base ** (power + 2), 1)} ${unit}`;
}

function rounded(value: Val, precision: number, method: string): Val {
  if (!['common', 'ceil', 'floor'].includes(method))
    throw valueFailure("'round' knows the methods common, ceil and floor.");
  const amount = numeric(value);
  if (amount === undefined) throw typeFailure(`'round' needs a number, but was given ${typeName(value)}.`);
  if (method !== 'common') {
    const factor = 10 ** precision;
    const scaled = Number(amount) * factor;
    const cut = method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled);
    return float((cut === 0 ? 0 : cut) / factor);
  }
  if (!isFloat(value)) return precision >= 0 ? amount : roundedInt(BigInt(amount), precision);
  const exact = Number(amount);
  if (!Number.isFinite(exact)) return exact;
  if (precision >= 0) return float(Number(fixed(exact, precision)));
  const factor = 10 ** -precision;
  return float(Number(fixed(exact / factor, 0)) * factor);
}

function roundedInt(value: bigint, precision: number): Val {
  const factor = 10n ** BigInt(-precision);
  const rest = ((value % factor) + factor) % factor;
  const low = value - rest;
  const up = rest * 2n > factor || (rest * 2n === factor && (low / factor) % 2n !== 0n);
  return int(up ? low + factor : low);
}

const RANGES = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K', 'B'] as const;

function rangeSize(letter: string): number {
  return 2 ** (10 * (RANGES.length - 1 - RANGES.indexOf(letter as (typeof RANGES)[number])));
}

function humanReadable(size: number, isBits: boolean, unit: string): string {
  const letter = RANGES.find((range) => (unit === '' ? size >= rangeSize(range) : unit.toUpperCase() === range)) ?? 'B';
  const base = isBits ? 'bits' : 'Bytes';
  return `${fixed(size / rangeSize(letter), 2)} ${letter === 'B' ? base : letter + base[0]}`;
}

function humanToBytes(value: string, defaultUnit: string, isBits: boolean): Val {
  const parts = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(value);
  if (parts === null || parts[1] === '') throw valueFailure("'human_to_bytes' cannot read its input as a size.");
  const unit = parts[2] ?? defaultUnit;
  if (unit === '') return int(BigInt(Math.round(Number(parts[1]))));
  const letter = unit[0]!.toUpperCase();
  const full = isBits ? ['b', 'bit', 'bits'] : ['B', 'BYTE', 'BYTES', 'byte', 'Byte', 'bytes', 'Bytes'];
  const known =
    RANGES.includes(letter as (typeof RANGES)[number]) &&
    (unit.length === 1 ||
      unit.slice(1) === (isBits ? 'b' : 'B') ||
      full.includes(unit) ||
      full.includes(unit.slice(1)));
  if (!known) throw valueFailure(`'human_to_bytes' does not know the unit '${unit}'.`);
  return int(BigInt(Math.round(Number(parts[1]) * (letter === 'B' ? 1 : rangeSize(letter)))));
}
