import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

const d = { b: 1, a: { x: [1] }, C: 0 };

describe('filters on dicts', () => {
  it.each([
    [
      'd | dictsort',
      [
        ['a', { x: [1] }],
        ['b', 1],
        ['C', 0],
      ],
    ],
    [
      '{"a": 2, "b": 1} | dictsort(by="value")',
      [
        ['b', 1],
        ['a', 2],
      ],
    ],
    [
      '{"a": 2, "b": 1} | dictsort(reverse=true)',
      [
        ['b', 1],
        ['a', 2],
      ],
    ],
    ['{"a": 1} | items', [['a', 1]]],
    ['{"a": 1} | dict2items', [{ key: 'a', value: 1 }]],
    ['[{"key": "a", "value": 1}] | items2dict', { a: 1 }],
    ['d | combine({"b": 2}, {"z": 3})', { b: 2, a: { x: [1] }, C: 0, z: 3 }],
    ['{"a": {"x": 1}} | combine({"a": {"y": 2}}, recursive=true)', { a: { x: 1, y: 2 } }],
    ['{"a": [1]} | combine({"a": [2]}, list_merge="append")', { a: [1, 2] }],
    ['"x" | extract({"x": 1})', 1],
    ['"a" | extract(d, ["x", 0])', 1],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, { d })).toEqual(expected);
  });

  it('leave the context as it is', () => {
    evaluate('{% set e = d | combine({"b": 9}) %}{% do e.update({"q": 1}) %}', { d });
    expect(d).toEqual({ b: 1, a: { x: [1] }, C: 0 });
  });

  it.each([
    ['[1] | dictsort', "'dictsort' needs a dict, but was given list."],
    ['{} | dictsort(by="x")', "'dictsort' sorts by 'key' or by 'value'."],
    [
      '{} | combine({}, list_merge="x")',
      "'combine' knows no list_merge 'x', only replace, keep, append, prepend, append_rp, prepend_rp.",
    ],
    ['[{"k": 1}] | items2dict', "'items2dict' needs items that have 'key'."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
