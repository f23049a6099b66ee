import type { Place, TemplateText } from '../fault.ts';
import type { Body, Expr } from './ast.ts';
import { type LexOptions, lexExpression, lexTemplate } from './lex.ts';
import { parseTuple } from './parse-expression.ts';
import { parseBody } from './parse-statement.ts';
import { shipped } from './shipped.ts';
import { peek, streamOf, syntaxAt, unexpected } from './token-stream.ts';

/** Trees as JSON, by what they are trees of. */
export type Trees = Readonly<Record<string, string>>;

/** The tree of a template. */
export function templateTree(text: TemplateText, options: LexOptions, trees: Trees = shipped): Body {
  return (
    (kept(text, keyOf(text.text, options), trees) as Body) ?? parseBody(streamOf(text, lexTemplate(text, options)))
  );
}

/** The tree of an expression that stands alone, without `{{ }}`. */
export function expressionTree(text: TemplateText, trees: Trees = shipped): Expr {
  return (kept(text, keyOf(text.text), trees) as Expr) ?? parsedExpression(text);
}

/** The key and the JSON of a tree: of a template where `options` are given, else of an expression. */
export function packedTree(text: string, options?: LexOptions): readonly [key: string, json: string] {
  const source: TemplateText = { text, name: undefined };
  const tree = options ? templateTree(source, options, {}) : expressionTree(source, {});
  return [keyOf(text, options), JSON.stringify(tree, packed)];
}

function parsedExpression(text: TemplateText): Expr {
  const brace = /^\s*(\{\{|\{%)/.exec(text.text);
  if (brace !== null) {
    const start = brace[0].length - 2;
    const place = { source: text, start, end: start + 2 };
    throw syntaxAt(place, `An expression is written without '${brace[1]}'.`, { mend: 'Leave out the braces.' });
  }
  const stream = streamOf(text, lexExpression(text));
  const node = parseTuple(stream, () => false);
  if (peek(stream).kind !== 'end') throw unexpected(stream, 'The end of the expression');
  return node;
}

function keyOf(text: string, options?: LexOptions): string {
  if (options === undefined) return `expression ${text}`;
  return `template${options.trimBlocks ? ' trimmed' : ''}${options.lstripBlocks ? ' stripped' : ''} ${text}`;
}

/** A place of which only the offsets are kept. */
type PackedPlace = readonly [start: number, end: number];

function packed(key: string, value: unknown): unknown {
  if (key === 'place') return [(value as Place).start, (value as Place).end] satisfies PackedPlace;
  return typeof value === 'bigint' ? String(value) : value;
}

function kept(source: TemplateText, key: string, trees: Trees): unknown {
  const json = Object.hasOwn(trees, key) ? trees[key] : undefined;
  if (json === undefined) return undefined;
  const tree: unknown = JSON.parse(json);
  unpack(tree, source);
  return tree;
}

/** Puts places and whole numbers back into a tree that came from JSON. */
function unpack(tree: unknown, source: TemplateText): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    for (const part of tree) unpack(part, source);
    return;
  }
  const node = tree as Record<string, unknown>;
  for (const key of Object.keys(node)) {
    if (key !== 'place') unpack(node[key], source);
    else {
      const [start, end] = node[key] as PackedPlace;
      node[key] = { source, start, end } satisfies Place;
    }
  }
  if (node['kind'] === 'int') node['value'] = BigInt(node['value'] as string);
}
