import { typeFailure, valueFailure } from '../../fault.ts';
import { str } from '../../python/python-text.ts';
import { splitAt, splitSpace, trimEnd } from '../../python/text-parts.ts';
import { dictGet, dictPairs } from '../../values/dicts.ts';
import { type Dict, ownList } from '../../values/values.ts';
import { type Bound, text, whole } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

/** Filters for text in configuration files and commands. */
export const SHELL_FILTERS: Operations = {
  comment: filter(['style?', '**named'], (input, args) => commented(str(input), args)),
  quote: filter([], (input) => quoted(input === null ? '' : str(input))),
  split: filter(['sep?', 'maxsplit?'], (input, [separator, most]) => {
    const limit = whole(most, -1) < 0 ? Number.MAX_SAFE_INTEGER : whole(most, -1);
    if (separator === undefined || separator === null) return ownList(splitSpace(text(input), limit));
    if (separator === '') throw valueFailure("The separator of 'split' is empty.");
    return ownList(splitAt(text(input), text(separator), limit));
  }),
};

function quoted(value: string): string {
  if (value === '') return "''";
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}

interface Style {
  readonly beginning?: string;
  readonly decoration: string;
  readonly end?: string;
}

const STYLES: ReadonlyMap<string, Style> = new Map(
  Object.entries({
    plain: { decoration: '# ' },
    erlang: { decoration: '% ' },
    c: { decoration: '// ' },
    cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
    xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
  }),
);

const COMMENT_PARTS = [
  'newline',
  'beginning',
  'prefix',
  'prefix_count',
  'decoration',
  'postfix',
  'postfix_count',
  'end',
];

function commented(value: string, [styleName, named]: Bound): string {
  const style = STYLES.get(text(styleName, 'plain'));
  if (style === undefined)
    throw valueFailure(`'comment' knows no style '${text(styleName)}', only ${[...STYLES.keys()].join(', ')}.`);
  const given = named as Dict;
  for (const [name] of dictPairs(given)) {
    if (!COMMENT_PARTS.includes(name as string))
      throw typeFailure(`'comment' has no argument '${String(name)}'; it takes style, ${COMMENT_PARTS.join(', ')}.`);
  }
  const part = (name: string, fallback: string): string => text(dictGet(given, name), fallback);
  const count = (name: string): number => Math.max(0, whole(dictGet(given, name), 1));
  const newline = part('newline', '\n');
  const decoration = part('decoration', style.decoration);
  const edge = trimEnd(decoration);
  const [beginning, end] = [part('beginning', style.beginning ?? ''), part('end', style.end ?? '')];
  const [prefix, postfix] = [part('prefix', edge), part('postfix', edge)];
  const body = (decoration + value.replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    edge + newline,
  );
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : (prefix === newline ? newline : prefix + newline).repeat(count('prefix_count')),
    body,
    (newline + postfix).repeat(count('postfix_count')),
    end === '' ? '' : newline + end,
  ].join('');
}
