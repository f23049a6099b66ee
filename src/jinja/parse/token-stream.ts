import { errorAt, type FaultExtras, type Place, type TemplateText } from '../fault.ts';
import { MAX_NESTING } from '../values/limits.ts';
import type { Token, TokenKind } from './lex-code.ts';

/** The tokens that a parser reads, one ahead. */
export interface TokenStream {
  readonly source: TemplateText;
  readonly tokens: readonly Token[];
  at: number;
  nesting: number;
}

export function streamOf(source: TemplateText, tokens: readonly Token[]): TokenStream {
  return { source, tokens, at: 0, nesting: 0 };
}

export function peek(stream: TokenStream, ahead = 0): Token {
  return stream.tokens[Math.min(stream.at + ahead, stream.tokens.length - 1)]!;
}

export function next(stream: TokenStream): Token {
  const token = peek(stream);
  stream.at += 1;
  return token;
}

/** Whether the next token is this operator. */
export function isOperator(stream: TokenStream, operator: string, ahead = 0): boolean {
  const token = peek(stream, ahead);
  return token.kind === 'op' && token.value === operator;
}

/** Whether the next token is this word. */
export function isWord(stream: TokenStream, word: string, ahead = 0): boolean {
  const token = peek(stream, ahead);
  return token.kind === 'name' && token.value === word;
}

export function skipOperator(stream: TokenStream, operator: string): boolean {
  const found = isOperator(stream, operator);
  if (found) stream.at += 1;
  return found;
}

export function skipWord(stream: TokenStream, word: string): boolean {
  const found = isWord(stream, word);
  if (found) stream.at += 1;
  return found;
}

export function expectOperator(stream: TokenStream, operator: string): Token {
  if (!isOperator(stream, operator)) throw unexpected(stream, `'${operator}'`);
  return next(stream);
}

export function expectWord(stream: TokenStream, word: string): Token {
  if (!isWord(stream, word)) throw unexpected(stream, `'${word}'`);
  return next(stream);
}

export function expectKind(stream: TokenStream, kind: TokenKind, what: string): Token {
  if (peek(stream).kind !== kind) throw unexpected(stream, what);
  return next(stream);
}

/** From the start of one token to the end of the one read last. */
export function placeFrom(stream: TokenStream, start: number): Place {
  const last = stream.tokens[stream.at - 1];
  return { source: stream.source, start, end: Math.max(start, last?.end ?? start) };
}

export function placeOf(stream: TokenStream, token: Token): Place {
  return { source: stream.source, start: token.start, end: token.end };
}

/** The error for a token that cannot stand here. */
export function unexpected(stream: TokenStream, expected: string): Error {
  const token = peek(stream);
  return syntaxAt(placeOf(stream, token), `${expected} was expected here, but there is ${tokenText(token)}.`);
}

export function syntaxAt(place: Place, message: string, extras: FaultExtras = {}): Error {
  return errorAt(place, 'syntax', message, extras);
}

export function unsupportedAt(place: Place, message: string, mend?: string): Error {
  return errorAt(place, 'unsupported', message, { mend });
}

function tokenText(token: Token): string {
  if (token.kind === 'end') return 'the end';
  if (token.kind === 'data') return 'plain text';
  if (token.kind === 'text') return 'a text literal';
  return `'${token.value}'`;
}

/** Runs a parser one level deeper, and stops before the nesting becomes too deep. */
export function deeper<T>(stream: TokenStream, parse: () => T): T {
  if (stream.nesting >= MAX_NESTING) {
    throw syntaxAt(placeOf(stream, peek(stream)), `The template is nested deeper than ${MAX_NESTING} levels.`);
  }
  stream.nesting += 1;
  const result = parse();
  stream.nesting -= 1;
  return result;
}
