import type { YAMLParseError } from 'yaml';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import { placeOf, type Source } from './locate.ts';

const MENDS: Readonly<Partial<Record<YAMLParseError['code'], string>>> = {
  BAD_DQ_ESCAPE: 'In double quotes a backslash starts an escape: write \\\\ or use single quotes.',
  BAD_INDENT: 'Give all keys of one mapping the same indentation, and what belongs to a key more than the key itself.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a value that holds ": " in quotes; begin a nested mapping on a line of its own.',
  MISSING_CHAR: 'Close the quote or bracket that was opened before this place.',
  MULTILINE_IMPLICIT_KEY: 'Write "key: value", with a colon and a blank, on one line.',
};

/** The faults of a text that is not YAML at all: of several on one line only the first, which is the cause. */
export function syntaxFaults(source: Source, errors: readonly YAMLParseError[]): readonly Diagnostic[] {
  const seen = new Set<number>();
  return [...errors]
    .sort((a, b) => a.pos[0] - b.pos[0])
    .map((error) => faultOf(source, error))
    .filter((fault) => !seen.has(fault.at!.line) && seen.add(fault.at!.line));
}

function faultOf(source: Source, error: YAMLParseError): Diagnostic {
  const at = placeOf(source, error.pos[0], error.pos[1]);
  if (error.code === 'MULTIPLE_DOCS') {
    const what = 'A second YAML document begins here; a file holds one.';
    return {
      code: 'many-documents',
      severity: 'error',
      what,
      at,
      mend: 'Remove the "---", or move it to its own file.',
    };
  }
  if (error.code === 'RESOURCE_EXHAUSTION') return tooDeep(at);
  if (error.code === 'TAB_AS_INDENT') {
    const what = 'A tab indents this line; YAML allows only spaces.';
    return { code: 'yaml-tab', severity: 'error', what, at, mend: 'Replace the tab by spaces.' };
  }
  const before = source.text.slice(source.lines.lineStarts[at.line - 1] ?? 0, error.pos[0]);
  const template = /[:-][ ]+(\{\{.*)$/.exec(before)?.[1];
  if (template !== undefined) return bareTemplate(placeOf(source, error.pos[0] - template.length, error.pos[1]));
  const what = `This is not valid YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}.`;
  const mend = MENDS[error.code];
  return { code: 'yaml-syntax', severity: 'error', what, at, ...(mend && { mend }) };
}

/** The fault of a template at the beginning of a value, which YAML takes for a mapping. */
export function bareTemplate(at: Place): Diagnostic {
  const what = 'A value that begins with {{ must be in quotes.';
  const why = 'To YAML an open brace begins a mapping.';
  const mend = 'Put the whole value in double quotes: "{{ … }}".';
  return { code: 'unquoted-template', severity: 'error', what, at, why, mend };
}

/** The fault of a text nested hundreds of levels deep; the parser is recursive and would exhaust the stack. */
export function tooDeep(at: Place): Diagnostic {
  return { code: 'yaml-too-deep', severity: 'error', what: 'This file is nested too deeply to be read.', at };
}
