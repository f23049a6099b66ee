import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

describe('methods of text', () => {
  it.each([
    ["'aB'.upper()", 'AB'],
    ["'aB'.lower()", 'ab'],
    ["'ab cd'.title()", 'Ab Cd'],
    ["'aBC'.capitalize()", 'Abc'],
    ["'aB'.swapcase()", 'Ab'],
    ["'Straße'.casefold()", 'strasse'],
    ["' a '.strip()", 'a'],
    ["'xax'.strip('x')", 'a'],
    ["'xax'.lstrip('x')", 'ax'],
    ["'xax'.rstrip('x')", 'xa'],
    ["'a,b'.split(',')", ['a', 'b']],
    ["'a b  c'.split()", ['a', 'b', 'c']],
    ["'a,b,c'.split(',', 1)", ['a', 'b,c']],
    ["'a,b,c'.rsplit(',', maxsplit=1)", ['a,b', 'c']],
    ["'a\\nb'.splitlines()", ['a', 'b']],
    ["'a\\nb'.splitlines(true)", ['a\n', 'b']],
    ["'-'.join(['a', 'b'])", 'a-b'],
    ["'aXbX'.replace('X', '-')", 'a-b-'],
    ["'aXbX'.replace('X', '-', 1)", 'a-bX'],
    ["'abc'.startswith('a')", true],
    ["'abc'.startswith(('x', 'a'))", true],
    ["'abc'.startswith('b', 1)", true],
    ["'abc'.endswith('bc')", true],
    ["'abcb'.find('b')", 1],
    ["'abcb'.rfind('b')", 3],
    ["'abc'.find('x')", -1],
    ["'abcb'.find('b', 2)", 3],
    ["'abc'.index('c')", 2],
    ["'abab'.count('ab')", 2],
    ["'a=b=c'.partition('=')", ['a', '=', 'b=c']],
    ["'a=b=c'.rpartition('=')", ['a=b', '=', 'c']],
    ["'abc'.partition('=')", ['abc', '', '']],
    ["'7'.zfill(3)", '007'],
    ["'-7'.zfill(4)", '-007'],
    ["'a'.center(3, '*')", '*a*'],
    ["'a'.ljust(3)", 'a  '],
    ["'a'.rjust(3)", '  a'],
    ["'12'.isdigit()", true],
    ["'1.2'.isdigit()", false],
    ["'ab'.isalpha()", true],
    ["'a1'.isalnum()", true],
    ["'AB'.isupper()", true],
    ["' '.isspace()", true],
    ["''.isalpha()", false],
    ["'a_1'.isidentifier()", true],
    ["'ab'.removeprefix('a')", 'b'],
    ["'ab'.removesuffix('b')", 'a'],
    ["'a\\tb'.expandtabs(4)", 'a   b'],
    ["'{}-{}'.format(1, 2)", '1-2'],
    ["'é'.isascii()", false],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toEqual(expected);
  });

  it.each([
    ["'a'.encode()", 'unsupported', 'The method encode() of text is not supported.'],
    ["'a'.nope()", 'undefined', `'(…).nope' is not defined. A value of type str has no attribute 'nope'.`],
    ["'a'.split('')", 'runtime', 'The separator of split() is empty.'],
    ["'a'.split(1)", 'type', 'Text was expected, but a value of type int was given.'],
    ["'a'.index('x')", 'runtime', 'The text that index() looks for is not there.'],
    ["'-'.join([1])", 'type', 'Text was expected, but a value of type int was given.'],
    ["'a'.center(5, 'xy')", 'type', 'The fill character must be one character.'],
    ["'a'.ljust(99999999999)", 'runtime', 'The result would be larger than 67108864 characters.'],
    ["'a'.replace('a')", 'type', "replace() needs the argument 'new'."],
    ["'a'.upper(1)", 'type', 'upper() takes at most 0 arguments, but was given 1.'],
  ])('%s: %s', (source, code, message) => {
    expect(faultOf(`{{ ${source} }}`)).toMatchObject({ code, message });
  });
});
