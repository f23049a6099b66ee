import { describe, expect, it } from 'vitest';
import { bind, text, whole } from '../../../../src/jinja/builtins/arguments.ts';
import type { Tuple, Val } from '../../../../src/jinja/values/values.ts';

const bound = (params: readonly string[], args: readonly Val[], named: Readonly<Record<string, Val>> = {}) =>
  bind('f()', params, args, new Map(Object.entries(named)));

describe('bind', () => {
  it('puts positions and names in the order of the parameters', () => {
    expect(bound(['a', 'b?'], [1])).toEqual([1, undefined]);
    expect(bound(['a', 'b?'], [1], { b: 2 })).toEqual([1, 2]);
    expect(bound(['a', 'b?'], [], { b: 2, a: 1 })).toEqual([1, 2]);
    expect(bound(['a?'], [null])).toEqual([null]);
  });

  it('collects what is left', () => {
    const [first, rest, last] = bound(['a', '*rest', 'last?'], [1, 2, 3], { last: 4 });
    expect([first, (rest as Tuple).items, last]).toEqual([1, [2, 3], 4]);
  });

  it.each([
    [['a'], [], {}, "f() needs the argument 'a'."],
    [['a'], [1, 2], {}, 'f() takes at most 1 arguments, but was given 2.'],
    [['a'], [1], { a: 2 }, "f() was given 'a' twice."],
    [['alpha'], [1], { alpa: 2 }, "f() has no argument 'alpa'; it takes alpha."],
    [[], [], { a: 1 }, "f() has no argument 'a'; it takes none."],
  ])('%j given %j and %j: %s', (params, args, named, message) => {
    expect(() => bound(params, args, named as Record<string, Val>)).toThrow(message);
  });
});

describe('reading arguments', () => {
  it('wants the right kind', () => {
    expect(text(undefined, 'x')).toBe('x');
    expect(whole(true, 0)).toBe(1);
    expect(() => text(1)).toThrow('Text was expected, but a value of type int was given.');
    expect(() => whole(1.5, 0)).toThrow('A whole number was expected, but a value of type float was given.');
    expect(() => whole('1', 0)).toThrow('A whole number was expected, but a value of type str was given.');
  });
});
