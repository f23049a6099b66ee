import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../src/jinja/formats/json-parse.ts';
import { repr } from '../../../../src/jinja/python/python-text.ts';

describe('parseJson', () => {
  it.each([
    ['{"b": [1, 1.0, -2e3], "a": {"x": null}}', "{'b': [1, 1.0, -2000.0], 'a': {'x': None}}"],
    [' [] ', '[]'],
    ['"\\u00e9\\n"', "'é\\n'"],
    ['12345678901234567890', '12345678901234567890'],
    ['[true, false]', '[True, False]'],
    ['{"10": 1, "9": 2}', "{'10': 1, '9': 2}"],
    ['NaN', 'nan'],
    ['{"a": 1, "a": 2}', "{'a': 2}"],
  ])('%s', (text, expected) => {
    expect(repr(parseJson(text))).toBe(expected);
  });

  it.each(['', '{', '[1,]', '{"a" 1}', '{1: 2}', "'a'", '[1] 2', 'nul', '01', '"a\nb"', '{"a": }', ']'])(
    'refuses %j',
    (text) => {
      expect(() => parseJson(text)).toThrow('The text is not JSON');
    },
  );
});
