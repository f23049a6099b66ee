import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Place } from '../diagnostics/diagnostic.ts';

/** Keys and indices from the root of a document down to a value. */
export type Path = readonly (string | number)[];

/** A parsed file with what is needed to turn offsets into places. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  /** The root; null where there is nothing. */
  readonly contents: Node | null;
}

/** Where a path was found: the key that leads to the value (none for list items and the root), and the value. */
interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** The place from one offset to another, cut at the end of the first line. */
export function placeOf(source: Source, start: number, end: number): Place {
  const { line, col } = source.lines.linePos(Math.min(start, source.text.length));
  const rest = /^[^\r\n]*/.exec(source.text.slice(start, Math.max(start, end)))?.[0].trimEnd() ?? '';
  const at = { file: source.file, line: Math.max(1, line), col: Math.max(1, col) };
  return rest === '' ? at : { ...at, endCol: at.col + rest.length };
}

/** The place of a node's own text, without what trails it. */
export function placeOfNode(source: Source, node: Node): Place {
  const [start, end] = node.range ?? [0, 0];
  return placeOf(source, start, end);
}

/** The place of the key or the value at a path; of its nearest existing ancestor when there is none. */
export function placeAt(source: Source, path: Path, what: 'key' | 'value'): Place {
  const { found, whole } = find(source, path);
  const { key, value } = found;
  const isEmpty = value === undefined || value.range?.[0] === value.range?.[1];
  const node = key && (what === 'key' || isEmpty || !whole) ? key : value;
  return node ? placeOfNode(source, node) : placeOf(source, 0, 0);
}

/** The place of a character inside the text of the scalar at a path; line and column count from 1. */
export function placeInside(source: Source, path: Path, line: number, col: number): Place {
  const { found, whole } = find(source, path);
  const scalar = found.value;
  if (!whole || !isScalar(scalar) || typeof scalar.value !== 'string' || !scalar.range) {
    return placeAt(source, path, 'value');
  }
  const before =
    scalar.value
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  const ahead = inkOf(scalar.value.slice(0, before + col - 1));
  const offset = offsetAfterInk(source.text, scalar as Scalar<string>, ahead);
  return placeOf(source, offset, offset + 1);
}

function inkOf(text: string): number {
  return text.replace(/\s/g, '').length;
}

/**
 * The offset of the character that follows `count` visible ones in the source of a scalar. Folding, indentation and
 * escapes only ever change blanks, so counting the visible characters finds the way back from the decoded text.
 */
function offsetAfterInk(text: string, scalar: Scalar<string>, count: number): number {
  const [start, end] = scalar.range!;
  const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
  const isDouble = scalar.type === 'QUOTE_DOUBLE';
  const isSingle = scalar.type === 'QUOTE_SINGLE';
  let at = isBlock ? text.indexOf('\n', start) + 1 : isDouble || isSingle ? start + 1 : start;
  let seen = 0;
  while (at < end) {
    const length = unitLength(text, at, isDouble, isSingle);
    if (!isBlank(text.slice(at, at + length), isDouble)) {
      if (seen === count) return at;
      seen++;
    }
    at += length;
  }
  return Math.max(start, end - 1);
}

function unitLength(text: string, at: number, isDouble: boolean, isSingle: boolean): number {
  if (isSingle && text.startsWith("''", at)) return 2;
  if (!isDouble || text[at] !== '\\') return 1;
  return { x: 4, u: 6, U: 10 }[text[at + 1] ?? ''] ?? 2;
}

function isBlank(unit: string, isDouble: boolean): boolean {
  return isDouble && unit.startsWith('\\')
    ? /^\\(?:[nrtvfNLP_ \t\r\n]|x(?:20|09|0[aAdD])|u00(?:20|09|0[aAdD]))$/.test(unit)
    : /^\s$/.test(unit);
}

function find(source: Source, path: Path): { readonly found: Found; readonly whole: boolean } {
  let found: Found = { key: undefined, value: source.contents ?? undefined };
  for (const step of path) {
    const next = child(source, found.value, step);
    if (!next) return { found, whole: false };
    found = next;
  }
  return { found, whole: true };
}

function child(source: Source, parent: Node | undefined, step: string | number): Found | undefined {
  const node = isAlias(parent) ? aliased(source.contents).get(parent) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item ? { key: undefined, value: item as Node } : undefined;
  }
  if (!isMap(node)) return undefined;
  const { pairs, merged } = indexOf(node as YAMLMap<Node, Node | null>);
  const pair = pairs.get(String(step));
  if (pair) return { key: pair.key, value: pair.value ?? undefined };
  for (const one of merged) {
    const inherited = child(source, one, step);
    if (inherited) return inherited;
  }
  return undefined;
}

const allAliased = new WeakMap<Node, ReadonlyMap<Alias, Node | undefined>>();

/** What each alias stands for, the last node before it with its anchor: the library would look for each one anew. */
function aliased(root: Node | null): ReadonlyMap<Alias, Node | undefined> {
  const known = root && allAliased.get(root);
  if (known) return known;
  const anchored = new Map<string, Node>();
  const found = new Map<Alias, Node | undefined>();
  visit(root, {
    Node: (_, node) => {
      if (isAlias(node)) found.set(node, anchored.get(node.source));
      else if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
  });
  if (root) allAliased.set(root, found);
  return found;
}

/** The keys of a mapping, and what is merged into it. */
interface Index {
  readonly pairs: ReadonlyMap<string, Pair<Node, Node | null>>;
  readonly merged: readonly Node[];
}

const indices = new WeakMap<YAMLMap<Node, Node | null>, Index>();

function indexOf(map: YAMLMap<Node, Node | null>): Index {
  const known = indices.get(map);
  if (known) return known;
  const keyed = map.items.filter((pair) => isScalar(pair.key) && !isMergeKey(pair.key));
  const merged = map.items.flatMap(({ key, value }) => (isMergeKey(key) && value ? [value] : []));
  const index: Index = {
    pairs: new Map(
      keyed.map((pair) => [String((pair.key as unknown as Scalar).value), pair as Pair<Node, Node | null>]),
    ),
    merged: merged.flatMap((value) => (isSeq(value) ? (value.items as Node[]) : [value])),
  };
  indices.set(map, index);
  return index;
}

/** Whether a key is the merge key of YAML 1.1: `<<`, unquoted. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}
