import { textLength } from './python-text.ts';
import { trim } from './text-parts.ts';

export interface WrapOptions {
  readonly width: number;
  /** Whether a word that is wider than a line is cut. */
  readonly breakLong: boolean;
  /** Whether a line may end after a hyphen within a word. */
  readonly onHyphens: boolean;
}

const SPACE = '[\\t\\n\\v\\f\\r ]';
const LETTER = '[\\p{L}_]';
const WORD = '[\\p{L}\\p{N}_]';
const BEFORE_DASH = '(?<=[\\p{L}\\p{N}_!"\'&.,?])';
const AFTER_HYPHEN = `-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})`;

/** The chunks that are not broken: white space, dashes between words, and words or their parts up to a hyphen. */
const CHUNKS = new RegExp(
  `(${SPACE}+|${BEFORE_DASH}-{2,}(?=${WORD})|[^\\t\\n\\v\\f\\r ]+?(?:${AFTER_HYPHEN}|(?=${SPACE}|$)|${BEFORE_DASH}(?=-{2,}${WORD})))`,
  'u',
);

/** Breaks one line into lines of at most a width, as Python's textwrap does. */
export function wrapLine(line: string, options: WrapOptions): string[] {
  const pattern = options.onHyphens ? CHUNKS : new RegExp(`(${SPACE}+)`);
  const chunks = line
    .split(pattern)
    .filter((chunk) => chunk !== '')
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
  if (breakLong) {
    const all = Array.from(next);
    const cut = cutOf(all, width < 1 ? 1 : width - length, onHyphens);
    current.push(all.slice(0, cut).join(''));
    chunks[chunks.length - 1] = all.slice(cut).join('');
  } else if (current.length === 0) {
    current.push(chunks.pop()!);
  }
  return current;
}

/** Where a word is cut that is wider than a line: after its last hyphen that fits, else where the room ends. */
function cutOf(word: readonly string[], room: number, onHyphens: boolean): number {
  const hyphen = onHyphens && word.length > room ? word.slice(0, room).lastIndexOf('-') : -1;
  return hyphen > 0 && word.slice(0, hyphen).some((char) => char !== '-') ? hyphen + 1 : room;
}
