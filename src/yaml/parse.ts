import { createHash } from 'node:crypto';
import { LineCounter, type Node, parseDocument, type YAMLParseError } from 'yaml';
import { pack, unpack } from './packed.ts';

/** The tree of a text. */
export interface Parsed {
  /** The root; null where there is nothing. */
  readonly contents: Node | null;
  readonly lines: LineCounter;
  readonly errors: readonly YAMLParseError[];
}

/** Parses a text. */
export function parse(text: string): Parsed {
  const lines = new LineCounter();
  const options = { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, resolveKnownTags: false } as const;
  const { contents, errors } = parseDocument(text, { ...options, lineCounter: lines, logLevel: 'error' });
  return { contents, lines, errors };
}

/** The tree of a text that was kept; undefined for any other, as for one that was edited since. */
export function keptTree(text: string, trees: Readonly<Record<string, string>>): Parsed | undefined {
  const kept = trees[digestOf(text)];
  return kept === undefined ? undefined : { contents: unpack(JSON.parse(kept)), lines: linesOf(text), errors: [] };
}

/** The trees of texts without a fault, as JSON by the digest of the text. */
export function treesOf(texts: readonly string[]): Readonly<Record<string, string>> {
  const sound = texts.map((text) => ({ text, ...parse(text) })).filter(({ errors }) => errors.length === 0);
  return Object.fromEntries(
    sound.map(({ text, contents }) => [digestOf(text), JSON.stringify(contents && pack(contents))]),
  );
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** Where lines begin, as the parser counts them. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}
