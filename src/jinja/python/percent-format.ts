import { anyText, number } from '../builtins/arguments.ts';
import { typeFailure, valueFailure } from '../fault.ts';
import { dictGet } from '../values/dicts.ts';
import { boundSize } from '../values/limits.ts';
import { isDict, isFloat, isInt, isList, Tuple, typeName, use, type Val } from '../values/values.ts';
import { exponential, fixed, general, pointed, zeroFilled } from './number-text.ts';
import { ascii, charOf, repr, textLength } from './python-text.ts';

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S])?/g;

interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

/** Python's `'…%s…' % values`. */
export function percentFormat(template: string, values: Val): string {
  use(values);
  const positional: readonly Val[] = values instanceof Tuple ? values.items : [values];
  let next = 0;
  let named = false;
  const take = (): Val => {
    const value = positional[next];
    if (value === undefined) throw typeFailure('There are fewer values than the format text has places for.');
    next += 1;
    return value;
  };
  const amount = (written: string | undefined): number | undefined => {
    if (written === undefined) return undefined;
    const given = written === '*' ? number(take(), 0) : Number(written);
    boundSize(Math.abs(given));
    return given;
  };
  const result = template.replace(DIRECTIVE, (_all, key, flags: string, width, precision, conversion) => {
    if (conversion === undefined) throw valueFailure('The format text ends within a % directive.');
    if (conversion === '%') return '%';
    const wide = amount(width) ?? 0;
    const directive = {
      flags: wide < 0 ? `${flags}-` : flags,
      width: Math.abs(wide),
      precision: amount(precision),
      conversion,
    };
    if (key !== undefined) named = true;
    const value = key === undefined ? take() : byName(values, key);
    return padded(converted(value, directive), directive);
  });
  const allUsed = named || next >= positional.length || isDict(values) || isList(values);
  if (!allUsed) throw typeFailure('There are more values than the format text has places for.');
  boundSize(result.length);
  return result;
}

function byName(values: Val, key: string): Val {
  if (!isDict(values))
    throw typeFailure(`The format text wants a dict for %(${key}), but was given ${typeName(values)}.`);
  const value = dictGet(values, key);
  if (value === undefined) throw valueFailure(`The format text wants '${key}', which the values do not have.`);
  return value;
}

function converted(value: Val, directive: Directive): string {
  const { conversion, precision, flags } = directive;
  if (conversion === 's') return cut(anyText(value), precision);
  if (conversion === 'r') return cut(repr(value), precision);
  if (conversion === 'a') return cut(ascii(value), precision);
  if (conversion === 'c') return character(value);
  if ('diuoxX'.includes(conversion)) return signed(integer(value, directive), flags);
  const digits = precision ?? 6;
  const amount = number(value, 0);
  const lower = conversion.toLowerCase();
  const formatted =
    lower === 'f'
      ? fixed(amount, digits)
      : lower === 'e'
        ? exponential(amount, digits)
        : lower === 'g'
          ? general(amount, digits, flags.includes('#'))
          : undefined;
  if (formatted === undefined) throw valueFailure(`A format text cannot have %${conversion}.`);
  const complete = pointed(formatted, flags.includes('#'));
  return signed(conversion === lower ? complete : complete.toUpperCase(), flags);
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

function character(value: Val): string {
  if (typeof value === 'string' && textLength(value) === 1) return value;
  if (isInt(value)) return charOf(Number(value));
  throw typeFailure(`%c wants one character or its number, but was given ${typeName(value)}.`);
}

function integer(value: Val, { conversion, precision, flags }: Directive): string {
  use(value);
  const decimal = 'diu'.includes(conversion);
  const accepted = isInt(value) || typeof value === 'boolean' || (decimal && isFloat(value));
  if (!accepted) throw typeFailure(`%${conversion} wants a number, but was given ${typeName(value)}.`);
  const amount = typeof value === 'bigint' ? value : BigInt(finite(number(value, 0)));
  const radix = decimal ? 10 : conversion === 'o' ? 8 : 16;
  const digits = (amount < 0n ? -amount : amount).toString(radix).padStart(precision ?? 0, '0');
  const prefix = !flags.includes('#') || decimal ? '' : conversion === 'o' ? '0o' : '0x';
  const written = (amount < 0n ? '-' : '') + prefix + digits;
  return conversion === 'X' ? written.toUpperCase() : written;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return Math.trunc(value);
  throw valueFailure('A format text wants a whole number, but was given one that is not finite.');
}

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function padded(text: string, { flags, width, conversion }: Directive): string {
  const missing = Math.max(0, width - textLength(text));
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (flags.includes('0') && !'srac'.includes(conversion)) return zeroFilled(text, width);
  return ' '.repeat(missing) + text;
}
