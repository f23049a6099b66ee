import { describe, expect, it } from 'vitest';
import { expandReplacement } from '../../../../src/jinja/python/regex-replacement.ts';

const match = /(?<x>a)(b)?/.exec('a')!;

describe('expandReplacement', () => {
  it.each([
    ['\\1', 'a'],
    ['\\g<1>\\g<x>\\g<0>', 'aaa'],
    ['[\\2]', '[]'],
    ['\\n\\t\\\\', '\n\t\\'],
    ['\\.$1', '\\.$1'],
    ['\\101', 'A'],
    ['\\0', '\0'],
  ])('%j', (replacement, expected) => {
    expect(expandReplacement(replacement, match)).toBe(expected);
  });

  it.each([
    ['\\3', "The regular expression has no group '3'."],
    ['\\g<y>', "The regular expression has no group 'y'."],
    ['\\q', "A replacement has no escape '\\q'."],
    ['a\\', "A replacement has no escape '\\'."],
  ])('%j', (replacement, message) => {
    expect(() => expandReplacement(replacement, match)).toThrow(message);
  });
});
