import { expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/diagnostics/format.ts';
import { visible, visibleLine } from '../../../src/diagnostics/visible.ts';

it.each([
  ['tab\there\n', 'tab\there\n', 'tab here '],
  ['\x1b]0;x\x07', '\\x1b]0;x\\x07', '\\x1b]0;x\\x07'],
  ['a\u009bb\x7f\r', 'a\\x9bb\\x7f\\x0d', 'a\\x9bb\\x7f '],
  ['a\u202eb', 'a\\u202eb', 'a\\u202eb'],
  ['é€😀', 'é€😀', 'é€😀'],
])('%j can neither drive a terminal nor turn a text around', (text, shown, line) => {
  expect(visible(text)).toBe(shown);
  expect(visibleLine(text)).toBe(line);
});

it('what a fault quotes from a file or a host cannot drive the terminal either, or pass for another fault', () => {
  const at = { file: 'a.yml', line: 1, col: 1 };
  const evil = 'x\x1b[2J\nerror done  y';
  const fault = { code: 'c', severity: 'error', what: evil, at, host: evil, why: evil, output: evil } as const;
  const text = formatDiagnostic(fault, () => evil);
  expect(text.replaceAll('\n', '')).toBe(visible(text).replaceAll('\n', ''));
  expect(text.match(/^error/gm)).toHaveLength(1);
});
