import { describe, expect, it } from 'vitest';
import { evaluate } from '../../render.ts';

describe('paths', () => {
  it.each([
    ["'/a/b.c' | basename", 'b.c'],
    ["'/a/b.c' | dirname", '/a'],
    ["'a.tar.gz' | splitext", ['a.tar', '.gz']],
    ["'.profile' | splitext", ['.profile', '']],
    ["['/a', 'b/', 'c'] | path_join", '/a/b/c'],
    ["['a', '/b'] | path_join", '/b'],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toEqual(expected);
  });
});
