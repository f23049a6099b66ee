import { parseJson } from '../../formats/json-parse.ts';
import { type JsonOptions, jsonText } from '../../formats/json-text.ts';
import { boundSize } from '../../values/limits.ts';
import { isInt, type Val } from '../../values/values.ts';
import { type Bound, flag, listItems, text, whole } from '../arguments.ts';
import { filter, type Operations } from '../builtin.ts';

const KEYWORDS = ['indent?', 'sort_keys?', 'separators?', 'ensure_ascii?'];

/** Filters to and from JSON. */
export const JSON_FILTERS: Operations = {
  from_json: filter([], (input) => parseJson(text(input))),
  to_json: filter(['*none', ...KEYWORDS], (input, [, ...keywords]) => write(input, options(keywords))),
  to_nice_json: filter(KEYWORDS, (input, [indent, sortKeys, ...rest]) =>
    write(input, {
      separators: [',', ': '],
      ...options([indent === undefined ? 4 : indent, sortKeys ?? true, ...rest]),
    }),
  ),
  tojson: filter(['indent?'], (input, [indent]) =>
    write(input, options([indent, true])).replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
  ),
};

function options([indent, sortKeys, separators, ascii]: Bound): JsonOptions {
  const between =
    separators === undefined || separators === null ? undefined : listItems(separators).map((part) => text(part));
  return {
    indent: indentText(indent),
    sortKeys: flag(sortKeys, false),
    ascii: flag(ascii, true),
    ...(between !== undefined && { separators: [between[0] ?? ', ', between[1] ?? ': '] }),
  };
}

function indentText(indent: Val | undefined): string | undefined {
  if (indent === undefined || indent === null) return undefined;
  if (!isInt(indent)) return text(indent);
  boundSize(whole(indent, 0));
  return ' '.repeat(Math.max(0, whole(indent, 0)));
}

function write(input: Val, how: JsonOptions): string {
  const written = jsonText(input, how);
  boundSize(written.length);
  return written;
}
