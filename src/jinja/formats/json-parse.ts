import { valueFailure } from '../fault.ts';
import { dictOf } from '../values/dicts.ts';
import { float, int, ownList, type Val } from '../values/values.ts';

const TOKEN =
  /[ \t\n\r]*(?:([[\]{},:])|("(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*")|(-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)|(true|false|null|NaN|-?Infinity))/y;
const CONSTANTS: Readonly<Record<string, Val>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

interface Reader {
  readonly text: string;
  at: number;
}

/** The value of a JSON text, with whole numbers and floats told apart. */
export function parseJson(text: string): Val {
  const reader: Reader = { text, at: 0 };
  const value = readValue(reader);
  if (text.slice(reader.at).trim() !== '') throw malformed(reader);
  return value;
}

function malformed({ text, at }: Reader): Error {
  const line = text.slice(0, at).split('\n').length;
  return valueFailure(`The text is not JSON: line ${line}, character ${at + 1} cannot be read.`);
}

function readToken(reader: Reader): RegExpExecArray {
  TOKEN.lastIndex = reader.at;
  const token = TOKEN.exec(reader.text);
  if (token === null) throw malformed(reader);
  reader.at = TOKEN.lastIndex;
  return token;
}

function isNext(reader: Reader, mark: string): boolean {
  const before = reader.at;
  TOKEN.lastIndex = before;
  const found = TOKEN.exec(reader.text)?.[1] === mark;
  reader.at = found ? TOKEN.lastIndex : before;
  return found;
}

function readValue(reader: Reader): Val {
  const start = reader.at;
  const [, mark, text, number, fraction, exponent, word] = readToken(reader);
  if (text !== undefined) return JSON.parse(text) as string;
  if (number !== undefined)
    return fraction === undefined && exponent === undefined ? int(BigInt(number)) : float(Number(number));
  if (word !== undefined) return CONSTANTS[word]!;
  if (mark === '[') return readList(reader);
  if (mark === '{') return readDict(reader);
  reader.at = start;
  throw malformed(reader);
}

function readList(reader: Reader): Val {
  const items: Val[] = [];
  if (isNext(reader, ']')) return ownList(items);
  do items.push(readValue(reader));
  while (isNext(reader, ','));
  if (!isNext(reader, ']')) throw malformed(reader);
  return ownList(items);
}

function readDict(reader: Reader): Val {
  const pairs: (readonly [Val, Val])[] = [];
  if (isNext(reader, '}')) return dictOf(pairs);
  do {
    const key = readValue(reader);
    if (typeof key !== 'string' || !isNext(reader, ':')) throw malformed(reader);
    pairs.push([key, readValue(reader)]);
  } while (isNext(reader, ','));
  if (!isNext(reader, '}')) throw malformed(reader);
  return dictOf(pairs);
}
