import type { Diagnostic, Place } from './diagnostic.ts';
import { visible, visibleLine } from './visible.ts';

/** How the parts of a fault are emphasised; the terminal paints, everything else uses `plain`. */
export interface Paint {
  error(text: string): string;
  warning(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

const same = (text: string): string => text;
export const plain: Paint = { error: same, warning: same, strong: same, faint: same };

/**
 * One fault as text of several lines, control characters in what it quotes made visible, with the source line it
 * points at when `sourceOf` knows the file.
 */
export function formatDiagnostic(
  fault: Diagnostic,
  sourceOf: (file: string) => string | undefined,
  paint: Paint = plain,
): string {
  const head = fault.severity === 'error' ? paint.error('error') : paint.warning('warning');
  const lines = [`${head} ${paint.strong(fault.code)}  ${indent(visible(fault.what))}`];
  const where = [
    fault.at && whereText(fault.at),
    fault.host && `on ${fault.host}`,
    fault.step && `step "${fault.step}"`,
  ].filter((one) => one !== undefined && one !== '');
  if (where.length > 0) lines.push(`  ${where.map((one) => visibleLine(one!)).join('  ')}`);
  if (fault.at && !fault.at.secret) lines.push(...frame(fault.at, sourceOf(fault.at.file), paint));
  for (const label of ['why', 'output', 'state', 'mend'] as const) {
    const text = fault[label];
    if (text !== undefined) lines.push(`  ${paint.faint(label.padEnd(8))}${indent(visible(text))}`);
  }
  return lines.join('\n');
}

/** What came from the command line (`-e name`) has no line of its own. */
function whereText({ file, line, col }: Place): string {
  return file.startsWith('-e ') ? file : `${file}:${line}:${col}`;
}

/** All faults, an empty line between them, errors last so that they stand nearest to the prompt. */
export function formatDiagnostics(
  faults: readonly Diagnostic[],
  sourceOf: (file: string) => string | undefined,
  paint: Paint = plain,
): string {
  const ordered = [...faults].sort((a, b) => Number(a.severity === 'error') - Number(b.severity === 'error'));
  return ordered.map((fault) => formatDiagnostic(fault, sourceOf, paint)).join('\n\n');
}

/**
 * A line that gives a value, and not just a template or the path of a file, to something whose name says that it is a
 * secret.
 */
const secretLine =
  /(?:password|passwd|passphrase|_pass|secret|token|api_?key|private_?key|credentials|authorization|bearer)(?!\w*_(?:file|path)\b)\w*["']?\s*[:=]\s*(?!["']?\{\{)\S/i;

function frame(at: Place, source: string | undefined, paint: Paint): readonly string[] {
  const line = source?.split('\n')[at.line - 1];
  if (line === undefined || secretLine.test(line)) return [];
  const shown = line.replaceAll('\t', ' ').replace(/\r$/, '').slice(0, 160);
  const gutter = String(at.line);
  const length = Math.max(1, Math.min((at.endCol ?? at.col + 1) - at.col, 160 - at.col));
  return [
    `  ${paint.faint(`${gutter} │`)} ${visible(shown)}`,
    `  ${paint.faint(`${' '.repeat(gutter.length)} │`)} ${' '.repeat(at.col - 1)}${paint.error('^'.repeat(length))}`,
  ];
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .join(`\n${' '.repeat(10)}`);
}
