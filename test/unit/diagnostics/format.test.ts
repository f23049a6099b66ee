import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { formatDiagnostic, formatDiagnostics, type Paint } from '../../../src/diagnostics/format.ts';

const source = '- name: Hosts file\n  file:\n    path: /etc/hosts\n    moed: "0644"\n\tx: 1\n';
const sourceOf = (file: string) => (file === 'site.yml' ? source : undefined);
const unknownKey: Diagnostic = {
  code: 'unknown-key',
  severity: 'error',
  what: 'The task "Hosts file" has no key "moed".',
  at: { file: 'site.yml', line: 4, col: 5, endCol: 9 },
  why: 'file takes path, content and mode.',
  mend: 'Did you mean "mode"?',
};

describe('formatDiagnostic', () => {
  it('shows the line, underlines the fault, explains it', () => {
    expect(formatDiagnostic(unknownKey, sourceOf)).toBe(`error unknown-key  The task "Hosts file" has no key "moed".
  site.yml:4:5
  4 │     moed: "0644"
    │     ^^^^
  why     file takes path, content and mode.
  mend    Did you mean "mode"?`);
  });

  it('says on which host, during which step, and in what state things are', () => {
    const fault: Diagnostic = {
      code: 'gate-timeout',
      severity: 'error',
      what: 'mon-b did not become ready within 60 s.',
      at: { file: 'roles/x.yml', line: 31, col: 7 },
      host: 'mon-b',
      step: 'wait',
      output: 'first\nsecond\n',
      state: 'mon-a is untouched.',
    };
    expect(formatDiagnostic(fault, sourceOf)).toBe(`error gate-timeout  mon-b did not become ready within 60 s.
  roles/x.yml:31:7  on mon-b  step "wait"
  output  first
          second
  state   mon-a is untouched.`);
  });

  it('keeps the caret under its character behind a tab, and on a line of its own length', () => {
    const tab: Diagnostic = { code: 'c', severity: 'warning', what: 'W.', at: { file: 'site.yml', line: 5, col: 2 } };
    expect(formatDiagnostic(tab, sourceOf).split('\n').slice(1)).toEqual(['  site.yml:5:2', '  5 │  x: 1', '    │  ^']);
  });

  it('does without the line when the file or the line is not known', () => {
    const gone: Diagnostic = { ...unknownKey, at: { file: 'site.yml', line: 99, col: 1 } };
    expect(formatDiagnostic(gone, sourceOf)).not.toContain('│');
  });

  it('cuts what no terminal can hold', () => {
    const fault: Diagnostic = {
      code: 'c',
      severity: 'error',
      what: 'W.',
      at: { file: 'f', line: 1, col: 3, endCol: 900 },
    };
    const lines = formatDiagnostic(fault, () => 'x'.repeat(1000)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(170);
  });

  it('paints only the words that carry weight', () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const paint: Paint = { error: mark('e'), warning: mark('w'), strong: mark('s'), faint: mark('f') };
    const [head, , frame, carets] = formatDiagnostic(unknownKey, sourceOf, paint).split('\n');
    expect(head).toBe('<e>error</e> <s>unknown-key</s>  The task "Hosts file" has no key "moed".');
    expect(frame).toBe('  <f>4 │</f>     moed: "0644"');
    expect(carets).toBe('  <f>  │</f>     <e>^^^^</e>');
  });
});

it('puts errors last, where the prompt is', () => {
  const warning: Diagnostic = { code: 'w', severity: 'warning', what: 'Careful.' };
  const error: Diagnostic = { code: 'e', severity: 'error', what: 'No.' };
  expect(formatDiagnostics([error, warning], sourceOf)).toBe('warning w  Careful.\n\nerror e  No.');
});
