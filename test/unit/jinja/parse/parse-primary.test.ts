import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../render.ts';

describe('literals', () => {
  it.each([
    ['true', true],
    ['False', false],
    ['none', null],
    ['None', null],
    ['[1, 2,]', [1, 2]],
    ['{"a": 1,}', { a: 1 }],
    ['[]', []],
    ['{}', {}],
    ['(1, 2,)', [1, 2]],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toEqual(expected);
  });
});

describe('what follows a value', () => {
  const variables = { d: { a: { b: [1, 2, 3] }, if: 1 }, f: 'x' };
  it.each([
    ['d.a.b[1]', 2],
    ["d['a'].b[-1]", 3],
    ['d.a.b[1:]', [2, 3]],
    ['d.a.b[::2]', [1, 3]],
    ['d.a.b[:-1]', [1, 2]],
    ['d.a.b[::-1]', [3, 2, 1]],
    ['d.if', 1],
    ['f | replace("x", new="y")', 'y'],
    ['1 is divisibleby 1', true],
    ['4 is divisibleby(2)', true],
    ['f is not none', true],
    ['f is in ["x"]', true],
    ['f is sameas f and true', true],
    ['[1, 2] | map("string") | join("-")', '1-2'],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, variables)).toEqual(expected);
  });
});

describe('faults', () => {
  it.each([
    ['{{ f(*a) }}', 'unsupported', "Arguments given with '*' are not supported."],
    ['{{ f(**a) }}', 'unsupported', "Arguments given with '**' are not supported."],
    ['{{ a[1, 2] }}', 'unsupported', 'Several keys in one pair of brackets are not supported.'],
    ['{{ f(a=1, 2) }}', 'syntax', 'An argument without a name cannot follow one with a name.'],
    ['{{ a. }}', 'syntax', "A name or a position was expected here, but there is '}}'."],
    ['{{ a | }}', 'syntax', "The name of a filter was expected here, but there is '}}'."],
    ['{{ a is }}', 'syntax', "The name of a test was expected here, but there is '}}'."],
    ['{{ 1 is odd is true }}', 'syntax', "Tests cannot be chained with 'is'."],
    ['{{ {1 2} }}', 'syntax', "':' was expected here, but there is '2'."],
  ])('%s', (source, code, message) => {
    expect(faultOf(source)).toMatchObject({ code, message });
  });
});
