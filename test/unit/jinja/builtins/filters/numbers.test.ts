import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../../render.ts';

describe('filters on numbers', () => {
  it.each([
    ['-5 | abs', '5'],
    ['-1.5 | abs', '1.5'],
    ['-2.0 | abs', '2.0'],
    ["'42' | int", '42'],
    ["'42.9' | int", '42'],
    ["'x' | int", '0'],
    ["'x' | int(7)", '7'],
    ["'ff' | int(base=16)", '255'],
    ["'0x1f' | int(0, 16)", '31'],
    ['none | int', '0'],
    ['none | int(none)', 'None'],
    ['3.9 | int', '3'],
    ["'99999999999999999999' | int", '99999999999999999999'],
    ["'1.5' | float", '1.5'],
    ["'2' | float", '2.0'],
    ["'x' | float", '0.0'],
    ["'x' | float(none)", 'None'],
    ['5 | float', '5.0'],
    ['2.5 | round', '2.0'],
    ['3.5 | round', '4.0'],
    ['42.55 | round(1)', '42.5'],
    ['42.55 | round(1, "floor")', '42.5'],
    ['42.51 | round(1, "ceil")', '42.6'],
    ['42 | round', '42'],
    ['1250 | round(-2)', '1200'],
    ['1234.5 | round(-2)', '1200.0'],
    ['1 | filesizeformat', '1 Byte'],
    ['999 | filesizeformat', '999 Bytes'],
    ['1500 | filesizeformat', '1.5 kB'],
    ['1536 | filesizeformat(true)', '1.5 KiB'],
    ['1e30 | filesizeformat', '1000000.0 YB'],
    ['8 | log(2)', '3.0'],
    ['2 | pow(3)', '8.0'],
    ['9 | root', '3.0'],
  ])('%s', (source, expected) => {
    expect(render(`{{ ${source} }}`)).toBe(expected);
  });

  it.each([
    ["'a' | abs", "'abs' needs a number, but was given str."],
    ["'a' | round", "'round' needs a number, but was given str."],
    ["1 | round(0, 'up')", "'round' knows the methods common, ceil and floor."],
    ["'a' | filesizeformat", 'A number was expected, but a value of type str was given.'],
    ['0 | log', "'log' needs a number above zero."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
