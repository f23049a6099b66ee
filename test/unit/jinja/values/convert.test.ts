import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../render.ts';

describe('plain data from a template', () => {
  it.each([
    ['(1, (2,))', [1, [2]]],
    ['range(3)', [0, 1, 2]],
    ['4 / 2', 2],
    ['{"b": 1, "a": {"x": (1,)}}', { b: 1, a: { x: [1] } }],
    ['{1: "a"}', { '1': 'a' }],
    ['d.items()', [['x', 1]]],
    ['d.keys()', ['x']],
    ['2 ** 53 - 1', 2 ** 53 - 1],
    ['{}', {}],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, { d: { x: 1 } })).toEqual(expected);
  });

  it('is the very data of the context where nothing had to change', () => {
    const d = { list: [1, { a: null }] };
    expect(evaluate('{{ d }}', { d })).toBe(d);
    expect(evaluate('{{ d.list }}', { d })).toBe(d.list);
  });

  it.each([
    ['2 ** 64', 'The number is too large to be kept exactly.'],
    ['{(1, 2): 3}', 'A tuple cannot be the key of plain data.'],
    ['namespace()', 'namespace is a namespace, which is not data.'],
    ['range', 'range is a function, which is not data.'],
    ['[range]', 'range is a function, which is not data.'],
  ])('refuses %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
