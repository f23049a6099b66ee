import { expect, it } from 'vitest';
import { type Diagnostic, Refusal, result, unwrap } from '../../../src/diagnostics/diagnostic.ts';

const warning: Diagnostic = { code: 'w', severity: 'warning', what: 'Careful.' };
const error: Diagnostic = { code: 'e', severity: 'error', what: 'No.' };

it('gives a value along with warnings', () => {
  const outcome = result(() => 5, [warning]);
  expect(outcome).toEqual({ ok: true, value: 5, warnings: [warning] });
  expect(unwrap(outcome)).toBe(5);
});

it('gives all diagnostics, and never makes the value, when one is an error', () => {
  const outcome = result((): number => {
    throw new Error('made');
  }, [warning, error]);
  expect(outcome).toEqual({ ok: false, faults: [warning, error] });
  expect(() => unwrap(outcome)).toThrow(Refusal);
  expect(() => unwrap(outcome)).toThrow('w: Careful.\ne: No.');
});
