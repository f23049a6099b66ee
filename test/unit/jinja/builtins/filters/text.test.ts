import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

describe('filters on text', () => {
  it.each([
    ["'ab' | upper", 'AB'],
    ['5 | upper', '5'],
    ["'AB' | lower", 'ab'],
    ["'aBC' | capitalize", 'Abc'],
    ["'foo-bar (baz) its' | title", 'Foo-Bar (Baz) Its'],
    ["' a ' | trim", 'a'],
    ["'xax' | trim('x')", 'a'],
    ["'a' | center(5)", '  a  '],
    ['1.0 | string', '1.0'],
    ["'aaa' | replace('a', 'b', 2)", 'bba'],
    ["'a1' | replace(1, 2)", 'a2'],
    ["'%s-%s' | format(1, 2)", '1-2'],
    ["'%(a)s' | format(a=1)", '1'],
    [`'<a href="x">' | e`, '&lt;a href=&#34;x&#34;&gt;'],
    ["'<b>x  y</b> &amp; z' | striptags", 'x y & z'],
    ["'a b/c?d=é' | urlencode", 'a%20b/c%3Fd%3D%C3%A9'],
    ['{"a b": "c/d", "e": 1} | urlencode', 'a+b=c%2Fd&e=1'],
    ["'a\\nb\\n\\nc' | indent", 'a\n    b\n\n    c'],
    ["'a\\nb' | indent(2, true)", '  a\n  b'],
    ["'a\\n\\nb' | indent('> ', blank=true)", 'a\n> \n> b'],
    ["'foo bar baz qux' | truncate(9)", 'foo...'],
    ["'foo bar baz qux' | truncate(9, true)", 'foo ba...'],
    ["'foo bar baz qux' | truncate(11)", 'foo bar baz qux'],
    ["'foo bar baz qux' | truncate(11, false, '...', 0)", 'foo bar...'],
    ["'one two-three' | wordcount", 3],
    ["'one two three' | wordwrap(7)", 'one two\nthree'],
    ["'a' | safe", 'a'],
    ["'a' | pprint", "'a'"],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toBe(expected);
  });

  it.each([
    ['5 | indent', 'Text was expected, but a value of type int was given.'],
    ["'a' | truncate(2)", "The length of 'truncate' is smaller than its end mark."],
    ["'%s' | format(1, a=2)", "The filter 'format' takes either positions or names, not both."],
    ["'a' | indent(wdith=2)", "The filter 'indent' has no argument 'wdith'; it takes width, first, blank."],
    ["'a' | center(99999999999)", 'The result would be larger than 67108864 characters.'],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
