import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

describe('filters that put lists together', () => {
  it.each([
    [
      "[1, 2] | zip(['a', 'b'])",
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      "[1, 2] | zip_longest(['a'], fillvalue='-')",
      [
        [1, 'a'],
        [2, '-'],
      ],
    ],
    [
      "[1] | product(['a', 'b'])",
      [
        [1, 'a'],
        [1, 'b'],
      ],
    ],
    [
      '[1, 2] | permutations',
      [
        [1, 2],
        [2, 1],
      ],
    ],
    [
      '[1, 2, 3] | combinations(2)',
      [
        [1, 2],
        [1, 3],
        [2, 3],
      ],
    ],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toEqual(expected);
  });

  it('bound what they make', () => {
    expect(faultOf('{{ range(1000) | product(range(1000), range(1000)) }}').message).toBe(
      'The list would be longer than 1000000 items.',
    );
    expect(faultOf('{{ range(12) | permutations }}').message).toBe('The list would be longer than 1000000 items.');
  });
});
