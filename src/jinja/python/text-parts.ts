/** The characters that Python counts as white space, for use inside a character class. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const LEADING_SPACE = new RegExp(`^[${SPACE}]+`);
const TRAILING_SPACE = new RegExp(`[${SPACE}]+$`);
const SPACES = new RegExp(`[${SPACE}]+`);
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Without white space, or without these characters, at the start. */
export function trimStart(text: string, chars?: string): string {
  if (chars === undefined) return text.replace(LEADING_SPACE, '');
  const all = Array.from(text);
  const first = all.findIndex((char) => !chars.includes(char));
  return first === -1 ? '' : all.slice(first).join('');
}

/** Without white space, or without these characters, at the end. */
export function trimEnd(text: string, chars?: string): string {
  if (chars === undefined) return text.slice(0, text.length - (TRAILING_SPACE.exec(text)?.[0].length ?? 0));
  const all = Array.from(text);
  return all.slice(0, all.findLastIndex((char) => !chars.includes(char)) + 1).join('');
}

export function trim(text: string, chars?: string): string {
  return trimEnd(trimStart(text, chars), chars);
}

/** The lines of a text by Python's idea of line ends; with `keepEnds` each keeps its own. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '') {
    const end = LINE_END.exec(rest);
    if (end === null) return [...lines, rest];
    lines.push(rest.slice(0, end.index) + (keepEnds ? end[0] : ''));
    rest = rest.slice(end.index + end[0].length);
  }
  return lines;
}

/** Splits at white space, at most `limit` times, ignoring it at both ends. */
export function splitSpace(text: string, limit: number): string[] {
  const words: string[] = [];
  let rest = trimStart(text);
  while (rest !== '') {
    const space = words.length === limit ? null : SPACES.exec(rest);
    if (space === null) return [...words, words.length === limit ? rest : trimEnd(rest)];
    words.push(rest.slice(0, space.index));
    rest = rest.slice(space.index + space[0].length);
  }
  return words;
}

/** Splits at white space from the end, at most `limit` times. */
export function splitSpaceFromEnd(text: string, limit: number): string[] {
  const words: string[] = [];
  let rest = trimEnd(text);
  while (rest !== '') {
    if (words.length === limit) return [rest, ...words];
    const word = new RegExp(`[^${SPACE}]+$`).exec(rest)!;
    words.unshift(word[0]);
    rest = trimEnd(rest.slice(0, word.index));
  }
  return words;
}

/** Splits at a separator, at most `limit` times. */
export function splitAt(text: string, separator: string, limit: number): string[] {
  const parts = text.split(separator);
  if (parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

/** Splits at a separator, at most `limit` times, from the end. */
export function splitAtFromEnd(text: string, separator: string, limit: number): string[] {
  const parts = text.split(separator);
  if (parts.length <= limit + 1) return parts;
  const cut = parts.length - limit;
  return [parts.slice(0, cut).join(separator), ...parts.slice(cut)];
}

/** First letter large, the rest small. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = Array.from(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Each run of letters with its first letter large. */
export function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, capitalize);
}

export function swapCase(text: string): string {
  return Array.from(text, (char) => (/\p{Lu}/u.test(char) ? char.toLowerCase() : char.toUpperCase())).join('');
}

/** Whether there are letters with case, and none of the other case. */
export function isLowerCase(text: string): boolean {
  return /\p{Ll}/u.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text);
}

export function isUpperCase(text: string): boolean {
  return /\p{Lu}/u.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text);
}

/** Whether each word starts with a large letter and goes on in small ones. */
export function isTitleCase(text: string): boolean {
  return /\p{L}/u.test(text) && titleCase(text) === text;
}

/** Replaces up to `limit` occurrences; an empty `old` stands before each character and at the end. */
export function replaceText(text: string, old: string, replacement: string, limit: number): string {
  if (limit < 0)
    return old === '' ? replaceText(text, old, replacement, text.length + 1) : text.split(old).join(replacement);
  if (old !== '') return splitAt(text, old, limit).join(replacement);
  const all = Array.from(text);
  const filled = all.slice(0, limit).map((char) => replacement + char);
  return filled.join('') + (limit > all.length ? replacement : all.slice(limit).join(''));
}

/** Occurrences of a piece that do not overlap. */
export function countText(text: string, piece: string): number {
  return piece === '' ? Array.from(text).length + 1 : text.split(piece).length - 1;
}

/** In the middle of a width; Python puts the odd space to the left when the width is odd. */
export function center(text: string, width: number, fill = ' '): string {
  const length = Array.from(text).length;
  const space = Math.max(0, width - length);
  const left = Math.floor(space / 2) + (space & width & 1);
  return fill.repeat(left) + text + fill.repeat(space - left);
}
