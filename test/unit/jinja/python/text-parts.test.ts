import { describe, expect, it } from 'vitest';
import * as parts from '../../../../src/jinja/python/text-parts.ts';

describe('trimming', () => {
  it('takes white space as Python sees it, or the characters named', () => {
    expect(parts.trim('\u3000\x1c a \x85')).toBe('a');
    expect(parts.trim('\ufeffa')).toBe('\ufeffa');
    expect(parts.trimStart('xxaxx', 'x')).toBe('axx');
    expect(parts.trimEnd('xyaxy', 'yx')).toBe('xya');
    expect(parts.trim('xxx', 'x')).toBe('');
  });
});

describe('splitLines', () => {
  it('knows all line ends', () => {
    expect(parts.splitLines('a\nb\r\nc\rd\x0be\u2028f')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(parts.splitLines('a\n\n')).toEqual(['a', '']);
    expect(parts.splitLines('a\r\nb', true)).toEqual(['a\r\n', 'b']);
    expect(parts.splitLines('')).toEqual([]);
  });
});

describe('splitting', () => {
  it('at white space ignores the ends', () => {
    expect(parts.splitSpace('  a  b c ', 99)).toEqual(['a', 'b', 'c']);
    expect(parts.splitSpace('  a  b  c ', 1)).toEqual(['a', 'b  c ']);
    expect(parts.splitSpaceFromEnd(' a  b  c ', 1)).toEqual([' a  b', 'c']);
    expect(parts.splitSpace('   ', 99)).toEqual([]);
  });

  it('at a separator keeps what is empty', () => {
    expect(parts.splitAt('a,,b', ',', 99)).toEqual(['a', '', 'b']);
    expect(parts.splitAt('a,b,c', ',', 1)).toEqual(['a', 'b,c']);
    expect(parts.splitAtFromEnd('a,b,c', ',', 1)).toEqual(['a,b', 'c']);
  });
});

describe('cases', () => {
  it('are Python’s', () => {
    expect(parts.titleCase("they're bill's friends-from 2uK")).toBe("They'Re Bill'S Friends-From 2Uk");
    expect(parts.capitalize('éCOLE')).toBe('École');
    expect(parts.swapCase('aB1')).toBe('Ab1');
    expect([
      parts.isLowerCase('a1'),
      parts.isLowerCase('1'),
      parts.isUpperCase('A-'),
      parts.isTitleCase('Ab Cd'),
      parts.isTitleCase('Ab cd'),
    ]).toEqual([true, false, true, true, false]);
  });
});

describe('replacing and counting', () => {
  it('treats an empty piece as standing between all characters', () => {
    expect(parts.replaceText('ab', '', '-', -1)).toBe('-a-b-');
    expect(parts.replaceText('ab', '', '-', 2)).toBe('-a-b');
    expect(parts.replaceText('aaa', 'a', 'b', 2)).toBe('bba');
    expect(parts.countText('aaaa', 'aa')).toBe(2);
    expect(parts.countText('ab', '')).toBe(3);
  });
});

describe('center', () => {
  it('puts the odd space where Python does', () => {
    expect(parts.center('ab', 5, '*')).toBe('**ab*');
    expect(parts.center('a', 4, '*')).toBe('*a**');
    expect(parts.center('abc', 2)).toBe('abc');
  });
});
