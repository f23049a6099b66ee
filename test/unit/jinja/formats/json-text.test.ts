import { describe, expect, it } from 'vitest';
import { jsonText } from '../../../../src/jinja/formats/json-text.ts';
import { dictOf } from '../../../../src/jinja/values/dicts.ts';
import { float, Tuple, type Val } from '../../../../src/jinja/values/values.ts';

describe('jsonText', () => {
  it.each([
    [null, 'null'],
    [true, 'true'],
    [1, '1'],
    [float(1), '1.0'],
    [1e30, '1e+30'],
    [2n ** 64n, '18446744073709551616'],
    ['a"\\\né\u2028', '"a\\"\\\\\\n\\u00e9\\u2028"'],
    ['😀', '"\\ud83d\\ude00"'],
    [[1, 'a'], '[1, "a"]'],
    [new Tuple([1]), '[1]'],
    [{ b: 1, a: {} }, '{"b": 1, "a": {}}'],
    [
      dictOf([
        [1, 'a'],
        [null, 2],
        [float(2), 3],
        [false, 4],
      ]),
      '{"1": "a", "null": 2, "2.0": 3, "false": 4}',
    ],
    [Number.NaN, 'NaN'],
    [[], '[]'],
  ] as readonly (readonly [Val, string])[])('case %#', (value, expected) => {
    expect(jsonText(value)).toBe(expected);
  });

  it('indents, sorts, and keeps letters as they are', () => {
    expect(jsonText({ b: [1, []], a: 'é' }, { indent: '  ', sortKeys: true, ascii: false })).toBe(
      '{\n  "a": "é",\n  "b": [\n    1,\n    []\n  ]\n}',
    );
    expect(jsonText([1, { a: 2 }], { separators: [',', ':'] })).toBe('[1,{"a":2}]');
  });

  it('refuses what JSON does not have', () => {
    expect(() => jsonText(dictOf([[new Tuple([1]), 1]]))).toThrow('A tuple cannot be the key of a JSON object.');
  });
});
