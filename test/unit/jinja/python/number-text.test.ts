import { describe, expect, it } from 'vitest';
import { exponential, fixed, general, grouped, pointed, zeroFilled } from '../../../../src/jinja/python/number-text.ts';

describe('fixed', () => {
  it.each([
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [2.5, 0, '2'],
    [0.125, 2, '0.12'],
    [2.675, 2, '2.67'],
    [1.005, 2, '1.00'],
    [-2.5, 0, '-2'],
    [1e22, 1, '10000000000000000000000.0'],
    [-0, 1, '-0.0'],
    [9.995, 2, '9.99'],
    [Number.NaN, 2, 'nan'],
  ])('%d with %i digits is %s', (value, digits, expected) => {
    expect(fixed(value, digits)).toBe(expected);
  });

  it('refuses more digits than can be worked out', () => {
    expect(() => fixed(1, 101)).toThrow('A number is written with at most 100 digits after the point.');
  });
});

describe('exponential and general', () => {
  it.each([
    [exponential(12345, 2), '1.23e+04'],
    [exponential(0.00012, 0), '1e-04'],
    [general(1234567, 6, false), '1.23457e+06'],
    [general(0.0001, 6, false), '0.0001'],
    [general(0.00001, 6, false), '1e-05'],
    [general(1.5, 6, true), '1.50000'],
    [general(100, 3, false), '100'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});

describe('layout', () => {
  it('groups, points and fills', () => {
    expect(grouped('1234567', ',', 3)).toBe('1,234,567');
    expect(grouped('-123', ',', 3)).toBe('-123');
    expect(grouped('deadbeef', '_', 4)).toBe('dead_beef');
    expect(pointed('1e+04', true)).toBe('1.e+04');
    expect(zeroFilled('-5', 4)).toBe('-005');
    expect(zeroFilled('0x1f', 6)).toBe('0x001f');
  });
});
