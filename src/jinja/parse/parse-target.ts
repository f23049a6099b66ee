import type { Expr, Parameters, Target } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import { isReserved } from './parse-primary.ts';
import {
  expectKind,
  expectOperator,
  isOperator,
  next,
  peek,
  placeFrom,
  skipOperator,
  syntaxAt,
  type TokenStream,
  unexpected,
} from './token-stream.ts';

/** What is assigned to: names, attributes of namespaces, and tuples of them. */
export function parseTarget(stream: TokenStream, atEnd: () => boolean): Target {
  const { start } = peek(stream);
  const items: Target[] = [];
  let isTuple = false;
  while (!atEnd()) {
    items.push(parseOneTarget(stream));
    if (!skipOperator(stream, ',')) break;
    isTuple = true;
  }
  if (items.length === 0) throw unexpected(stream, 'A name');
  return isTuple ? { kind: 'tuple', items, place: placeFrom(stream, start) } : items[0]!;
}

/** One name, an attribute of a namespace, or targets in parentheses. */
export function parseOneTarget(stream: TokenStream): Target {
  const { start } = peek(stream);
  if (isOperator(stream, '(')) {
    next(stream);
    const inner = parseTarget(stream, () => isOperator(stream, ')'));
    expectOperator(stream, ')');
    return inner;
  }
  const name = parseName(stream);
  if (!skipOperator(stream, '.')) return { kind: 'name', name, place: placeFrom(stream, start) };
  const attribute = expectKind(stream, 'name', 'A name').value;
  return { kind: 'attribute', base: name, name: attribute, place: placeFrom(stream, start) };
}

/** A name that may be given a value; `true`, `if` and the like may not. */
export function parseName(stream: TokenStream): string {
  const token = peek(stream);
  if (token.kind !== 'name' || isReserved(token.value)) throw unexpected(stream, 'A name');
  return next(stream).value;
}

/** The parameters of a macro or call block, in parentheses. */
export function parseParameters(stream: TokenStream): Parameters {
  const params: { name: string; fallback: Expr | undefined }[] = [];
  expectOperator(stream, '(');
  while (!isOperator(stream, ')')) {
    const { start } = peek(stream);
    const name = parseName(stream);
    const fallback = skipOperator(stream, '=') ? parseExpression(stream) : undefined;
    if (fallback === undefined && params.at(-1)?.fallback !== undefined) {
      throw syntaxAt(placeFrom(stream, start), 'A parameter without a default cannot follow one with a default.');
    }
    params.push({ name, fallback });
    if (!skipOperator(stream, ',')) break;
  }
  expectOperator(stream, ')');
  return params;
}
