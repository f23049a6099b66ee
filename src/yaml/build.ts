import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isMergeKey, placeOf, placeOfNode, type Source } from './locate.ts';
import { resolvePlain } from './scalar.ts';
import { bareTemplate } from './syntax-faults.ts';

/** Nodes that aliases may add beyond those written in the file; a file that needs more is a bomb. */
const ALIAS_BUDGET = 100_000;
const STANDARD = 'tag:yaml.org,2002:';

interface Built {
  readonly value: unknown;
  /** Nodes in it, with aliases counted as often as they are used. */
  readonly size: number;
}

interface Builder {
  readonly source: Source;
  readonly faults: Diagnostic[];
  /** What anchors stand for so far; null while the anchored node itself is being built. */
  readonly anchors: Map<string, Built | null>;
  aliased: number;
}

/** The plain value of a parsed document, and every fault that its syntax allows but its meaning does not. */
export function build(source: Source): { readonly value: unknown; readonly faults: readonly Diagnostic[] } {
  const builder: Builder = { source, faults: [], anchors: new Map(), aliased: 0 };
  const { value } = buildNode(builder, source.contents);
  return { value, faults: builder.faults };
}

function buildNode(builder: Builder, node: Node | null): Built {
  if (node === null) return { value: null, size: 1 };
  if (isAlias(node)) return followAlias(builder, node);
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) builder.anchors.set(anchor, null);
  const built = isMap(node)
    ? buildMap(builder, node as YAMLMap<Node, Node | null>)
    : isSeq(node)
      ? buildSeq(builder, node.items as Node[], node)
      : buildScalar(builder, node as Scalar<string>);
  if (anchor !== undefined) builder.anchors.set(anchor, built);
  return built;
}

function followAlias(builder: Builder, node: Node & { readonly source: string }): Built {
  const built = builder.anchors.get(node.source);
  if (built === undefined) {
    report(builder, node, 'unknown-alias', `No anchor "&${node.source}" stands before this alias.`);
  } else if (built === null) {
    report(builder, node, 'alias-loop', `The alias "*${node.source}" stands inside what it refers to.`);
  } else {
    const before = builder.aliased;
    builder.aliased += built.size;
    if (builder.aliased <= ALIAS_BUDGET) return built;
    if (before <= ALIAS_BUDGET) {
      report(builder, node, 'alias-bomb', `Aliases blow this file up to more than ${ALIAS_BUDGET} values.`);
    }
  }
  return { value: null, size: 1 };
}

function buildSeq(builder: Builder, items: readonly Node[], node: Node): Built {
  checkTag(builder, node, ['seq']);
  const built = items.map((item) => buildNode(builder, item));
  return { value: built.map((one) => one.value), size: built.reduce((sum, one) => sum + one.size, 1) };
}

function buildMap(builder: Builder, node: YAMLMap<Node, Node | null>): Built {
  checkTag(builder, node, ['map']);
  if (refuseBareTemplate(builder, node)) return { value: null, size: 1 };
  const own = new Map<string, unknown>();
  const firsts = new Map<string, Node>();
  const merged: Readonly<Record<string, unknown>>[] = [];
  let size = 1;
  for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
    const name = keyName(builder, key, node);
    const built = buildNode(builder, value);
    size += built.size;
    if (isMergeKey(key)) merged.push(...mergeSources(builder, value ?? key, built.value));
    else if (name !== undefined) {
      const first = firsts.get(name);
      if (first) reportDuplicate(builder, key, name, first);
      else firsts.set(name, key);
      own.set(name, built.value);
    }
  }
  const value: Record<string, unknown> = {};
  for (const one of merged.reverse()) Object.assign(value, one);
  for (const [name, one] of own) value[name] = one;
  return { value, size };
}

/** The text of a key exactly as written: `on:`, `1:` and `null:` are names, never values. */
function keyName(builder: Builder, key: Node | null, parent: Node): string | undefined {
  if (isScalar(key) && typeof key.value === 'string' && key.value !== '' && !isReserved(key.value)) {
    checkTag(builder, key, ['str', 'int', 'float', 'bool', 'null']);
    return key.value;
  }
  const shown = isScalar(key) && key.value !== '' ? `The key "${String(key.value)}"` : 'A list, mapping or nothing';
  report(builder, key ?? parent, 'bad-key', `${shown} cannot be a key.`, 'Use a text as the key.');
  return undefined;
}

function isReserved(name: string): boolean {
  return name === '__proto__';
}

function mergeSources(builder: Builder, node: Node, value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const sources = Array.isArray(value) ? value : [value];
  if (sources.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))) return sources;
  report(builder, node, 'bad-merge', 'Only a mapping, or a list of mappings, can be merged with "<<".');
  return [];
}

function buildScalar(builder: Builder, node: Scalar<string>): Built {
  const tag = checkTag(builder, node, ['str', 'int', 'float', 'bool', 'null']);
  if (tag === 'str' || (tag === undefined && node.type !== 'PLAIN')) return { value: node.value, size: 1 };
  const resolved = resolvePlain(node.value);
  if ('doubt' in resolved) {
    report(builder, node, 'ambiguous-number', resolved.doubt, `Put it in quotes: "${node.value}".`);
    return { value: node.value, size: 1 };
  }
  if (tag !== undefined && tag !== typeName(resolved.value, tag)) {
    report(builder, node, 'bad-tag', `"${node.value}" is not what its tag !!${tag} says.`);
  }
  return { value: resolved.value, size: 1 };
}

function typeName(value: string | number | boolean | null, wanted: string): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return wanted === 'float' || !Number.isInteger(value) ? 'float' : 'int';
  return typeof value === 'boolean' ? 'bool' : 'str';
}

/** The short name of a standard tag that fits the node; every other tag is refused. */
function checkTag(builder: Builder, node: Node, fitting: readonly string[]): string | undefined {
  const tag = node.tag;
  if (tag === undefined || tag === '!') return tag === '!' && isScalar(node) ? 'str' : undefined;
  const short = tag.startsWith(STANDARD) ? tag.slice(STANDARD.length) : undefined;
  if (short !== undefined && fitting.includes(short)) return short;
  const shown = short === undefined ? tag : `!!${short}`;
  const at = placeOfTag(builder.source, node, shown);
  const fault = { severity: 'error', at } as const;
  if (tag === '!vault') {
    const what = 'This value is encrypted with ansible-vault, which hadeploy does not read.';
    const mend = 'Decrypt it with `ansible-vault decrypt`, and keep the plain value where only you can read it.';
    builder.faults.push({ code: 'vault-value', ...fault, what, mend });
  } else if (tag === '!unsafe') {
    const what = 'The tag !unsafe is not supported.';
    const mend = 'Remove it, and put text that must not be templated between {% raw %} and {% endraw %}.';
    builder.faults.push({ code: 'unsafe-tag', ...fault, what, mend });
  } else {
    const why = 'Understood are !!str, !!int, !!float, !!bool, !!null, !!seq and !!map, each on a fitting value.';
    builder.faults.push({ code: 'unknown-tag', ...fault, what: `The tag ${shown} is not understood here.`, why });
  }
  return 'str';
}

/** A tag stands before its node, on the same line or the one above. */
function placeOfTag(source: Source, node: Node, shown: string) {
  const start = node.range?.[0] ?? 0;
  const at = source.text.lastIndexOf(shown, start);
  return at < 0 || start - at > shown.length + 80 ? placeOfNode(source, node) : placeOf(source, at, at + shown.length);
}

/** `key: {{ x }}` is a mapping whose key is a mapping to YAML; the user meant a template. */
function refuseBareTemplate(builder: Builder, node: YAMLMap<Node, Node | null>): boolean {
  const start = node.range?.[0] ?? 0;
  if (!node.flow || !isMap(node.items[0]?.key) || !builder.source.text.startsWith('{{', start)) return false;
  builder.faults.push(bareTemplate(placeOfNode(builder.source, node)));
  return true;
}

function reportDuplicate(builder: Builder, key: Node, name: string, first: Node): void {
  const { line } = placeOfNode(builder.source, first);
  const what = `The key "${name}" is given twice; the first is on line ${line}.`;
  report(builder, key, 'duplicate-key', what, 'Remove one of them, or join their values.');
}

function report(builder: Builder, node: Node, code: string, what: string, mend?: string, why?: string): void {
  const at = placeOfNode(builder.source, node);
  builder.faults.push({ code, severity: 'error', what, at, ...(why && { why }), ...(mend && { mend }) });
}
