import { describe, expect, it } from 'vitest';
import { characters, charOf, floatText, repr, str, textLength } from '../../../../src/jinja/python/python-text.ts';
import { dictOf } from '../../../../src/jinja/values/dicts.ts';
import { float, Range, Tuple, type Val, View } from '../../../../src/jinja/values/values.ts';

describe('repr', () => {
  it.each([
    ['a', "'a'"],
    ["it's", '"it\'s"'],
    [`"it's"`, `'"it\\'s"'`],
    ['a\n\t\r\\', "'a\\n\\t\\r\\\\'"],
    ['\x00\x7f\x80', "'\\x00\\x7f\\x80'"],
    ['\u00a0\u2028\ufeff', "'\\xa0\\u2028\\ufeff'"],
    ['é😀', "'é😀'"],
    ['\u{e0001}', "'\\U000e0001'"],
  ])('of the text %j', (value, expected) => {
    expect(repr(value)).toBe(expected);
  });

  it.each([
    [null, 'None'],
    [true, 'True'],
    [false, 'False'],
    [1, '1'],
    [1.5, '1.5'],
    [float(1), '1.0'],
    [2n ** 64n, '18446744073709551616'],
    [[1, 'a', null], "[1, 'a', None]"],
    [new Tuple([1]), '(1,)'],
    [new Tuple([1, 2]), '(1, 2)'],
    [new Tuple([]), '()'],
    [{ a: [1] }, "{'a': [1]}"],
    [
      dictOf([
        [1, 'a'],
        [new Tuple([1, 2]), {}],
      ]),
      "{1: 'a', (1, 2): {}}",
    ],
    [new View('dict_keys', ['a']), "dict_keys(['a'])"],
    [new Range(0, 3, 1), 'range(0, 3)'],
    [new Range(0, 6, 2), 'range(0, 6, 2)'],
  ] as readonly (readonly [Val, string])[])('case %#', (value, expected) => {
    expect(repr(value)).toBe(expected);
  });
});

describe('str', () => {
  it('leaves text as it is', () => {
    expect(str("it's")).toBe("it's");
    expect(str(['a'])).toBe("['a']");
  });
});

describe('floatText', () => {
  it.each([
    [1, '1.0'],
    [0.1, '0.1'],
    [-0, '-0.0'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e16, '1.5e+16'],
    [1e-4, '0.0001'],
    [1e-5, '1e-05'],
    [1.234e-7, '1.234e-07'],
    [1e100, '1e+100'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
    [123456.789, '123456.789'],
  ])('of %d is %s', (value, expected) => {
    expect(floatText(value)).toBe(expected);
  });
});

describe('characters', () => {
  it('are code points', () => {
    expect(characters('a😀')).toEqual(['a', '😀']);
    expect(textLength('a😀')).toBe(2);
    expect(charOf(0x1f600)).toBe('😀');
    expect(() => charOf(0x110000)).toThrow('There is no character with the number 1114112.');
  });
});
