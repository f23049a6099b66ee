import { Alias, isAlias, isScalar, isSeq, type Node, Pair, type Range, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** What a node is beside its content. */
interface Marks {
  readonly at: Range | null;
  readonly anchor?: string;
  readonly tag?: string;
}

/** A node as plain data, which JSON can hold. */
export type Packed = Marks &
  (
    | { readonly is: 'scalar'; readonly value: unknown; readonly type: Scalar.Type }
    | { readonly is: 'alias'; readonly source: string }
    | { readonly is: 'seq'; readonly items: readonly (Packed | null)[]; readonly flow: boolean }
    | { readonly is: 'map'; readonly items: readonly (Packed | null)[]; readonly flow: boolean }
  );

/** A node without what only the parser needs. The keys and values of a mapping take turns. */
export function pack(node: Node): Packed {
  const at = node.range ?? null;
  if (isAlias(node)) return { is: 'alias', at, source: node.source };
  const { anchor, tag } = node as Scalar | YAMLMap | YAMLSeq;
  const marks = { at, ...(anchor !== undefined && { anchor }), ...(tag !== undefined && { tag }) };
  if (isScalar(node)) return { is: 'scalar', ...marks, value: node.value, type: node.type as Scalar.Type };
  if (isSeq(node)) return { is: 'seq', ...marks, items: node.items.map(packEach), flow: node.flow === true };
  const { items, flow } = node as YAMLMap;
  return {
    is: 'map',
    ...marks,
    items: items.flatMap(({ key, value }) => [key, value].map(packEach)),
    flow: flow === true,
  };
}

function packEach(node: unknown): Packed | null {
  return node ? pack(node as Node) : null;
}

/** The node that was packed; null for none. */
export function unpack(packed: Packed | null): Node | null {
  if (packed === null) return null;
  const node = bare(packed);
  node.range = packed.at;
  if (packed.is === 'alias') return node;
  if (packed.anchor !== undefined) (node as Scalar).anchor = packed.anchor;
  if (packed.tag !== undefined) node.tag = packed.tag;
  return node;
}

function bare(packed: Packed): Scalar | Alias | YAMLSeq | YAMLMap {
  if (packed.is === 'alias') return new Alias(packed.source);
  if (packed.is === 'scalar') {
    const scalar = new Scalar(packed.value);
    scalar.type = packed.type;
    return scalar;
  }
  const nodes = packed.items.map(unpack);
  if (packed.is === 'seq') {
    const seq = new YAMLSeq();
    seq.items = nodes;
    seq.flow = packed.flow;
    return seq;
  }
  const map = new YAMLMap();
  for (let at = 0; at < nodes.length; at += 2) map.items.push(new Pair(nodes[at], nodes[at + 1]));
  map.flow = packed.flow;
  return map;
}
