import { errorAt, type TemplateText } from '../fault.ts';

export type TokenKind =
  | 'data'
  | 'open-output'
  | 'close-output'
  | 'open-tag'
  | 'close-tag'
  | 'name'
  | 'text'
  | 'int'
  | 'float'
  | 'op'
  | 'end';

/** One piece of a template. `value` is the data, the name, the operator, or the decoded literal. */
export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly number?: number | bigint;
}

const SPACE = /\s*/y;
const FLOAT = /(?<!\.)\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/u;
const INT = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/u;
const NAME = /[\p{L}_][\p{L}\p{N}\p{Mn}_]*/u;
const TEXT = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/u;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/u;
const TOKEN = new RegExp([FLOAT, INT, NAME, TEXT, OPERATOR].map((part) => `(${part.source})`).join('|'), 'uy');
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Reads tokens until the closing mark stands outside all brackets; gives its place. */
export function lexCode(source: TemplateText, from: number, closing: RegExp | undefined, tokens: Token[]): number {
  const { text } = source;
  const open: Token[] = [];
  let at = from;
  while (at < text.length) {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
    if (at >= text.length || (open.length === 0 && isClosed(text, at, closing))) break;
    const token = nextToken(source, at);
    if (token.kind === 'op') balance(source, open, token);
    tokens.push(token);
    at = token.end;
  }
  const unclosed = open.at(-1);
  if (at >= text.length && unclosed !== undefined) {
    throw syntaxError(source, unclosed.start, unclosed.end, `This '${unclosed.value}' is never closed.`);
  }
  return at;
}

function isClosed(text: string, at: number, closing: RegExp | undefined): boolean {
  if (closing === undefined) return false;
  closing.lastIndex = at;
  return closing.test(text);
}

function balance(source: TemplateText, open: Token[], token: Token): void {
  if (token.value in PAIRS) open.push(token);
  if (!')]}'.includes(token.value)) return;
  const opening = open.pop();
  if (opening === undefined)
    throw syntaxError(source, token.start, token.end, `There is no bracket that this '${token.value}' closes.`);
  if (PAIRS[opening.value] !== token.value) {
    throw syntaxError(
      source,
      token.start,
      token.end,
      `'${PAIRS[opening.value]}' was expected here to close '${opening.value}', not '${token.value}'.`,
    );
  }
}

function nextToken(source: TemplateText, start: number): Token {
  const [all = '', float, int, name, text] = match(TOKEN, source.text, start) ?? [];
  const end = start + all.length;
  if (name !== undefined) return { kind: 'name', value: name, start, end };
  if (text !== undefined) return { kind: 'text', value: unescaped(source, start, text), start, end };
  if (float !== undefined)
    return { kind: 'float', value: float, start, end, number: Number(float.replaceAll('_', '')) };
  if (int !== undefined) return { kind: 'int', value: int, start, end, number: BigInt(int.replaceAll('_', '')) };
  if (all !== '') return { kind: 'op', value: all, start, end };
  const char = String.fromCodePoint(source.text.codePointAt(start)!);
  const isQuote = char === '"' || char === "'";
  const message = isQuote ? 'This text is never closed with a quote.' : `'${char}' has no meaning here.`;
  throw syntaxError(source, start, start + char.length, message);
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;
const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescaped(source: TemplateText, start: number, literal: string): string {
  return literal.slice(1, -1).replace(ESCAPE, (all, x, u, long, octal, char: string | undefined, offset: number) => {
    const place = [start + 1 + offset, start + 1 + offset + all.length] as const;
    if (char !== undefined && 'xuUN'.includes(char))
      throw syntaxError(source, ...place, `The escape '\\${char}' is cut short or not supported.`);
    if (char !== undefined) return SIMPLE[char] ?? all;
    const code = octal === undefined ? Number.parseInt(x ?? u ?? long, 16) : Number.parseInt(octal, 8);
    if (code > 0x10ffff) throw syntaxError(source, ...place, `There is no character '${all}'.`);
    return String.fromCodePoint(code);
  });
}

/** The error of a stretch that cannot be read. */
export function syntaxError(source: TemplateText, start: number, end: number, message: string): Error {
  return errorAt({ source, start, end }, 'syntax', message);
}

/** Matches a sticky or global pattern from a position on. */
export function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
