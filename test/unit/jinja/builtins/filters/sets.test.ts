import { describe, expect, it } from 'vitest';
import { evaluate } from '../../render.ts';

describe('filters on lists as sets', () => {
  it.each([
    ['union', [1, 2, 3]],
    ['intersect', [2]],
    ['difference', [1]],
    ['symmetric_difference', [1, 3]],
  ])('%s', (name, expected) => {
    expect(evaluate(`{{ [1, 2, 2] | ${name}([2, 3]) }}`)).toEqual(expected);
  });
});
