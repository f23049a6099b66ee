import type { Place } from '../fault.ts';
import type { Node } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import { parseName } from './parse-target.ts';
import {
  expectWord,
  isWord,
  peek,
  placeOf,
  skipOperator,
  skipWord,
  syntaxAt,
  type TokenStream,
} from './token-stream.ts';

/** `include 'x' [ignore missing] [with context]`. */
export function parseInclude(stream: TokenStream, place: Place): Node {
  const template = parseExpression(stream);
  const ignoreMissing = isWord(stream, 'ignore') && isWord(stream, 'missing', 1);
  if (ignoreMissing) stream.at += 2;
  return { kind: 'include', template, ignoreMissing, withContext: parseContextWords(stream) ?? true, place };
}

function parseContextWords(stream: TokenStream): boolean | undefined {
  const given = (isWord(stream, 'with') || isWord(stream, 'without')) && isWord(stream, 'context', 1);
  if (!given) return undefined;
  const withContext = isWord(stream, 'with');
  stream.at += 2;
  return withContext;
}

/** `import 'x' as y`. */
export function parseImport(stream: TokenStream, place: Place): Node {
  const template = parseExpression(stream);
  expectWord(stream, 'as');
  const target = parseName(stream);
  return { kind: 'import', template, target, withContext: parseContextWords(stream) ?? false, place };
}

/** `from 'x' import y [as z], …`. */
export function parseFromImport(stream: TokenStream, place: Place): Node {
  const template = parseExpression(stream);
  expectWord(stream, 'import');
  const names: (readonly [string, string])[] = [];
  let withContext: boolean | undefined;
  do {
    withContext = names.length > 0 ? parseContextWords(stream) : undefined;
    if (withContext !== undefined) break;
    const token = peek(stream);
    const name = parseName(stream);
    if (name.startsWith('_'))
      throw syntaxAt(placeOf(stream, token), 'A name that starts with an underscore cannot be imported.');
    names.push([name, skipWord(stream, 'as') ? parseName(stream) : name]);
  } while (skipOperator(stream, ','));
  return {
    kind: 'from-import',
    template,
    names,
    withContext: withContext ?? parseContextWords(stream) ?? false,
    place,
  };
}
