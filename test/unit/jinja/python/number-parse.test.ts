import { describe, expect, it } from 'vitest';
import { parseFloatText, parseInteger } from '../../../../src/jinja/python/number-parse.ts';

describe('parseInteger', () => {
  it.each([
    ['42', 10, 42n],
    [' -7 ', 10, -7n],
    ['+1_000', 10, 1000n],
    ['0x1f', 16, 31n],
    ['1f', 16, 31n],
    ['0x1f', 0, 31n],
    ['0b11', 2, 3n],
    ['0o17', 8, 15n],
    ['z', 36, 35n],
    ['0_1', 10, 1n],
  ])('reads %j in base %i', (text, base, expected) => {
    expect(parseInteger(text, base)).toBe(expected);
  });

  it.each([
    ['', 10],
    ['1.5', 10],
    ['0x1f', 10],
    ['1__0', 10],
    ['_1', 10],
    ['1_', 10],
    ['8', 8],
    ['012', 0],
    ['1', 1],
    ['1', 99],
    ['- 1', 10],
  ])('does not read %j in base %i', (text, base) => {
    expect(parseInteger(text, base)).toBeUndefined();
  });
});

describe('parseFloatText', () => {
  it.each([
    ['1.5', 1.5],
    [' -2 ', -2],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['1_0.5', 10.5],
    ['inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['nan', Number.NaN],
  ])('reads %j', (text, expected) => {
    expect(parseFloatText(text)).toBe(expected);
  });

  it.each(['', 'x', '1,5', '1e', '0x1', '1__0', '.'])('does not read %j', (text) => {
    expect(parseFloatText(text)).toBeUndefined();
  });
});
