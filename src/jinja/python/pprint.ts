import { Failure } from '../fault.ts';
import { compare } from '../values/compare.ts';
import { dictPairs } from '../values/dicts.ts';
import { isDict, isList, Tuple, typeName, type Val } from '../values/values.ts';
import { repr, textLength } from './python-text.ts';

const WIDTH = 80;

/** A value laid out over several lines where it is long, as Python's `pformat` does: dicts sorted by key. */
export function prettyText(value: Val): string {
  return layOut(value, 0, 0);
}

/** `indent` is the column of the value, `after` the room that closing brackets need behind it. */
function layOut(value: Val, indent: number, after: number): string {
  const flat = flatText(value);
  if (textLength(flat) <= WIDTH - indent - after) return flat;
  if (isDict(value)) return `{${dictLines(value, indent + 1, after + 1)}}`;
  if (isList(value)) return `[${itemLines(value, indent + 1, after + 1)}]`;
  if (value instanceof Tuple && value.names.length === 0) {
    const close = value.items.length === 1 ? ',)' : ')';
    return `(${itemLines(value.items, indent + 1, after + close.length)}${close}`;
  }
  return typeof value === 'string' ? textLines(value, indent, after) : flat;
}

/** On one line, with dicts sorted by key. */
function flatText(value: Val): string {
  if (isDict(value)) {
    return `{${sortedPairs(dictPairs(value))
      .map(([key, item]) => `${flatText(key)}: ${flatText(item)}`)
      .join(', ')}}`;
  }
  if (isList(value)) return `[${value.map(flatText).join(', ')}]`;
  if (value instanceof Tuple && value.names.length === 0)
    return value.items.length === 1 ? `(${flatText(value.items[0]!)},)` : `(${value.items.map(flatText).join(', ')})`;
  return repr(value);
}

/** By key; keys of different types go by the names of their types. */
function sortedPairs(pairs: (readonly [Val, Val])[]): (readonly [Val, Val])[] {
  return pairs.toSorted(([a], [b]) => {
    try {
      return compare(a, b);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return typeName(a) < typeName(b) ? -1 : 1;
    }
  });
}

function dictLines(dict: Parameters<typeof dictPairs>[0], indent: number, after: number): string {
  const pairs = sortedPairs(dictPairs(dict));
  return pairs
    .map(([key, item], index) => {
      const label = `${flatText(key)}: `;
      return label + layOut(item, indent + textLength(label), index === pairs.length - 1 ? after : 1);
    })
    .join(`,\n${' '.repeat(indent)}`);
}

function itemLines(items: readonly Val[], indent: number, after: number): string {
  return items
    .map((item, index) => layOut(item, indent, index === items.length - 1 ? after : 1))
    .join(`,\n${' '.repeat(indent)}`);
}

/** A long text as several literals, one after the other. */
function textLines(text: string, indent: number, after: number): string {
  const chunks: string[] = [];
  const lines = text.split(/(?<=\n)/);
  for (const [index, line] of lines.entries()) {
    const room = WIDTH - indent - (index === lines.length - 1 ? after : 0);
    if (textLength(repr(line)) <= room) {
      chunks.push(repr(line));
      continue;
    }
    let current = '';
    for (const part of line.match(/\S*\s*/g) ?? []) {
      if (part === '') continue;
      if (textLength(repr(current + part)) > WIDTH - indent && current !== '') {
        chunks.push(repr(current));
        current = part;
      } else current += part;
    }
    if (current !== '') chunks.push(repr(current));
  }
  if (chunks.length === 1) return repr(text);
  return indent === 0 ? `(${chunks.join('\n ')})` : chunks.join(`\n${' '.repeat(indent)}`);
}
