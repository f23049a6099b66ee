import { describe, expect, it } from 'vitest';
import { pythonRegex } from '../../../../src/jinja/python/python-regex.ts';
import { allMatches, firstMatch } from '../../../../src/jinja/python/regex-match.ts';

describe('a search', () => {
  it.each([
    ['(a+)+$', `${'a'.repeat(60)}!`, firstMatch],
    ['(a{1,9}){1,60}b', 'a'.repeat(200), firstMatch],
    ['(.*)(.*)(.*)(.*)(.*)b', 'a'.repeat(5000), allMatches],
  ])('gives up on %s, which would take years', (pattern, text, search) => {
    expect(() => search(pythonRegex(pattern), text)).toThrow(/finds no end within 1 s/);
    expect(firstMatch(pythonRegex('(b+)'), 'abbc')?.slice()).toEqual(['bb', 'bb']);
  });
});

describe('allMatches', () => {
  it.each([
    ['b', 'abab', [1, 3]],
    ['b+', 'abbab', [1, 4]],
    ['x*', 'ab', [0, 1, 2]],
    ['x+', 'ab', []],
  ])('finds %s in %s at %j', (pattern, text, places) => {
    expect(allMatches(pythonRegex(pattern), text).map(({ index }) => index)).toEqual(places);
  });

  it('passes on what goes wrong otherwise', () => {
    const regex = /a+/g;
    Object.defineProperty(regex, Symbol.matchAll, {
      value: () => {
        throw new TypeError('of another kind');
      },
    });
    expect(() => allMatches(regex, 'a')).toThrow('of another kind');
  });
});
