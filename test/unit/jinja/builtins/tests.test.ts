import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../render.ts';

describe('tests that hold', () => {
  it.each([
    '1 is defined',
    'x is undefined',
    'none is none',
    '1 is number',
    '1.5 is number',
    'true is number',
    '1 is integer',
    '1.0 is float',
    "'a' is string",
    'true is boolean',
    '{} is mapping',
    '[] is sequence',
    "'a' is sequence",
    '{} is sequence',
    '[] is iterable',
    'range is callable',
    '1 is sameas 1',
    '1 is equalto 1',
    '1 is eq 1.0',
    "1 is ne '1'",
    '1 is lt 2',
    '1 is le 1',
    '2 is gt 1',
    '2 is ge 2',
    '2 is greaterthan 1',
    '1 is lessthan 2',
    '1 is in [1]',
    '3 is odd',
    '-3 is odd',
    '2 is even',
    '6 is divisibleby 3',
    "'a1' is lower",
    "'A1' is upper",
    'true is true',
    'false is false',
    "'upper' is filter",
    "'odd' is test",
    "'abc' is match('b') == false",
    "'abc' is search('b')",
    "'abc' is regex('^a')",
    "'abc' is match('ab')",
    '[1] is contains 1',
    '[1, 1] is all',
    '[0, 1] is any',
    '[1] is subset [1, 2]',
    '[1, 2] is superset [1]',
    "'1.10' is version('1.9', '>')",
    "'x' is truthy",
    "'' is falsy",
    "('nan' | float) is nan",
    '1 is not none',
    'not 1 is none',
    "'2' is not number",
    '1 is not string',
    'true is not integer',
    '1 is not boolean',
    "'a' is not mapping",
    '5 is not iterable',
    "'1' is not lower",
    'd.keys() is not sequence',
    'd.keys() is iterable',
  ])('%s', (source) => {
    expect(evaluate(`{{ ${source} }}`, { d: {} })).toBe(true);
  });
});

describe('tests that are misused', () => {
  it.each([
    ["'a' is odd", 'A number was expected, but a value of type str was given.'],
    ["1 is in 'a'", "'in' looks for text in text, but was given int."],
    ['1 is divisibleby', "The test 'divisibleby' needs the argument 'num'."],
    ["'a' is search('(')", 'The regular expression cannot be read.'],
    ["'a' is regex('a', match_type='fullmatch')", "'regex' knows the types search and match, not 'fullmatch'."],
    ['1 is none(2)', "The test 'none' takes at most 0 arguments, but was given 1."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
