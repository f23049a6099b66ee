import { Failure, valueFailure } from '../fault.ts';

const WORD = '\\p{L}\\p{N}_';
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Python's character classes in JavaScript's `v` mode, for use within brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: WORD,
  W: `[^${WORD}]`,
  s: SPACE,
  S: `[^${SPACE}]`,
};

const CONTROL: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
};

const QUANTIFIER = /[*+?]|\{(?:\d+(?:,\d*)?|,\d+)\}/y;
const GROUP = /\(\?(?:P<([A-Za-z_]\w*)>|P=([A-Za-z_]\w*)\)|(#[^)]*\))|(:|=|!|<=|<!)|([aiLmsux]+)(?:-[ims]+)?([:)]))/y;

interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
}

interface Reader {
  readonly pattern: string;
  at: number;
  /** What closes each open group: an assertion is wrapped, since JavaScript repeats only groups. */
  readonly closings: string[];
  readonly flags: Flags;
}

export interface RegexOptions {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
}

/** A Python regular expression as a JavaScript one that finds all matches; what has no counterpart is refused. */
export function pythonRegex(pattern: string, options: RegexOptions = {}): RegExp {
  const flags = { ignoreCase: options.ignoreCase ?? false, multiline: options.multiline ?? false, dotAll: false };
  const reader: Reader = { pattern, at: 0, closings: [], flags };
  const leading = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  if (leading !== null) {
    setFlags(flags, leading[1]!);
    reader.at = leading[0].length;
  }
  let source = '';
  while (reader.at < pattern.length) source += translate(reader);
  try {
    return new RegExp(source, flags.ignoreCase ? 'giv' : 'gv');
  } catch {
    throw valueFailure('The regular expression cannot be read.');
  }
}

function setFlags(flags: Flags, letters: string): void {
  if (/[Lax]/.test(letters)) throw unsupported('the flags a, L and x');
  flags.ignoreCase ||= letters.includes('i');
  flags.multiline ||= letters.includes('m');
  flags.dotAll ||= letters.includes('s');
}

function unsupported(what: string): Failure {
  return new Failure('unsupported', `Regular expressions with ${what} are not supported.`);
}

/** The next item of the pattern. */
function translate(reader: Reader): string {
  const char = String.fromCodePoint(reader.pattern.codePointAt(reader.at)!);
  const { flags } = reader;
  if (char === '\\') return translateEscape(reader);
  if (char === '[') return translateClass(reader);
  if (char === '(') return translateGroup(reader);
  const quantifier = take(reader, QUANTIFIER);
  if (quantifier !== undefined) return translateQuantifier(reader, quantifier);
  reader.at += char.length;
  if (char === '.') return flags.dotAll ? '[\\s\\S]' : '[^\\n]';
  if (char === '^') return flags.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
  if (char === '$') return flags.multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
  if (char === ')') return reader.closings.pop() ?? ')';
  return char === '|' ? char : literal(char);
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.pattern)?.[0];
  reader.at += found?.length ?? 0;
  return found;
}

function translateQuantifier(reader: Reader, quantifier: string): string {
  const next = reader.pattern[reader.at];
  if (next === '+') throw unsupported(`'${quantifier}+'`);
  if (next === '?') reader.at += 1;
  return quantifier.replace('{,', '{0,') + (next === '?' ? '?' : '');
}

/** A character that stands for itself. */
function literal(char: string): string {
  return /[\^$\\.*+?()[\]{}|/&\-!#%,:;<=>@`~]/.test(char) ? escapedChar(char) : char;
}

function escapedChar(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}

function translateGroup(reader: Reader): string {
  GROUP.lastIndex = reader.at;
  const group = GROUP.exec(reader.pattern);
  if (group === null) {
    if (reader.pattern.startsWith('(?', reader.at))
      throw unsupported(`the group '${reader.pattern.slice(reader.at, reader.at + 3)}'`);
    reader.at += 1;
    reader.closings.push(')');
    return '(';
  }
  const [all, name, reference, comment, kind, letters, end] = group;
  reader.at += all.length;
  if (name !== undefined) {
    reader.closings.push(')');
    return `(?<${name}>`;
  }
  if (reference !== undefined) return `\\k<${reference}>`;
  if (comment !== undefined) return '';
  if (kind !== undefined) {
    reader.closings.push(kind === ':' ? ')' : '))');
    return kind === ':' ? '(?:' : `(?:(?${kind}`;
  }
  throw unsupported(end === ':' ? 'flags for a part' : `the flags '${letters}' in the middle`);
}

const ESCAPE =
  /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S]))/uy;

interface Escape {
  /** A character given by its number. */
  readonly code?: string;
  readonly group?: string;
  readonly letter?: string;
}

function readEscape(reader: Reader): Escape {
  ESCAPE.lastIndex = reader.at;
  const parts = ESCAPE.exec(reader.pattern);
  if (parts === null) throw valueFailure('The regular expression ends with a backslash.');
  reader.at += parts[0].length;
  const [, x, u, long, octal, group, letter] = parts;
  if (group !== undefined) return { group };
  if (letter !== undefined) return { letter };
  const code = octal === undefined ? Number.parseInt((x ?? u ?? long)!, 16) : Number.parseInt(octal, 8);
  return { code: `\\u{${code.toString(16)}}` };
}

function translateEscape(reader: Reader): string {
  const { code, group, letter } = readEscape(reader);
  if (code !== undefined) return code;
  if (group !== undefined) return `(?:\\${group})`;
  if (letter === 'A') return '(?<![\\s\\S])';
  if (letter === 'Z') return '(?![\\s\\S])';
  if (letter === 'b') return `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
  if (letter === 'B') return `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`;
  const named = CLASSES[letter!];
  if (named !== undefined) return `[${named}]`;
  return CONTROL[letter!] ?? plainEscape(letter!);
}

function plainEscape(letter: string): string {
  if (/[A-Za-z]/.test(letter)) throw valueFailure(`A regular expression has no escape '\\${letter}'.`);
  return literal(letter);
}

function translateClass(reader: Reader): string {
  const start = reader.at;
  reader.at += 1;
  let source = '[';
  if (reader.pattern[reader.at] === '^') {
    source += '^';
    reader.at += 1;
  }
  for (let isFirst = true; isFirst || reader.pattern[reader.at] !== ']'; isFirst = false) {
    if (reader.at >= reader.pattern.length) {
      reader.at = start;
      throw valueFailure("A '[' of the regular expression is never closed.");
    }
    source += translateMember(reader);
  }
  reader.at += 1;
  return `${source}]`;
}

/** One member of a class: a character, a range, or a class by its letter. */
function translateMember(reader: Reader): string {
  const low = readMember(reader);
  const isRange = reader.pattern[reader.at] === '-' && (reader.pattern[reader.at + 1] ?? ']') !== ']';
  if (!isRange || low.isClass) return low.source;
  reader.at += 1;
  const high = readMember(reader);
  if (high.isClass) throw valueFailure('A range of the regular expression ends with a class.');
  return `${low.source}-${high.source}`;
}

function readMember(reader: Reader): { source: string; isClass: boolean } {
  const char = String.fromCodePoint(reader.pattern.codePointAt(reader.at)!);
  if (char !== '\\') {
    reader.at += char.length;
    return { source: literal(char), isClass: false };
  }
  const { code, letter } = readEscape(reader);
  if (code !== undefined) return { source: code, isClass: false };
  if (letter === undefined) throw valueFailure('A class of the regular expression cannot refer to a group.');
  if (letter === 'b') return { source: '\\x08', isClass: false };
  const named = CLASSES[letter];
  if (named !== undefined) return { source: named, isClass: true };
  return { source: CONTROL[letter] ?? plainEscape(letter), isClass: false };
}
