import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

describe('regular expressions', () => {
  it.each([
    [String.raw`'a1b22' | regex_replace('\\d+', '#')`, 'a#b#'],
    [String.raw`'a b' | regex_replace('(\\w) (\\w)', '\\2 \\1')`, 'b a'],
    [String.raw`'a.b' | regex_replace('(?P<x>\\w)\\.', '\\g<x>-')`, 'a-b'],
    ["'aaa' | regex_replace('a', 'b', count=2)", 'bba'],
    [String.raw`'ab12' | regex_search('\\d+')`, '12'],
    ["'ab' | regex_search('x')", null],
    [String.raw`'ab12' | regex_search('(\\w)(\\d)', '\\2', '\\1')`, ['1', 'b']],
    [String.raw`'a1b2' | regex_findall('\\w\\d')`, ['a1', 'b2']],
    [
      String.raw`'a1b2' | regex_findall('(\\w)(\\d)')`,
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ["'a.b*c' | regex_escape", 'a\\.b\\*c'],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toEqual(expected);
  });

  it.each([
    ["'a' | regex_search('a', 'x')", "A group is named as '\\\\1' or '\\\\g<name>'."],
    [String.raw`'a' | regex_search('a', '\\1')`, "The regular expression has no group '1'."],
    ["'a' | regex_escape('pcre')", "'regex_escape' knows the types python and posix_basic, not 'pcre'."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
