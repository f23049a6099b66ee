import { describe, expect, it } from 'vitest';
import { pythonRegex } from '../../../../src/jinja/python/python-regex.ts';

const found = (pattern: string, text: string, options = {}): string[] =>
  [...text.matchAll(pythonRegex(pattern, options))].map(([match]) => match);

describe('pythonRegex', () => {
  it.each([
    ['\\w+', 'Größe x_1', ['Größe', 'x_1']],
    ['[^\\w\\s]', 'a-ö.', ['-', '.']],
    ['[\\Wa]', 'ab-', ['a', '-']],
    ['\\d+', '12 ٣', ['12', '٣']],
    ['\\s', 'a\u3000b\x1c', ['\u3000', '\x1c']],
    ['\\bö', 'ö aö', ['ö']],
    ['\\B.', 'ab', ['b']],
    ['.', 'a\r\n\u2028', ['a', '\r', '\u2028']],
    ['(?s).', 'a\n', ['a', '\n']],
    ['a$', 'a\n', ['a']],
    ['^b', 'a\nb', []],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['\\Aa|b\\Z', 'aab', ['a', 'b']],
    ['(?i)É', 'é', ['é']],
    ['a{2}', 'aaa', ['aa']],
    ['a{,2}b', 'aab', ['aab']],
    ['a{x}', 'a{x}', ['a{x}']],
    ['{', '{', ['{']],
    ['[]a]', ']a', [']', 'a']],
    ['[^]a]', ']ab', ['b']],
    ['[a-]', '-', ['-']],
    ['[a\\-z]', '-', ['-']],
    ['[&&|~]', '&', ['&']],
    ['[[a]', '[', ['[']],
    ['(?P<x>a)(?P=x)', 'aa', ['aa']],
    ['(a)\\1', 'aa', ['aa']],
    ['a(?#note)b', 'ab', ['ab']],
    ['(?:a|b)+', 'abba', ['abba']],
    ['(?<=a)b', 'abb', ['b']],
    ['(?<!a)b', 'abb', ['b']],
    ['(?=a)*b', 'b', ['b']],
    ['\\x41\\u0042\\103', 'ABC', ['ABC']],
    ['\\.\\/\\-\\"', './-"', ['./-"']],
    ['a/b', 'a/b', ['a/b']],
    ['😀+', '😀😀', ['😀😀']],
    ['\\t\\n', '\t\n', ['\t\n']],
  ])('%s in %j', (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected);
  });

  it('takes flags from outside', () => {
    expect(found('B', 'ab', { ignoreCase: true })).toEqual(['b']);
    expect(found('^b', 'a\nb', { multiline: true })).toEqual(['b']);
  });

  it.each(['(?x)a', '(?a)a', '(?L)a', '(?i:a)', 'a(?i)b', 'a++', '(?>a)', '(a)(?(1)b)'])(
    'refuses %s by name',
    (pattern) => {
      expect(() => pythonRegex(pattern)).toThrow(/not supported\.$/);
    },
  );

  it.each([
    ['(', 'The regular expression cannot be read.'],
    ['[a', "A '[' of the regular expression is never closed."],
    ['\\q', "A regular expression has no escape '\\q'."],
    ['a\\', 'The regular expression ends with a backslash.'],
    ['[a-\\d]', 'A range of the regular expression ends with a class.'],
    ['a**', 'The regular expression cannot be read.'],
  ])('says what is wrong with %s', (pattern, message) => {
    expect(() => pythonRegex(pattern)).toThrow(message);
  });
});
