import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../render.ts';

describe('precedence', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ** 3 ** 2', 64],
    ['-2 ** 2', 4],
    ['-1 | abs', 1],
    ['7 // 2 * 2', 6],
    ['10 - 3 - 2', 5],
    ['7 % 4 + 1', 4],
    ["'a' ~ 1 * 2", 'a2'],
    ['not 1 == 2', true],
    ['not true or true', true],
    ['true or false and false', true],
    ['1 < 2 < 3', true],
    ['1 < 3 < 2', false],
    ['1 == 1 != 2', true],
    ['2 in [1, 2] == true', false],
    ['1 not in [1]', false],
    ['1 if false else 2 if false else 3', 3],
    ["'x' | upper ~ 'y'", 'Xy'],
    ['1 is odd and 2 is even', true],
    ['not 1 is even', true],
    ['[1, 2] | length + 1', 3],
    ['+5', 5],
    ['- -5', 5],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toBe(expected);
  });
});

it('joins before it adds', () => {
  expect(faultOf('{{ 1 ~ 2 + 3 }}')).toMatchObject({ code: 'type', message: "'+' cannot be used on str and int." });
});

describe('tuples', () => {
  it('need no parentheses', () => {
    expect(evaluate('{{ 1, 2 }}')).toEqual([1, 2]);
    expect(evaluate('{{ 1, }}')).toEqual([1]);
    expect(evaluate('{{ () }}')).toEqual([]);
    expect(evaluate('{{ (1) }}')).toBe(1);
  });
});

describe('faults', () => {
  it.each([
    ['{{ }}', "An expression was expected here, but there is '}}'."],
    ['{{ 1 + }}', "An expression was expected here, but there is '}}'."],
    ['{{ a b }}', "'}}' was expected here, but there is 'b'."],
    ['{{ if }}', "An expression was expected here, but there is 'if'."],
    ['{{ a = 1 }}', "'}}' was expected here, but there is '='."],
    ["{{ 1 'x' }}", "'}}' was expected here, but there is a text literal."],
  ])('%s', (source, message) => {
    expect(faultOf(source, { a: 1 })).toMatchObject({ code: 'syntax', message });
  });
});
