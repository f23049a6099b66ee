import type { Place } from '../fault.ts';
import { didYouMean } from '../suggest.ts';
import type { Body, Branch, Expr, FilterStep, Node, Target } from './ast.ts';
import { parseExpression, parseTuple } from './parse-expression.ts';
import { parseFromImport, parseImport, parseInclude } from './parse-loading.ts';
import { parseFilterStep } from './parse-primary.ts';
import { parseName, parseOneTarget, parseParameters, parseTarget } from './parse-target.ts';
import {
  deeper,
  expectKind,
  expectOperator,
  expectWord,
  isOperator,
  isWord,
  next,
  peek,
  placeFrom,
  placeOf,
  skipOperator,
  skipWord,
  syntaxAt,
  type TokenStream,
  unsupportedAt,
} from './token-stream.ts';

/** A block that is being read, with the tags that may end a part of it. */
interface Open {
  readonly tag: string;
  readonly place: Place;
  readonly ends: readonly string[];
}

const never = (): boolean => false;

/** A whole template. */
export function parseBody(stream: TokenStream): Body {
  return parseUntil(stream, undefined, false);
}

function parseUntil(stream: TokenStream, open: Open | undefined, inLoop: boolean): Body {
  const body: Node[] = [];
  for (;;) {
    const token = peek(stream);
    if (token.kind === 'end') {
      if (open === undefined) return body;
      throw syntaxAt(open.place, `This '${open.tag}' is never closed with '${closingTag(open)}'.`);
    }
    next(stream);
    if (token.kind === 'data') {
      body.push({ kind: 'data', text: token.value, place: placeOf(stream, token) });
    } else if (token.kind === 'open-output') {
      const value = parseTuple(stream, never);
      expectKind(stream, 'close-output', "'}}'");
      body.push({ kind: 'output', value, place: placeFrom(stream, token.start) });
    } else {
      if (open?.ends.some((end) => isWord(stream, end))) return body;
      body.push(deeper(stream, () => parseStatement(stream, open, inLoop)));
      expectKind(stream, 'close-tag', "'%}'");
    }
  }
}

function closingTag(open: Open): string {
  return `{% ${open.ends.at(-1)} %}`;
}

type StatementParser = (stream: TokenStream, place: Place, inLoop: boolean) => Node;

const STATEMENTS: Readonly<Record<string, StatementParser>> = {
  break: (_stream, place, inLoop) => parseJump('break', place, inLoop),
  call: parseCallBlock,
  continue: (_stream, place, inLoop) => parseJump('continue', place, inLoop),
  do: (stream, place) => ({ kind: 'do', value: parseTuple(stream, never), place }),
  filter: parseFilterBlock,
  for: parseFor,
  from: parseFromImport,
  if: parseIf,
  import: parseImport,
  include: parseInclude,
  macro: parseMacro,
  set: parseSet,
  with: parseWith,
};

const REFUSED: Readonly<Record<string, string>> = {
  autoescape: 'Nothing is escaped by itself; use the filter escape where it is wanted.',
  block: 'Use {% include %}, or macros with {% import %}.',
  debug: 'Print what you want to see with {{ value | to_nice_json }}.',
  extends: 'Use {% include %}, or macros with {% import %}.',
  print: 'Write {{ value }}.',
  trans: 'Write the text in one language.',
};

function parseStatement(stream: TokenStream, open: Open | undefined, inLoop: boolean): Node {
  const token = expectKind(stream, 'name', 'The name of a statement');
  const place = placeOf(stream, token);
  const parse = Object.hasOwn(STATEMENTS, token.value) ? STATEMENTS[token.value] : undefined;
  if (parse !== undefined) return parse(stream, place, inLoop);
  if (Object.hasOwn(REFUSED, token.value)) {
    throw unsupportedAt(place, `The statement '${token.value}' is not supported.`, REFUSED[token.value]);
  }
  if (token.value.startsWith('end') || token.value === 'else' || token.value === 'elif') {
    const message = `There is no block that this '${token.value}' belongs to.`;
    const mend = open && `The innermost open block is '${open.tag}'; it ends with '${closingTag(open)}'.`;
    throw syntaxAt(place, message, { mend });
  }
  throw syntaxAt(place, `There is no statement '${token.value}'.`, {
    mend: didYouMean(token.value, Object.keys(STATEMENTS)),
  });
}

/** The body of a block: from the end of this tag up to one of the ends, which is read too and given back. */
function parseBlock(stream: TokenStream, open: Open, inLoop: boolean): { body: Body; end: string } {
  skipOperator(stream, ':');
  expectKind(stream, 'close-tag', "'%}'");
  const body = parseUntil(stream, open, inLoop);
  return { body, end: next(stream).value };
}

function parseJump(kind: 'break' | 'continue', place: Place, inLoop: boolean): Node {
  if (!inLoop) throw syntaxAt(place, `'${kind}' can only stand in a loop.`);
  return { kind, place };
}

function parseIf(stream: TokenStream, place: Place, inLoop: boolean): Node {
  const branches: Branch[] = [];
  for (;;) {
    const condition = parseTuple(stream, never, false);
    const { body, end } = parseBlock(stream, { tag: 'if', place, ends: ['elif', 'else', 'endif'] }, inLoop);
    branches.push({ condition, body });
    if (end === 'elif') continue;
    const otherwise = end === 'else' ? parseBlock(stream, { tag: 'if', place, ends: ['endif'] }, inLoop).body : [];
    return { kind: 'if', branches, otherwise, place };
  }
}

function parseFor(stream: TokenStream, place: Place, inLoop: boolean): Node {
  const target = parseTarget(stream, () => isWord(stream, 'in'));
  expectWord(stream, 'in');
  const items = parseTuple(stream, () => isWord(stream, 'recursive'), false);
  const condition = skipWord(stream, 'if') ? parseExpression(stream) : undefined;
  const recursive = skipWord(stream, 'recursive');
  const { body, end } = parseBlock(stream, { tag: 'for', place, ends: ['else', 'endfor'] }, true);
  const otherwise = end === 'else' ? parseBlock(stream, { tag: 'for', place, ends: ['endfor'] }, inLoop).body : [];
  return { kind: 'for', target, items, condition, recursive, body, otherwise, place };
}

function parseSet(stream: TokenStream, place: Place): Node {
  const target = parseTarget(stream, () => isOperator(stream, '='));
  if (skipOperator(stream, '=')) return { kind: 'set', target, value: parseTuple(stream, never), place };
  const filters = skipOperator(stream, '|') ? parseFilterSteps(stream) : [];
  const { body } = parseBlock(stream, { tag: 'set', place, ends: ['endset'] }, false);
  return { kind: 'set-block', target, filters, body, place };
}

function parseFilterSteps(stream: TokenStream): FilterStep[] {
  const steps = [parseFilterStep(stream)];
  while (skipOperator(stream, '|')) steps.push(parseFilterStep(stream));
  return steps;
}

function parseWith(stream: TokenStream, place: Place, inLoop: boolean): Node {
  const bindings: (readonly [Target, Expr])[] = [];
  while (peek(stream).kind !== 'close-tag' && !isOperator(stream, ':')) {
    if (bindings.length > 0) expectOperator(stream, ',');
    const target = parseOneTarget(stream);
    expectOperator(stream, '=');
    bindings.push([target, parseExpression(stream)]);
  }
  const { body } = parseBlock(stream, { tag: 'with', place, ends: ['endwith'] }, inLoop);
  return { kind: 'with', bindings, body, place };
}

function parseMacro(stream: TokenStream, place: Place): Node {
  const name = parseName(stream);
  const params = parseParameters(stream);
  const { body } = parseBlock(stream, { tag: 'macro', place, ends: ['endmacro'] }, false);
  return { kind: 'macro', name, params, body, place };
}

function parseCallBlock(stream: TokenStream, place: Place): Node {
  const params = isOperator(stream, '(') ? parseParameters(stream) : [];
  const call = parseExpression(stream);
  if (call.kind !== 'call') throw syntaxAt(call.place, "The statement 'call' needs the call of a macro.");
  const { body } = parseBlock(stream, { tag: 'call', place, ends: ['endcall'] }, false);
  return { kind: 'call-block', params, call, body, place };
}

function parseFilterBlock(stream: TokenStream, place: Place): Node {
  const filters = parseFilterSteps(stream);
  const { body } = parseBlock(stream, { tag: 'filter', place, ends: ['endfilter'] }, false);
  return { kind: 'filter-block', filters, body, place };
}
