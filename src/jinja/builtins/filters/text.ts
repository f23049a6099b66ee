import { typeFailure, valueFailure } from '../../fault.ts';
import { percentFormat } from '../../python/percent-format.ts';
import { prettyText } from '../../python/pprint.ts';
import { characters, charOf, str, textLength } from '../../python/python-text.ts';
import * as parts from '../../python/text-parts.ts';
import { wrapLine } from '../../python/word-wrap.ts';
import { isIterable, itemsOf, lengthOf } from '../../values/compare.ts';
import { dictPairs, dictSize } from '../../values/dicts.ts';
import { boundSize } from '../../values/limits.ts';
import { type Dict, isDict, Tuple, typeName, use, type Val } from '../../values/values.ts';
import { anyText, flag, listItems, text, whole } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';
import { replaced } from '../methods/text.ts';

const each = (run: (value: string) => string) => filter([], (input) => run(str(input)));

/** Filters on text. */
export const TEXT_FILTERS: Operations = {
  capitalize: each(parts.capitalize),
  center: filter(['width?'], (input, [width]) => {
    boundSize(whole(width, 80));
    return parts.center(str(input), whole(width, 80));
  }),
  e: each(escaped),
  escape: each(escaped),
  forceescape: each(escaped),
  format: filter(['*args', '**named'], (input, [args, named]) =>
    formatted(str(input), listItems(args!), named as Dict),
  ),
  indent: filter(['width?', 'first?', 'blank?'], (input, [width, first, blank]) => {
    const step = typeof width === 'string' ? width : ' '.repeat(Math.max(0, whole(width, 4)));
    return indented(text(input), step, flag(first, false), flag(blank, false));
  }),
  lower: each((value) => value.toLowerCase()),
  pprint: filter([], (input) => prettyText(input)),
  replace: filter(['old', 'new', 'count?'], (input, [old, replacement, count]) =>
    replaced(str(input), anyText(old), anyText(replacement), count === null ? -1 : whole(count, -1)),
  ),
  safe: each((value) => value),
  string: each((value) => value),
  striptags: each((value) => unescaped(value.replace(/<!--[\s\S]*?-->/g, '').replace(/<[^>]*>/g, ''))),
  title: each((value) =>
    value
      .split(/([-\s({[<]+)/)
      .map(parts.capitalize)
      .join(''),
  ),
  trim: filter(['chars?'], (input, [chars]) =>
    chars === undefined || chars === null ? parts.trim(str(input)) : parts.trim(str(input), text(chars)),
  ),
  truncate: filter(['length?', 'killwords?', 'end?', 'leeway?'], (input, [length, killwords, end, leeway]) => {
    const [most, slack] = [whole(length, 255), leeway === null ? 5 : whole(leeway, 5)];
    if (most < textLength(text(end, '...')))
      throw valueFailure("The length of 'truncate' is smaller than its end mark.");
    if (slack < 0) throw valueFailure("The leeway of 'truncate' is negative.");
    return lengthOf(input) <= most + slack
      ? input
      : truncated(text(input), most, flag(killwords, false), text(end, '...'));
  }),
  upper: each((value) => value.toUpperCase()),
  urlencode: filter([], (input) => urlEncoded(input)),
  wordcount: filter([], (input) => str(input).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  wordwrap: filter(
    ['width?', 'break_long_words?', 'wrapstring?', 'break_on_hyphens?'],
    (input, [width, breakLong, wrapString, onHyphens]) => {
      const end = wrapString === null ? '\n' : text(wrapString, '\n');
      const options = { width: whole(width, 79), breakLong: flag(breakLong, true), onHyphens: flag(onHyphens, true) };
      return parts
        .splitLines(text(input))
        .map((line) => wrapLine(line, options).join(end))
        .join(end);
    },
  ),
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

function escaped(value: string): string {
  return value.replace(/[&<>'"]/g, (char) => ENTITIES[char]!);
}

const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
  }),
);

function unescaped(value: string): string {
  return value
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
    .replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g, (all, decimal, hex, name) => {
      if (name !== undefined) return NAMED_ENTITIES.get(name) ?? all;
      return charOf(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
    });
}

function formatted(template: string, args: readonly Val[], named: Dict): string {
  if (dictSize(named) > 0 && args.length > 0)
    throw typeFailure("The filter 'format' takes either positions or names, not both.");
  return percentFormat(template, dictSize(named) > 0 ? named : new Tuple(args));
}

function indented(value: string, step: string, first: boolean, blank: boolean): string {
  const [head = '', ...rest] = parts.splitLines(`${value}\n`);
  boundSize(value.length + step.length * (rest.length + 1));
  const lines = rest.map((line) => (line === '' && !blank ? line : step + line));
  return [first ? step + head : head, ...lines].join('\n');
}

function truncated(value: string, length: number, killWords: boolean, end: string): string {
  const cut = characters(value)
    .slice(0, length - textLength(end))
    .join('');
  return (killWords ? cut : parts.splitAtFromEnd(cut, ' ', 1)[0]!) + end;
}

function urlEncoded(value: Val): string {
  use(value);
  if (typeof value === 'string' || !isIterable(value)) return quoted(str(value), '/');
  const pairs = isDict(value) ? dictPairs(value) : itemsOf(value).map(pairOf);
  return pairs.map(([key, item]) => `${forQuery(str(key))}=${forQuery(str(item))}`).join('&');
}

function pairOf(item: Val): readonly [Val, Val] {
  const pair = itemsOf(item);
  if (pair.length !== 2)
    throw typeFailure(`'urlencode' needs pairs of a key and a value, not a value of type ${typeName(item)}.`);
  return [pair[0]!, pair[1]!];
}

function forQuery(value: string): string {
  return quoted(value, '').replaceAll('%20', '+');
}

function quoted(value: string, keep: string): string {
  return Array.from(new TextEncoder().encode(value), (byte) => {
    const char = String.fromCharCode(byte);
    return /[\w.~-]/.test(char) || keep.includes(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
