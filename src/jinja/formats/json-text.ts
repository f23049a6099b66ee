import { typeFailure } from '../fault.ts';
import { floatText, repr } from '../python/python-text.ts';
import { compare } from '../values/compare.ts';
import { dictPairs } from '../values/dicts.ts';
import { Float, isDict, isFloat, isInt, isList, Tuple, typeName, use, type Val } from '../values/values.ts';

export interface JsonOptions {
  /** Spaces or text for each level; undefined writes everything on one line. */
  readonly indent?: string | undefined;
  readonly sortKeys?: boolean;
  /** Between items, and between a key and its value. */
  readonly separators?: readonly [string, string];
  /** Whether to write only ASCII, with escapes for all else. */
  readonly ascii?: boolean;
}

/** A value as JSON, in the layout of Python's `json.dumps`. */
export function jsonText(value: Val, options: JsonOptions = {}): string {
  return write(value, options, '\n');
}

function write(value: Val, options: JsonOptions, newline: string): string {
  use(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value, options.ascii ?? true);
  if (isFloat(value)) return jsonFloat(value instanceof Float ? value.value : value);
  if (isInt(value)) return String(value);
  if (isList(value)) return list(value, options, newline);
  if (value instanceof Tuple) return list(value.items, options, newline);
  if (isDict(value)) return dict(dictPairs(value), options, newline);
  throw typeFailure(`A value of type ${typeName(value)} cannot be written as JSON.`);
}

function jsonFloat(value: number): string {
  if (Number.isFinite(value)) return floatText(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function list(items: readonly Val[], options: JsonOptions, newline: string): string {
  const inner = newline + (options.indent ?? '');
  return bracketed(
    '[',
    items.map((item) => write(item, options, inner)),
    ']',
    options,
    newline,
  );
}

function dict(pairs: (readonly [Val, Val])[], options: JsonOptions, newline: string): string {
  const inner = newline + (options.indent ?? '');
  const [, colon] = separators(options);
  if (options.sortKeys === true) pairs.sort(([a], [b]) => compare(a, b));
  const members = pairs.map(
    ([key, item]) => `${quoted(keyText(key), options.ascii ?? true)}${colon}${write(item, options, inner)}`,
  );
  return bracketed('{', members, '}', options, newline);
}

function bracketed(
  open: string,
  parts: readonly string[],
  close: string,
  options: JsonOptions,
  newline: string,
): string {
  if (parts.length === 0) return open + close;
  const [comma] = separators(options);
  if (options.indent === undefined) return open + parts.join(comma) + close;
  const inner = newline + options.indent;
  return open + inner + parts.join(comma + inner) + newline + close;
}

function separators(options: JsonOptions): readonly [string, string] {
  return options.separators ?? [options.indent === undefined ? ', ' : ',', ': '];
}

function keyText(key: Val): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean') return String(key);
  if (isFloat(key) || isInt(key)) return repr(key);
  throw typeFailure(`A ${typeName(key)} cannot be the key of a JSON object.`);
}

function quoted(value: string, ascii: boolean): string {
  const text = JSON.stringify(value);
  if (!ascii) return text;
  return text.replace(/[\x7f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
