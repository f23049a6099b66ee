import { describe, expect, it } from 'vitest';
import { formatValue } from '../../../../src/jinja/python/format-spec.ts';
import { float, type Val } from '../../../../src/jinja/values/values.ts';

describe('formatValue', () => {
  it.each([
    [5, '03d', '005'],
    [-5, '04', '-005'],
    [5, '+', '+5'],
    [1234567, ',', '1,234,567'],
    [255, 'x', 'ff'],
    [255, '#X', '0XFF'],
    [5, 'b', '101'],
    [65536, '_x', '1_0000'],
    [65, 'c', 'A'],
    [5, '<4', '5   '],
    [5, '^5', '  5  '],
    [5, '*^5', '**5**'],
    [-5, '=5', '-   5'],
    [5, '.2f', '5.00'],
    [1.5, '', '1.5'],
    [float(1), '', '1.0'],
    [1234.5, ',.2f', '1,234.50'],
    [1234.5, '0,.2f', '1,234.50'],
    [0.256, '.1%', '25.6%'],
    [1e10, 'g', '1e+10'],
    [1.5, 'E', '1.500000E+00'],
    [2.5, '.0', '2e+00'],
    [12.5, '.3', '12.5'],
    [true, '>3', '  1'],
    [true, '', 'True'],
    ['a', '5', 'a    '],
    ['abc', '.2', 'ab'],
    ['a', '>3s', '  a'],
    ['a', '05', 'a0000'],
    [2n ** 70n, ',', '1,180,591,620,717,411,303,424'],
  ] as readonly (readonly [Val, string, string])[])('%s by %j is %j', (value, spec, expected) => {
    expect(formatValue(value, spec)).toBe(expected);
  });

  it.each([
    ['a', 'd'],
    ['a', '+'],
    ['a', ','],
    ['a', '=5'],
    [1, 's'],
    [1, '.2d'],
    [1.5, 'd'],
    [1.5, 'c'],
    [5, ',x'],
    [[1], '5'],
    [null, '5'],
    [1, '5q'],
    [1234, '010,'],
  ] as readonly (readonly [Val, string])[])('refuses %s by %j', (value, spec) => {
    expect(() => formatValue(value, spec)).toThrow(/format\(\)/);
  });
});
