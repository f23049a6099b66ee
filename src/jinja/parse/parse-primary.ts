import type { Arguments, Expr, FilterStep } from './ast.ts';
import { parseExpression, parseTuple } from './parse-expression.ts';
import {
  expectKind,
  expectOperator,
  isOperator,
  isWord,
  next,
  peek,
  placeFrom,
  placeOf,
  skipOperator,
  skipWord,
  syntaxAt,
  type TokenStream,
  unexpected,
  unsupportedAt,
} from './token-stream.ts';

const RESERVED = new Set(['and', 'else', 'elif', 'if', 'in', 'is', 'not', 'or']);
const CONSTANTS: Readonly<Record<string, null | boolean>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

/** Whether a word has a meaning of its own and cannot be a name. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word) || Object.hasOwn(CONSTANTS, word);
}

/** A name, a literal, or what stands in brackets. */
export function parsePrimary(stream: TokenStream): Expr {
  const token = peek(stream);
  const place = placeOf(stream, token);
  if (token.kind === 'name') {
    if (RESERVED.has(token.value)) throw unexpected(stream, 'An expression');
    next(stream);
    const constant = Object.hasOwn(CONSTANTS, token.value) ? CONSTANTS[token.value] : undefined;
    return constant === undefined
      ? { kind: 'name', name: token.value, place }
      : { kind: 'literal', value: constant, place };
  }
  if (token.kind === 'text') return parseText(stream);
  if (token.kind === 'int') return { kind: 'int', value: next(stream).number as bigint, place };
  if (token.kind === 'float') return { kind: 'float', value: next(stream).number as number, place };
  if (isOperator(stream, '(')) return parseParenthesis(stream);
  if (isOperator(stream, '[')) return parseList(stream);
  if (isOperator(stream, '{')) return parseDict(stream);
  throw unexpected(stream, 'An expression');
}

function parseText(stream: TokenStream): Expr {
  const { start } = peek(stream);
  let value = '';
  while (peek(stream).kind === 'text') value += next(stream).value;
  return { kind: 'literal', value, place: placeFrom(stream, start) };
}

function parseParenthesis(stream: TokenStream): Expr {
  const { start } = next(stream);
  if (skipOperator(stream, ')')) return { kind: 'tuple', items: [], place: placeFrom(stream, start) };
  const inner = parseTuple(stream, () => false);
  expectOperator(stream, ')');
  return inner;
}

function parseList(stream: TokenStream): Expr {
  const { start } = next(stream);
  const items: Expr[] = [];
  while (!isOperator(stream, ']')) {
    items.push(parseExpression(stream));
    if (!skipOperator(stream, ',')) break;
  }
  expectOperator(stream, ']');
  return { kind: 'list', items, place: placeFrom(stream, start) };
}

function parseDict(stream: TokenStream): Expr {
  const { start } = next(stream);
  const pairs: (readonly [Expr, Expr])[] = [];
  while (!isOperator(stream, '}')) {
    const key = parseExpression(stream);
    expectOperator(stream, ':');
    pairs.push([key, parseExpression(stream)]);
    if (!skipOperator(stream, ',')) break;
  }
  expectOperator(stream, '}');
  return { kind: 'dict', pairs, place: placeFrom(stream, start) };
}

/** The attributes, items, slices and calls after a value. */
export function parsePostfix(stream: TokenStream, base: Expr): Expr {
  let node = base;
  for (;;) {
    if (skipOperator(stream, '.')) node = parseMember(stream, node);
    else if (isOperator(stream, '[')) node = parseSubscript(stream, node);
    else if (isOperator(stream, '(')) node = parseCall(stream, node);
    else return node;
  }
}

function parseMember(stream: TokenStream, base: Expr): Expr {
  const token = peek(stream);
  if (token.kind !== 'name' && token.kind !== 'int') throw unexpected(stream, 'A name or a position');
  next(stream);
  const place = placeFrom(stream, base.place.start);
  if (token.kind === 'name') return { kind: 'attribute', base, name: token.value, place };
  return {
    kind: 'item',
    base,
    key: { kind: 'int', value: token.number as bigint, place: placeOf(stream, token) },
    place,
  };
}

function parseSubscript(stream: TokenStream, base: Expr): Expr {
  expectOperator(stream, '[');
  const start = isOperator(stream, ':') ? undefined : parseExpression(stream);
  if (start !== undefined && !isOperator(stream, ':')) {
    if (isOperator(stream, ','))
      throw unsupportedAt(placeOf(stream, peek(stream)), 'Several keys in one pair of brackets are not supported.');
    expectOperator(stream, ']');
    return { kind: 'item', base, key: start, place: placeFrom(stream, base.place.start) };
  }
  expectOperator(stream, ':');
  const bound = (): Expr | undefined =>
    isOperator(stream, ':') || isOperator(stream, ']') ? undefined : parseExpression(stream);
  const stop = bound();
  const step = skipOperator(stream, ':') ? bound() : undefined;
  expectOperator(stream, ']');
  return { kind: 'slice', base, start, stop, step, place: placeFrom(stream, base.place.start) };
}

function parseCall(stream: TokenStream, callee: Expr): Expr {
  const args = parseArguments(stream);
  return { kind: 'call', callee, args, place: placeFrom(stream, callee.place.start) };
}

function parseArguments(stream: TokenStream): Arguments {
  expectOperator(stream, '(');
  const positional: Expr[] = [];
  const named: (readonly [string, Expr])[] = [];
  while (!isOperator(stream, ')')) {
    if (isOperator(stream, '*') || isOperator(stream, '**')) {
      throw unsupportedAt(
        placeOf(stream, peek(stream)),
        `Arguments given with '${peek(stream).value}' are not supported.`,
        'Write each argument out.',
      );
    }
    if (peek(stream).kind === 'name' && isOperator(stream, '=', 1)) {
      const { value: name } = next(stream);
      next(stream);
      named.push([name, parseExpression(stream)]);
    } else if (named.length > 0) {
      throw syntaxAt(placeOf(stream, peek(stream)), 'An argument without a name cannot follow one with a name.');
    } else {
      positional.push(parseExpression(stream));
    }
    if (!skipOperator(stream, ',')) break;
  }
  expectOperator(stream, ')');
  return { positional, named };
}

/** The filters and tests after a value. */
export function parseFilters(stream: TokenStream, base: Expr): Expr {
  let node = base;
  for (;;) {
    if (skipOperator(stream, '|')) {
      const step = parseFilterStep(stream);
      node = { kind: 'filter', input: node, name: step.name, args: step.args, place: step.place };
    } else if (skipWord(stream, 'is')) node = parseTest(stream, node);
    else if (isOperator(stream, '(')) node = parseCall(stream, node);
    else return node;
  }
}

/** A filter's name and arguments, after the `|`. */
export function parseFilterStep(stream: TokenStream): FilterStep {
  const { start } = peek(stream);
  const name = dottedName(stream, 'The name of a filter');
  const args = isOperator(stream, '(') ? parseArguments(stream) : { positional: [], named: [] };
  return { name, args, place: placeFrom(stream, start) };
}

function dottedName(stream: TokenStream, what: string): string {
  let name = expectKind(stream, 'name', what).value;
  while (skipOperator(stream, '.')) name += `.${expectKind(stream, 'name', what).value}`;
  return name;
}

function parseTest(stream: TokenStream, input: Expr): Expr {
  const negated = skipWord(stream, 'not');
  const { start } = peek(stream);
  const name = dottedName(stream, 'The name of a test');
  const args = isOperator(stream, '(') ? parseArguments(stream) : { positional: bareArgument(stream), named: [] };
  return { kind: 'test', input, name, args, negated, place: placeFrom(stream, start) };
}

/** A test takes one argument without parentheses: `is divisibleby 3`. */
function bareArgument(stream: TokenStream): Expr[] {
  const token = peek(stream);
  if (isWord(stream, 'is'))
    throw syntaxAt(placeOf(stream, token), "Tests cannot be chained with 'is'.", { mend: "Join them with 'and'." });
  if (token.kind === 'name' && (RESERVED.has(token.value) || token.value === 'recursive')) return [];
  const starts =
    ['name', 'text', 'int', 'float'].includes(token.kind) || isOperator(stream, '[') || isOperator(stream, '{');
  return starts ? [parsePostfix(stream, parsePrimary(stream))] : [];
}
