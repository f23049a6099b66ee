/** What a text is as a Python literal: a value, or undefined when it is none and stays text. */
export type Literal = { readonly value: unknown } | undefined;

/**
 * Evaluates a text as Ansible evaluates values in INI inventories: Python's numbers, strings, True, False, None, lists,
 * tuples and dicts are what they say, everything else (`yes`, `0644`, `10.0.0.1`, integers beyond 2^53) stays text.
 */
export function pythonLiteral(text: string): Literal {
  if (/(?:[[({]\s*){500}/.test(text)) return undefined;
  const reader: Reader = { text, at: 0, broken: false };
  const value = readWhole(reader);
  return reader.broken ? undefined : { value };
}

interface Reader {
  readonly text: string;
  at: number;
  /** Set once the text turns out to be no literal; what is read after that does not count. */
  broken: boolean;
}

function fail(reader: Reader): undefined {
  reader.broken = true;
}

const NUMBER =
  /^[-+]?\s*(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?)(?![\w.])/;
const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The whole text: one value, or several with commas between, which are a tuple even without parentheses. */
function readWhole(reader: Reader): unknown {
  const items: unknown[] = [];
  while (!reader.broken) {
    skipBlanks(reader);
    if (items.length > 0 && isAtEnd(reader)) return items;
    items.push(readValue(reader));
    skipBlanks(reader);
    if (isAtEnd(reader)) return items.length === 1 ? items[0] : items;
    if (reader.text[reader.at++] !== ',') fail(reader);
  }
  return undefined;
}

function isAtEnd({ text, at }: Reader): boolean {
  return at >= text.length || text[at] === '#';
}

function skipBlanks(reader: Reader): void {
  while (/[ \t\f]/.test(reader.text[reader.at] ?? '')) reader.at++;
}

function readValue(reader: Reader): unknown {
  const rest = reader.text.slice(reader.at);
  if (rest.startsWith('[')) return readItems(reader, ']').items;
  if (rest.startsWith('(')) return readParenthesis(reader);
  if (rest.startsWith('{')) return readDict(reader);
  if (/^[uUrR]?['"]/.test(rest)) return readStrings(reader);
  const word = /^(?:True|False|None)\b/.exec(rest)?.[0];
  if (word !== undefined) {
    reader.at += word.length;
    return WORDS[word];
  }
  return readNumber(reader, rest);
}

function readNumber(reader: Reader, rest: string): number | undefined {
  const match = NUMBER.exec(rest)?.[0];
  if (match === undefined) return fail(reader);
  const digits = match.replace(/[\s_]/g, '');
  const isDecimal = /^[-+]?\d+$/.test(digits);
  if (isDecimal && /^[-+]?0+[1-9]/.test(digits)) return fail(reader);
  reader.at += match.length;
  const sign = digits.startsWith('-') ? -1 : 1;
  const size = Number(digits.replace(/^[-+]/, ''));
  const isFloat = /[.eE]/.test(digits) && !/^[-+]?0[xX]/.test(digits);
  if (!isFloat && !Number.isSafeInteger(size)) return fail(reader);
  return size === 0 && !isFloat ? 0 : sign * size;
}

function readItems(reader: Reader, end: string): { readonly items: unknown[]; readonly comma: boolean } {
  reader.at++;
  const items: unknown[] = [];
  let comma = true;
  while (!reader.broken) {
    skipBlanks(reader);
    if (reader.text[reader.at] === end) break;
    if (!comma) fail(reader);
    items.push(readValue(reader));
    skipBlanks(reader);
    comma = reader.text[reader.at] === ',';
    if (comma) reader.at++;
  }
  reader.at++;
  return { items, comma };
}

/** `(1)` is 1, `(1,)` and `()` are tuples. */
function readParenthesis(reader: Reader): unknown {
  const { items, comma } = readItems(reader, ')');
  return items.length === 1 && !comma ? items[0] : items;
}

function readDict(reader: Reader): unknown {
  reader.at++;
  const entries: [string, unknown][] = [];
  let comma = true;
  while (!reader.broken) {
    skipBlanks(reader);
    if (reader.text[reader.at] === '}') break;
    const key = readValue(reader);
    skipBlanks(reader);
    if (!comma || (typeof key === 'object' && key !== null) || reader.text[reader.at++] !== ':') fail(reader);
    skipBlanks(reader);
    entries.push([String(key), readValue(reader)]);
    skipBlanks(reader);
    comma = reader.text[reader.at] === ',';
    if (comma) reader.at++;
  }
  reader.at++;
  return Object.fromEntries(entries);
}

/** One string, or several side by side, which Python joins. */
function readStrings(reader: Reader): string {
  let joined = '';
  for (;;) {
    const opening = /^([uUrR]?)(['"])/.exec(reader.text.slice(reader.at));
    if (!opening) return joined;
    reader.at += opening[0].length;
    joined += readString(reader, opening[2]!, opening[1]!.toLowerCase() === 'r');
    skipBlanks(reader);
  }
}

function readString(reader: Reader, quote: string, isRaw: boolean): string {
  let value = '';
  while (!reader.broken) {
    const char = reader.text[reader.at++];
    if (char === quote) break;
    if (char === undefined) fail(reader);
    else if (char !== '\\') value += char;
    else value += isRaw ? `\\${reader.text[reader.at++] ?? ''}` : (readEscape(reader) ?? '');
  }
  return value;
}

function readEscape(reader: Reader): string | undefined {
  const rest = reader.text.slice(reader.at);
  const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest);
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  const char = rest[0];
  if (char === undefined || (/[xuUN]/.test(char) && !code)) return fail(reader);
  reader.at += code?.[0].length ?? octal?.length ?? 1;
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  if (!code) return ESCAPES[char] ?? `\\${char}`;
  const point = Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16);
  return point > 0x10ffff ? fail(reader) : String.fromCodePoint(point);
}
