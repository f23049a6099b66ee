import { structuredPatch } from 'diff';
import { visible } from '../diagnostics/visible.ts';

/** A line of a unified diff: its first character is ` `, `-`, `+`, `@` or `\`. */
export type DiffLine = string;

/** What a text difference comes to, in lines. */
export interface TextDiff {
  readonly added: number;
  readonly removed: number;
  readonly lines: readonly DiffLine[];
}

/**
 * The unified diff of two texts with three lines of context, control characters made visible so that a file cannot
 * drive the terminal. Texts too far apart to compare in a second count as replaced whole.
 */
export function textDiff(from: string, to: string): TextDiff {
  const patch = structuredPatch('', '', from, to, '', '', { context: 3, timeout: 1000 });
  const lines = patch
    ? patch.hunks.flatMap((hunk) => [
        `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
        ...hunk.lines,
      ])
    : [...wholeLines('-', from), ...wholeLines('+', to)];
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
    lines: lines.map(visible),
  };
}

function wholeLines(sign: string, text: string): readonly string[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => sign + line);
}
