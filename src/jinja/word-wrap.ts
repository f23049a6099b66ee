import { textLength } from './python-text.ts';
import { trim } from './text-parts.ts';

export interface WrapOptions {
  readonly width: number;
  readonly breakLong: boolean;
  readonly onHyphens: boolean;
}

/** The chunks of a line that are not broken: words, parts of words that end in a hyphen, and white space. */
const WORDS = new RegExp(
  '([\\t\\n\\v\\f\\r ]+' +
    '|(?<=[\\p{L}\\p{N}_!"\'&.,?])-{2,}(?=[\\p{L}\\p{N}_])' +
    '|[^\\t\\n\\v\\f\\r ](?:-(?:(?<=[^\\d\\P{L}][^\\d\\P{L}]-)|(?<=[^\\d\\P{L}]-[^\\d\\P{L}]-))(?=[^\\d\\P{L}]-?[^\\d\\P{L}])' +
    '|(?=[\\t\\n\\v\\f\\r ]|$)|(?<=[\\p{L}\\p{N}_!"\'&.,?])(?=-{2,}[\\p{L}\\p{N}_])|[^\\t\\n\\v\\f\\r ])*?' +
    '(?:-(?:(?<=[^\\d\\P{L}][^\\d\\P{L}]-)|(?<=[^\\d\\P{L}]-[^\\d\\P{L}]-))(?=[^\\d\\P{L}]-?[^\\d\\P{L}])' +
    '|(?=[\\t\\n\\v\\f\\r ]|$)|(?<=[\\p{L}\\p{N}_!"\'&.,?])(?=-{2,}[\\p{L}\\p{N}_])))',
  'u',
);

/** Breaks one line into lines of at most a width, as Python's textwrap does. */
export function wrapLine(line: string, options: WrapOptions): string[] {
  const pattern = options.onHyphens ? WORDS : /([\t\n\v\f\r ]+)/;
  const chunks = line
    .split(pattern)
    .filter((chunk) => chunk !== undefined && chunk !== '')
    .reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && isSpace(chunks.at(-1)!)) chunks.pop();
    const current = takeLine(chunks, options);
    if (current.length > 0 && isSpace(current.at(-1)!)) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

function isSpace(chunk: string): boolean {
  return trim(chunk) === '';
}

/** Takes what fits on one line from the chunks, of which the next stands last. */
function takeLine(chunks: string[], { width, breakLong, onHyphens }: WrapOptions): string[] {
  const current: string[] = [];
  let length = 0;
  while (chunks.length > 0 && length + textLength(chunks.at(-1)!) <= width) {
    const chunk = chunks.pop()!;
    current.push(chunk);
    length += textLength(chunk);
  }
  const next = chunks.at(-1);
  if (next === undefined || textLength(next) <= width) return current;
  if (!breakLong) {
    if (current.length === 0) current.push(chunks.pop()!);
    return current;
  }
  const all = Array.from(next);
  let room = Math.max(1, width - length);
  if (width < 1) room = 1;
  const hyphen = all.slice(0, room).lastIndexOf('-');
  const cut =
    onHyphens && all.length > room && hyphen > 0 && all.slice(0, hyphen).some((char) => char !== '-')
      ? hyphen + 1
      : room;
  current.push(all.slice(0, cut).join(''));
  chunks[chunks.length - 1] = all.slice(cut).join('');
  return current;
}
