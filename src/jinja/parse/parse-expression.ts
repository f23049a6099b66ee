import type { BinaryOperator, CompareOperator, Expr } from './ast.ts';
import { parseFilters, parsePostfix, parsePrimary } from './parse-primary.ts';
import {
  deeper,
  isOperator,
  isWord,
  next,
  peek,
  placeFrom,
  skipOperator,
  skipWord,
  type TokenStream,
  unexpected,
} from './token-stream.ts';

const COMPARING = new Set(['==', '!=', '<', '<=', '>', '>=']);
const SUM = new Set(['+', '-']);
const PRODUCT = new Set(['*', '/', '//', '%']);
const POWER = new Set(['**']);

/** An expression, with or without `a if b else c` at its top. */
export function parseExpression(stream: TokenStream, withChoice = true): Expr {
  return deeper(stream, () => (withChoice ? parseChoice(stream) : parseOr(stream)));
}

/** An expression, or several with commas between them, which make a tuple. */
export function parseTuple(stream: TokenStream, ends: () => boolean, withChoice = true): Expr {
  const start = peek(stream).start;
  const items: Expr[] = [];
  let isTuple = false;
  while (!atTupleEnd(stream) && !ends()) {
    items.push(parseExpression(stream, withChoice));
    if (!skipOperator(stream, ',')) break;
    isTuple = true;
  }
  if (items.length === 0) throw unexpected(stream, 'An expression');
  return isTuple ? { kind: 'tuple', items, place: placeFrom(stream, start) } : items[0]!;
}

function atTupleEnd(stream: TokenStream): boolean {
  const { kind } = peek(stream);
  return kind === 'close-output' || kind === 'close-tag' || kind === 'end' || isOperator(stream, ')');
}

function parseChoice(stream: TokenStream): Expr {
  const start = peek(stream).start;
  let result = parseOr(stream);
  while (skipWord(stream, 'if')) {
    const condition = parseOr(stream);
    const otherwise = skipWord(stream, 'else') ? deeper(stream, () => parseChoice(stream)) : undefined;
    result = { kind: 'choice', condition, chosen: result, otherwise, place: placeFrom(stream, start) };
  }
  return result;
}

function parseOr(stream: TokenStream): Expr {
  const start = peek(stream).start;
  let left = parseAnd(stream);
  while (skipWord(stream, 'or')) {
    const right = parseAnd(stream);
    left = { kind: 'logic', operator: 'or', left, right, place: placeFrom(stream, start) };
  }
  return left;
}

function parseAnd(stream: TokenStream): Expr {
  const start = peek(stream).start;
  let left = parseNot(stream);
  while (skipWord(stream, 'and')) {
    const right = parseNot(stream);
    left = { kind: 'logic', operator: 'and', left, right, place: placeFrom(stream, start) };
  }
  return left;
}

function parseNot(stream: TokenStream): Expr {
  const start = peek(stream).start;
  if (!skipWord(stream, 'not')) return parseCompare(stream);
  const value = deeper(stream, () => parseNot(stream));
  return { kind: 'unary', operator: 'not', value, place: placeFrom(stream, start) };
}

function parseCompare(stream: TokenStream): Expr {
  const start = peek(stream).start;
  const first = parseSum(stream);
  const rest: (readonly [CompareOperator, Expr])[] = [];
  for (let operator = comparison(stream); operator !== undefined; operator = comparison(stream)) {
    rest.push([operator, parseSum(stream)]);
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, place: placeFrom(stream, start) };
}

function comparison(stream: TokenStream): CompareOperator | undefined {
  const token = peek(stream);
  if (token.kind === 'op' && COMPARING.has(token.value)) return next(stream).value as CompareOperator;
  if (skipWord(stream, 'in')) return 'in';
  if (!isWord(stream, 'not') || !isWord(stream, 'in', 1)) return undefined;
  stream.at += 2;
  return 'not in';
}

function parseSum(stream: TokenStream): Expr {
  return leftAssociative(stream, SUM, parseJoin);
}

function parseJoin(stream: TokenStream): Expr {
  const start = peek(stream).start;
  const parts = [parseProduct(stream)];
  while (skipOperator(stream, '~')) parts.push(parseProduct(stream));
  return parts.length === 1 ? parts[0]! : { kind: 'join', parts, place: placeFrom(stream, start) };
}

function parseProduct(stream: TokenStream): Expr {
  return leftAssociative(stream, PRODUCT, parsePower);
}

/** Jinja2's `**` groups from the left, unlike Python's. */
function parsePower(stream: TokenStream): Expr {
  return leftAssociative(stream, POWER, parseUnary);
}

function leftAssociative(
  stream: TokenStream,
  operators: ReadonlySet<string>,
  parse: (stream: TokenStream) => Expr,
): Expr {
  const start = peek(stream).start;
  let left = parse(stream);
  while (peek(stream).kind === 'op' && operators.has(peek(stream).value)) {
    const operator = next(stream).value as BinaryOperator;
    left = { kind: 'binary', operator, left, right: parse(stream), place: placeFrom(stream, start) };
  }
  return left;
}

function parseUnary(stream: TokenStream): Expr {
  return parseFilters(stream, parseSigned(stream));
}

/** A sign binds closer than a filter: `-1 | abs` is 1. */
function parseSigned(stream: TokenStream): Expr {
  const start = peek(stream).start;
  const operator = skipOperator(stream, '-') ? '-' : skipOperator(stream, '+') ? '+' : undefined;
  if (operator === undefined) return parsePostfix(stream, parsePrimary(stream));
  const value = deeper(stream, () => parseSigned(stream));
  return { kind: 'unary', operator, value, place: placeFrom(stream, start) };
}
