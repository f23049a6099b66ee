/** A word of a line and where its first character stands, counted from 0. */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
}

/** The words of a line; where a comment cut a word short; or what is wrong with the line. */
export type ShellLine =
  | { readonly words: readonly ShellWord[]; readonly cutAt: number | undefined }
  | { readonly fault: string };

/**
 * Splits a line into words as Python's shlex does in POSIX mode with comments, which is how Ansible reads host lines:
 * quotes group, a backslash escapes, and `#` begins a comment even inside a word.
 */
export function shellWords(line: string): ShellLine {
  const words: ShellWord[] = [];
  let text: string | undefined;
  let start = 0;
  let cutAt: number | undefined;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (char === '#') {
      if (text !== undefined) cutAt = i;
      break;
    }
    if (/\s/.test(char)) {
      if (text !== undefined) words.push({ text, start });
      text = undefined;
      continue;
    }
    if (text === undefined) [text, start] = ['', i];
    if (char === '\\') {
      if (i + 1 === line.length) return { fault: 'The line ends in a backslash.' };
      text += line[++i];
    } else if (char === "'" || char === '"') {
      const quoted = quotedPart(line, i);
      if (!quoted) return { fault: `The quote ${char} is not closed.` };
      text += quoted.text;
      i = quoted.end;
    } else {
      text += char;
    }
  }
  if (text !== undefined) words.push({ text, start });
  return { words, cutAt };
}

/** What stands between the quote at `open` and its partner at `end`. */
function quotedPart(line: string, open: number): { readonly text: string; readonly end: number } | undefined {
  const quote = line[open]!;
  let text = '';
  for (let i = open + 1; i < line.length; i++) {
    const char = line[i]!;
    if (char === quote) return { text, end: i };
    const next = line[i + 1];
    if (quote === '"' && char === '\\' && (next === '"' || next === '\\')) text += line[++i];
    else text += char;
  }
  return undefined;
}
