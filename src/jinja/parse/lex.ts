import type { TemplateText } from '../fault.ts';
import { lexCode, match, syntaxError, type Token } from './lex-code.ts';

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
