import { describe, expect, it } from 'vitest';
import {
  dictGet,
  dictHas,
  dictKeys,
  dictOf,
  dictPairs,
  dictSet,
  dictSize,
  hashKey,
} from '../../../../src/jinja/values/dicts.ts';
import { float, Tuple } from '../../../../src/jinja/values/values.ts';

describe('hashKey', () => {
  it('is the same for equal keys of different types', () => {
    expect(hashKey(true)).toBe(hashKey(1));
    expect(hashKey(float(1))).toBe(hashKey(1));
    expect(hashKey(new Tuple([1, 'a']))).toBe(hashKey(new Tuple([true, 'a'])));
  });

  it('tells text from numbers, and refuses lists', () => {
    expect(hashKey('1')).not.toBe(hashKey(1));
    expect(hashKey(new Tuple(['1']))).not.toBe(hashKey(new Tuple([1])));
    expect(() => hashKey([])).toThrow('A list cannot be the key of a dict.');
  });
});

describe('a dict of the template', () => {
  it('keeps the order of insertion and the keys as they were first written', () => {
    const dict = dictOf([
      ['10', 1],
      ['9', 2],
      [1, 3],
      [true, 4],
    ]);
    expect(dictKeys(dict)).toEqual(['10', '9', 1]);
    expect(dictPairs(dict).at(-1)).toEqual([1, 4]);
    dictSet(dict, '9', 5);
    expect(dictGet(dict, '9')).toBe(5);
    expect(dictGet(dict, 10)).toBeUndefined();
    expect(dictSize(dict)).toBe(3);
  });
});

describe('a dict of the context', () => {
  it('has own keys only, and finds text by the number it is written like', () => {
    const dict = { '80': 'http', a: null };
    expect(dictGet(dict, 80)).toBe('http');
    expect(dictGet(dict, 'toString')).toBeUndefined();
    expect(dictHas(dict, 'a')).toBe(true);
    expect(dictGet(dict, null)).toBeUndefined();
  });
});
