import { describe, expect, it } from 'vitest';
import { membership } from '../../../../src/jinja/values/compare.ts';
import { float, type Val } from '../../../../src/jinja/values/values.ts';
import { evaluate, faultOf } from '../render.ts';

describe('equality', () => {
  it.each([
    ['1 == 1.0', true],
    ['1 == true', true],
    ["1 == '1'", false],
    ['[1, 2] == [1, 2]', true],
    ['[1] == (1,)', false],
    ['(1, 2) == (1, 2)', true],
    ['{"a": 1, "b": 2} == {"b": 2, "a": 1}', true],
    ['{"a": 1} == {"a": 2}', false],
    ['{"a": 1} == {"b": 1}', false],
    ['none == false', false],
    ['range(3) == range(0, 3)', true],
    ['9007199254740993 == 9007199254740992', false],
    ['d == {"x": 1}', true],
    ['d.keys() == {"x": 5}.keys()', true],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, { d: { x: 1 } })).toBe(expected);
  });
});

describe('order', () => {
  it.each([
    ['1 < 1.5', true],
    ["'a' < 'b'", true],
    ["'Z' < 'a'", true],
    ["'a' < 'ab'", true],
    ['[1, 2] < [1, 3]', true],
    ['[1] < [1, 0]', true],
    ['(1, 2) >= (1, 2)', true],
    ['true > 0', true],
    ["'\uffff' < '\u{1f600}'", true],
    ['2 ** 70 > 1e20', true],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toBe(expected);
  });

  it.each(["1 < 'a'", 'none < 1', '[1] < (1,)', '{} < {}', "[1, 'a'] < [1, 2]"])('refuses %s', (source) => {
    expect(faultOf(`{{ ${source} }}`)).toMatchObject({
      code: 'type',
      message: expect.stringContaining("'<' cannot compare"),
    });
  });
});

describe('in', () => {
  it.each([
    ["'b' in 'abc'", true],
    ["'' in 'abc'", true],
    ['1 in [1.0]', true],
    ["'x' in d", true],
    ["'x' in d.keys()", true],
    ['1 in d.values()', true],
    ['3 in range(5)', true],
    ['[] in [[]]', true],
    ["1 in {1: 'a'}", true],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, { d: { x: 1 } })).toBe(expected);
  });

  it('refuses what holds nothing', () => {
    expect(faultOf("{{ 1 in 'a' }}").message).toBe("'in' looks for text in text, but was given int.");
    expect(faultOf('{{ 1 in 5 }}').message).toBe('A value of type int cannot be looped over.');
  });
});

describe('membership', () => {
  it('finds equal values of any kind', () => {
    const among = membership([1, 'a', null, [1], { a: 1 }]);
    const inside: readonly Val[] = [true, float(1), 'a', null, [1], { a: 1 }];
    const outside: readonly Val[] = [2, '1', [2], {}];
    expect(inside.every((item) => among.has(item))).toBe(true);
    expect(outside.some((item) => among.has(item))).toBe(false);
    among.add(2);
    expect(among.has(2)).toBe(true);
  });
});

describe('truth', () => {
  it.each([
    ['0', false],
    ['0.0', false],
    ["''", false],
    ['[]', false],
    ['{}', false],
    ['()', false],
    ['none', false],
    ['range(0)', false],
    ['d.keys()', false],
    ["'0'", true],
    ['[0]', true],
    ['-1', true],
    ['range', true],
  ])('of %s is %s', (source, expected) => {
    expect(evaluate(`{{ true if ${source} else false }}`, { d: {} })).toBe(expected);
  });
});
