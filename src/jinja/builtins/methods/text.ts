import { Failure, typeFailure, valueFailure } from '../../fault.ts';
import { braceFormat } from '../../python/brace-format.ts';
import { characters, textLength } from '../../python/python-text.ts';
import * as parts from '../../python/text-parts.ts';
import { itemsOf } from '../../values/compare.ts';
import { boundSize } from '../../values/limits.ts';
import { type Opaque, ownList, Tuple, type Val } from '../../values/values.ts';
import { type Bound, functionOf, listItems, text, whole } from '../arguments.ts';

interface Method {
  readonly params: readonly string[];
  readonly run: (self: string, args: Bound) => Val;
}

const plain = (run: (self: string) => Val): Method => ({ params: [], run });
const matches = (pattern: RegExp): Method => plain((self) => pattern.test(self));

/** The part between two positions, which may count from the end. */
function window(self: string, start: Val | undefined, end: Val | undefined): { piece: string; offset: number } {
  const all = characters(self);
  const at = (value: Val | undefined, fallback: number): number => {
    const index = value === null ? fallback : whole(value, fallback);
    return index < 0 ? Math.max(0, index + all.length) : index;
  };
  const offset = at(start, 0);
  return { piece: offset > all.length ? '\0' : all.slice(offset, at(end, all.length)).join(''), offset };
}

const find = (last: boolean, mustBe: boolean): Method => ({
  params: ['sub', 'start?', 'end?'],
  run: (self, [sub, start, end]) => {
    const { piece, offset } = window(self, start, end);
    const index = last ? piece.lastIndexOf(text(sub)) : piece.indexOf(text(sub));
    if (index === -1 && mustBe) throw valueFailure('The text that index() looks for is not there.');
    return index === -1 ? -1 : offset + textLength(piece.slice(0, index));
  },
});

const edge = (test: (self: string, piece: string) => boolean): Method => ({
  params: ['prefix', 'start?', 'end?'],
  run: (self, [prefix, start, end]) => {
    const { piece } = window(self, start, end);
    const choices: readonly Val[] = prefix instanceof Tuple ? prefix.items : [prefix!];
    return choices.some((choice) => test(piece, text(choice)));
  },
});

const strip = (run: (self: string, chars?: string) => string): Method => ({
  params: ['chars?'],
  run: (self, [chars]) => (chars === undefined || chars === null ? run(self) : run(self, text(chars))),
});

const split = (
  bySpace: (self: string, limit: number) => string[],
  bySeparator: (self: string, separator: string, limit: number) => string[],
): Method => ({
  params: ['sep?', 'maxsplit?'],
  run: (self, [sep, maxsplit]) => {
    const given = whole(maxsplit, -1);
    const limit = given < 0 ? Number.MAX_SAFE_INTEGER : given;
    if (sep === undefined || sep === null) return ownList(bySpace(self, limit));
    if (sep === '') throw valueFailure('The separator of split() is empty.');
    return ownList(bySeparator(self, text(sep), limit));
  },
});

const pad = (run: (self: string, width: number, fill: string) => string): Method => ({
  params: ['width', 'fillchar?'],
  run: (self, [width, fill]) => {
    boundSize(whole(width, 0));
    if (textLength(text(fill, ' ')) !== 1) throw typeFailure('The fill character must be one character.');
    return run(self, whole(width, 0), text(fill, ' '));
  },
});

const partition = (find: (self: string, sep: string) => number, restLast: boolean): Method => ({
  params: ['sep'],
  run: (self, [sep]) => {
    const separator = text(sep);
    if (separator === '') throw valueFailure('The separator of partition() is empty.');
    const index = find(self, separator);
    if (index === -1) return new Tuple(restLast ? ['', '', self] : [self, '', '']);
    return new Tuple([self.slice(0, index), separator, self.slice(index + separator.length)]);
  },
});

const missingWidth = (self: string, width: number): number => Math.max(0, width - textLength(self));

const METHODS: Readonly<Record<string, Method>> = {
  capitalize: plain(parts.capitalize),
  casefold: plain((self) => self.toLowerCase().replaceAll('ß', 'ss')),
  center: pad(parts.center),
  count: {
    params: ['sub', 'start?', 'end?'],
    run: (self, [sub, start, end]) => parts.countText(window(self, start, end).piece, text(sub)),
  },
  endswith: edge((self, piece) => self.endsWith(piece)),
  expandtabs: { params: ['tabsize?'], run: (self, [size]) => expandTabs(self, whole(size, 8)) },
  find: find(false, false),
  format: {
    params: ['*args', '**named'],
    run: (self, [args, named]) => braceFormat(self, listItems(args!), named!),
  },
  index: find(false, true),
  isalnum: matches(/^[\p{L}\p{N}]+$/u),
  isalpha: matches(/^\p{L}+$/u),
  isascii: matches(/^[\x00-\x7f]*$/),
  isdecimal: matches(/^\p{Nd}+$/u),
  isdigit: matches(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u),
  isidentifier: matches(/^[\p{L}_][\p{L}\p{N}\p{Mn}_]*$/u),
  islower: plain(parts.isLowerCase),
  isnumeric: matches(/^\p{N}+$/u),
  isprintable: plain((self) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(self)),
  isspace: matches(new RegExp(`^[${parts.SPACE}]+$`)),
  istitle: plain(parts.isTitleCase),
  isupper: plain(parts.isUpperCase),
  join: {
    params: ['iterable'],
    run: (self, [iterable]) => {
      const joined = itemsOf(iterable!)
        .map((item) => text(item))
        .join(self);
      boundSize(joined.length);
      return joined;
    },
  },
  ljust: pad((self, width, fill) => self + fill.repeat(missingWidth(self, width))),
  lower: plain((self) => self.toLowerCase()),
  lstrip: strip(parts.trimStart),
  partition: partition((self, sep) => self.indexOf(sep), false),
  removeprefix: {
    params: ['prefix'],
    run: (self, [prefix]) => (self.startsWith(text(prefix)) ? self.slice(text(prefix).length) : self),
  },
  removesuffix: {
    params: ['suffix'],
    run: (self, [suffix]) =>
      text(suffix) !== '' && self.endsWith(text(suffix)) ? self.slice(0, -text(suffix).length) : self,
  },
  replace: {
    params: ['old', 'new', 'count?'],
    run: (self, [old, replacement, count]) => replaced(self, text(old), text(replacement), whole(count, -1)),
  },
  rfind: find(true, false),
  rindex: find(true, true),
  rjust: pad((self, width, fill) => fill.repeat(missingWidth(self, width)) + self),
  rpartition: partition((self, sep) => self.lastIndexOf(sep), true),
  rsplit: split(parts.splitSpaceFromEnd, parts.splitAtFromEnd),
  rstrip: strip(parts.trimEnd),
  split: split(parts.splitSpace, parts.splitAt),
  splitlines: {
    params: ['keepends?'],
    run: (self, [keepends]) => ownList(parts.splitLines(self, whole(keepends, 0) !== 0)),
  },
  startswith: edge((self, piece) => self.startsWith(piece)),
  strip: strip(parts.trim),
  swapcase: plain(parts.swapCase),
  title: plain(parts.titleCase),
  upper: plain((self) => self.toUpperCase()),
  zfill: {
    params: ['width'],
    run: (self, [width]) => {
      boundSize(whole(width, 0));
      const sign = /^[+-]/.exec(self)?.[0] ?? '';
      return sign + '0'.repeat(missingWidth(self, whole(width, 0))) + self.slice(sign.length);
    },
  },
};

const REFUSED = new Set(['encode', 'format_map', 'maketrans', 'translate']);

/** Replaces after making sure that the result stays within bounds. */
export function replaced(self: string, old: string, replacement: string, count: number): string {
  const most = Math.min(parts.countText(self, old), count < 0 ? Number.POSITIVE_INFINITY : count);
  boundSize(self.length + most * Math.max(0, replacement.length - old.length));
  return parts.replaceText(self, old, replacement, count);
}

function expandTabs(self: string, size: number): string {
  boundSize(self.length * Math.max(1, size));
  let column = 0;
  return characters(self)
    .map((char) => {
      if (char === '\n' || char === '\r') column = -1;
      const width = char !== '\t' ? 1 : size <= 0 ? 0 : size - (column % size);
      column += width;
      return char === '\t' ? ' '.repeat(width) : char;
    })
    .join('');
}

/** A method of text by its name, ready to be called. */
export function textMethod(self: string, name: string): Opaque | undefined {
  if (REFUSED.has(name)) throw new Failure('unsupported', `The method ${name}() of text is not supported.`);
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  return method && functionOf(name, method.params, (args) => method.run(self, args));
}
