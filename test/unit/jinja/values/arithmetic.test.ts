import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('arithmetic', () => {
  it.each([
    ['7 / 2', '3.5'],
    ['6 / 2', '3.0'],
    ['7 // 2', '3'],
    ['-7 // 2', '-4'],
    ['7 // 2.0', '3.0'],
    ['-7 % 3', '2'],
    ['7 % -3', '-2'],
    ['7.5 % 2', '1.5'],
    ['2 ** 10', '1024'],
    ['2 ** -1', '0.5'],
    ['2 ** 0.5', '1.4142135623730951'],
    ['1 + 1.0', '2.0'],
    ['0.1 + 0.2', '0.30000000000000004'],
    ['true + true', '2'],
    ['9007199254740992 + 1', '9007199254740993'],
    ['2 ** 64', '18446744073709551616'],
    ['-(2 ** 64)', '-18446744073709551616'],
    ['2 ** 64 // 3', '6148914691236517205'],
    ['2 ** 64 % 10', '6'],
    ['9007199254740993 / 7', '1286742750677284.8'],
    ['10 ** 20 * 10 ** 20', '1'.padEnd(41, '0')],
    ['-0.0', '-0.0'],
    ['0 * -1', '0'],
    ['+true', '1'],
    ['- -5', '5'],
    ['1e308 * 10', 'inf'],
  ])('%s is %s', (source, expected) => {
    expect(render(`{{ ${source} }}`)).toBe(expected);
  });

  it.each([
    ['1 / 0', 'Division by zero.'],
    ['1 // 0', 'Division by zero.'],
    ['1 % 0', 'Division by zero.'],
    ['1.5 / 0', 'Division by zero.'],
    ['0 ** -1', 'Zero cannot be raised to a negative power.'],
    ['(-8) ** 0.5', 'A negative number has no real root.'],
    ['10 ** 99999', 'The result of ** is too large.'],
    ["-'a'", "'-' needs a number, but was given str."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
