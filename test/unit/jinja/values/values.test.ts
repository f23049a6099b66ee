import { describe, expect, it } from 'vitest';
import {
  Float,
  float,
  int,
  isDict,
  isFloat,
  isInt,
  orElse,
  Range,
  Tuple,
  typeName,
  UNKNOWN,
  UNKNOWN_USED,
  Undefined,
  use,
  type Val,
  View,
} from '../../../../src/jinja/values/values.ts';

describe('numbers', () => {
  it('without a fraction are ints, unless a template made them as floats', () => {
    const whole: readonly Val[] = [5, 2 ** 60, 5n];
    expect(whole.every((value) => isInt(value))).toBe(true);
    const floats: readonly Val[] = [5.5, 1e21, Number.NaN, float(5)];
    expect(floats.every((value) => isFloat(value))).toBe(true);
    expect(float(5)).toBeInstanceOf(Float);
    expect(float(5.5)).toBe(5.5);
    expect(int(5n)).toBe(5);
    expect(int(2n ** 60n)).toBe(2n ** 60n);
  });
});

describe('use', () => {
  it('stops at what is undefined or unknown, and lets an empty undefined value through', () => {
    expect(() => use(new Undefined('Gone.'))).toThrow('Gone.');
    expect(use(new Undefined('Gone.', {}, true))).toBeInstanceOf(Undefined);
    expect(use(null)).toBeNull();
    let thrown: unknown;
    try {
      use(UNKNOWN);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(UNKNOWN_USED);
  });
});

describe('typeName', () => {
  it('is the name Python has', () => {
    const values: readonly Val[] = [
      null,
      true,
      'a',
      1,
      1.5,
      [],
      new Tuple([]),
      {},
      new View('dict_keys', []),
      new Range(0, 1, 1),
    ];
    expect(values.map((value) => typeName(value))).toEqual([
      'NoneType',
      'bool',
      'str',
      'int',
      'float',
      'list',
      'tuple',
      'dict',
      'dict_keys',
      'range',
    ]);
  });
});

describe('isDict', () => {
  it('is true for dicts only', () => {
    expect(isDict({}) && isDict(Object.create(null))).toBe(true);
    const others: readonly Val[] = [[], null, 'a', 1, new Tuple([]), float(1), new Range(0, 1, 1)];
    expect(others.some((value) => isDict(value))).toBe(false);
  });
});

describe('Range', () => {
  it('has the numbers of Python’s range', () => {
    expect(new Range(5, 0, -2).items).toEqual([5, 3, 1]);
    expect(new Range(0, 0, 1).items).toEqual([]);
    expect(new Range(0, 10, 1).part(8, 2, -3).items).toEqual([8, 5]);
  });
});

describe('orElse', () => {
  it('takes null for a value', () => {
    expect(orElse(null, 1)).toBeNull();
    expect(orElse(undefined, 1)).toBe(1);
  });
});
