import { analyze, escapeOf, isBreak } from './yaml-scalar.ts';

/** The stream being written, and where on it the pen stands. */
export interface YamlWriter {
  readonly width: number;
  readonly step: number;
  text: string;
  column: number;
  /** Column of the current block; -1 before the first. */
  indent: number;
  flowLevel: number;
  /** Whether the last thing written was a space, or nothing. */
  whitespace: boolean;
  /** Whether only indentation and indicators stand on the line so far. */
  indention: boolean;
}

export function newWriter(width: number, step: number): YamlWriter {
  return { width, step, text: '', column: 0, indent: -1, flowLevel: 0, whitespace: true, indention: true };
}

function put(writer: YamlWriter, text: string): void {
  writer.text += text;
  writer.column += Array.from(text).length;
}

function putBreak(writer: YamlWriter, char = '\n'): void {
  writer.text += char;
  writer.column = 0;
}

/** Goes to the column of the current block, on a new line if need be. */
export function writeIndent(writer: YamlWriter): void {
  const indent = Math.max(0, writer.indent);
  if (!writer.indention || writer.column > indent || (writer.column === indent && !writer.whitespace)) putBreak(writer);
  put(writer, ' '.repeat(Math.max(0, indent - writer.column)));
  writer.whitespace = true;
  writer.indention = true;
}

export interface IndicatorOptions {
  readonly needsSpace?: boolean;
  readonly isSpace?: boolean;
  readonly isIndention?: boolean;
}

export function writeIndicator(writer: YamlWriter, indicator: string, options: IndicatorOptions = {}): void {
  if (options.needsSpace === true && !writer.whitespace) put(writer, ' ');
  put(writer, indicator);
  writer.whitespace = options.isSpace === true;
  writer.indention &&= options.isIndention === true;
}

/** Writes a scalar in the first style that gives it back: plain, single-quoted, double-quoted. */
export function writeScalar(writer: YamlWriter, text: string, mayBePlain: boolean, isSimpleKey: boolean): void {
  const chars = Array.from(text);
  const analysis = analyze(chars);
  const plainAllowed = writer.flowLevel > 0 ? analysis.plainInFlow : analysis.plainInBlock;
  const mayBreak = !isSimpleKey;
  const emptyNeedsQuotes = chars.length === 0 && (writer.flowLevel > 0 || isSimpleKey);
  if (isSimpleKey && analysis.isMultiline) writeDoubleQuoted(writer, chars, mayBreak);
  else if (plainAllowed && mayBePlain && !emptyNeedsQuotes) writePlain(writer, chars, mayBreak);
  else if (analysis.singleQuoted) writeSingleQuoted(writer, chars, mayBreak);
  else writeDoubleQuoted(writer, chars, mayBreak);
}

/** Whether a line that has grown too long is broken at this space. */
function breaksAt(writer: YamlWriter, chars: readonly string[], index: number): boolean {
  return writer.column > writer.width && chars[index - 1] !== ' ' && chars[index + 1] !== ' ';
}

function writePlain(writer: YamlWriter, chars: readonly string[], mayBreak: boolean): void {
  if (!writer.whitespace) put(writer, ' ');
  for (const [index, char] of chars.entries()) {
    if (char === ' ' && mayBreak && breaksAt(writer, chars, index)) {
      writeIndent(writer);
    } else {
      put(writer, char);
      writer.indention &&= char === ' ';
    }
  }
  writer.whitespace = false;
  writer.indention = false;
}

function writeSingleQuoted(writer: YamlWriter, chars: readonly string[], mayBreak: boolean): void {
  writeIndicator(writer, "'", { needsSpace: true });
  let afterBreak = false;
  for (const [index, char] of chars.entries()) {
    const isInside = index > 0 && index < chars.length - 1;
    if (char === ' ' && mayBreak && isInside && breaksAt(writer, chars, index)) {
      writeIndent(writer);
    } else if (isBreak(char)) {
      if (!afterBreak && char === '\n') putBreak(writer);
      putBreak(writer, char);
      writer.indention = true;
      afterBreak = true;
      continue;
    } else {
      if (afterBreak) writeIndent(writer);
      put(writer, char === "'" ? "''" : char);
      writer.indention &&= char === ' ';
    }
    afterBreak = false;
  }
  if (afterBreak) writeIndent(writer);
  writeIndicator(writer, "'");
  writer.indention = false;
}

function writeDoubleQuoted(writer: YamlWriter, chars: readonly string[], mayBreak: boolean): void {
  writeIndicator(writer, '"', { needsSpace: true });
  for (const [index, char] of chars.entries()) {
    const isInside = index > 0 && index < chars.length - 1;
    if (char === ' ' && mayBreak && isInside && chars[index - 1] !== ' ' && writer.column > writer.width) {
      writeIndent(writer);
      if (chars[index + 1] === ' ') put(writer, '\\');
    } else {
      put(writer, escapeOf(char) ?? char);
    }
  }
  writeIndicator(writer, '"');
  writer.indention = false;
}
