import { errorAt, type Place, type TemplateText } from './fault.ts';

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

export interface LexOptions {
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
}

const OPENING = /\{%([-+]?)|\{\{([-+]?)|\{#([-+]?)/g;
const RAW_OPENING = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y;
const RAW_CLOSING = /\{%([-+]?)\s*endraw\s*(\+%\}|-%\}\s*|%\})/g;
const COMMENT_CLOSING = /\+#\}|-#\}\s*|#\}/g;
const TAG_CLOSING = /\+%\}|-%\}\s*|%\}/y;
const OUTPUT_CLOSING = /-\}\}\s*|\}\}/y;
const SPACE = /\s+/y;
const FLOAT = /(?<!\.)\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/y;
const INT = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;
const NAME = /[\p{L}_][\p{L}\p{N}\p{Mn}_]*/uy;
const TEXT = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The tokens of an expression that stands alone, without `{{ }}`. */
export function lexExpression(source: TemplateText): Token[] {
  const tokens: Token[] = [];
  const end = lexCode(source, 0, undefined, tokens);
  tokens.push({ kind: 'end', value: '', start: end, end });
  return tokens;
}

/** The tokens of a template: its text as data, and what is within the tags. */
export function lexTemplate(source: TemplateText, options: LexOptions): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    OPENING.lastIndex = at;
    const opening = OPENING.exec(text);
    if (opening === null) break;
    const sign = opening[1] ?? opening[2] ?? opening[3] ?? '';
    const isOutput = opening[2] !== undefined;
    pushData(tokens, strippedBefore(text, at, opening.index, sign, isOutput, options), at);
    const start = opening.index;
    const inside = start + opening[0].length;
    if (opening[3] !== undefined) at = skipComment(source, start, inside, options);
    else if (isOutput) at = lexOutput(source, start, inside, tokens);
    else at = lexRaw(source, start, options, tokens) ?? lexTag(source, start, inside, options, tokens);
  }
  pushData(tokens, text.slice(at), at);
  tokens.push({ kind: 'end', value: '', start: text.length, end: text.length });
  return tokens;
}

function pushData(tokens: Token[], value: string, start: number): void {
  if (value !== '') tokens.push({ kind: 'data', value, start, end: start + value.length });
}

/** The text before a tag, without the white space that the tag takes away. */
function strippedBefore(
  text: string,
  from: number,
  to: number,
  sign: string,
  isOutput: boolean,
  options: LexOptions,
): string {
  const data = text.slice(from, to);
  if (sign === '-') return data.trimEnd();
  if (sign === '+' || !options.lstripBlocks || isOutput) return data;
  const lineStart = data.lastIndexOf('\n') + 1;
  const startsLine = lineStart > 0 || from === 0 || text[from - 1] === '\n';
  return startsLine && data.slice(lineStart).trim() === '' ? data.slice(0, lineStart) : data;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Past a closing mark, and past the line end after it where blocks are trimmed. */
function afterClosing(text: string, closing: string, end: number, options: LexOptions): number {
  const plain = !closing.startsWith('-') && !closing.startsWith('+');
  return plain && options.trimBlocks && text[end] === '\n' ? end + 1 : end;
}

function skipComment(source: TemplateText, start: number, inside: number, options: LexOptions): number {
  const closing = match(COMMENT_CLOSING, source.text, inside);
  if (closing === null) throw syntaxError(source, start, inside, "This comment is never closed with '#}'.");
  return afterClosing(source.text, closing[0], closing.index + closing[0].length, options);
}

function lexRaw(source: TemplateText, start: number, options: LexOptions, tokens: Token[]): number | undefined {
  const opening = match(RAW_OPENING, source.text, start);
  if (opening === null) return undefined;
  const inside = start + opening[0].length;
  const closing = match(RAW_CLOSING, source.text, inside);
  if (closing === null) throw syntaxError(source, start, inside, "This raw block is never closed with '{% endraw %}'.");
  const [all, sign = '', mark = ''] = closing;
  pushData(tokens, strippedBefore(source.text, inside, closing.index, sign, false, options), inside);
  return afterClosing(source.text, mark, closing.index + all.length, options);
}

function lexOutput(source: TemplateText, start: number, inside: number, tokens: Token[]): number {
  tokens.push({ kind: 'open-output', value: '{{', start, end: inside });
  const end = lexCode(source, inside, OUTPUT_CLOSING, tokens);
  const closing = match(OUTPUT_CLOSING, source.text, end);
  if (closing === null) throw syntaxError(source, start, inside, "This '{{' is never closed with '}}'.");
  tokens.push({ kind: 'close-output', value: '}}', start: end, end: end + closing[0].trimEnd().length });
  return end + closing[0].length;
}

function lexTag(source: TemplateText, start: number, inside: number, options: LexOptions, tokens: Token[]): number {
  tokens.push({ kind: 'open-tag', value: '{%', start, end: inside });
  const end = lexCode(source, inside, TAG_CLOSING, tokens);
  const closing = match(TAG_CLOSING, source.text, end);
  if (closing === null) throw syntaxError(source, start, inside, "This '{%' is never closed with '%}'.");
  tokens.push({ kind: 'close-tag', value: '%}', start: end, end: end + closing[0].trimEnd().length });
  return afterClosing(source.text, closing[0], end + closing[0].length, options);
}

/** Reads tokens until the closing mark stands outside all brackets; gives its place. */
function lexCode(source: TemplateText, from: number, closing: RegExp | undefined, tokens: Token[]): number {
  const { text } = source;
  const open: Token[] = [];
  let at = from;
  while (at < text.length) {
    at += match(SPACE, text, at)?.[0].length ?? 0;
    if (at >= text.length || (open.length === 0 && closing !== undefined && match(closing, text, at) !== null)) break;
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
  const { text } = source;
  const token = (kind: TokenKind, value: string, length: number): Token => ({
    kind,
    value,
    start,
    end: start + length,
  });
  const float = match(FLOAT, text, start)?.[0];
  if (float !== undefined) return { ...token('float', float, float.length), number: Number(float.replaceAll('_', '')) };
  const int = match(INT, text, start)?.[0];
  if (int !== undefined) return { ...token('int', int, int.length), number: BigInt(int.replaceAll('_', '')) };
  const name = match(NAME, text, start)?.[0];
  if (name !== undefined) return token('name', name, name.length);
  const literal = match(TEXT, text, start)?.[0];
  if (literal !== undefined) return token('text', unescaped(source, start, literal), literal.length);
  const operator = match(OPERATOR, text, start)?.[0];
  if (operator !== undefined) return token('op', operator, operator.length);
  const char = String.fromCodePoint(text.codePointAt(start)!);
  const what =
    char === '"' || char === "'" ? 'This text is never closed with a quote.' : `'${char}' has no meaning here.`;
  throw syntaxError(source, start, start + char.length, what);
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

function syntaxError(source: TemplateText, start: number, end: number, message: string): Error {
  const place: Place = { source, start, end };
  return errorAt(place, 'syntax', message);
}
