import { describe, expect, it } from 'vitest';
import { evaluate, faultOf, render } from '../render.ts';

describe('functions that every template has', () => {
  it('range', () => {
    expect(evaluate('{{ [range(3), range(1, 3), range(3, 0, -1)] }}')).toEqual([
      [0, 1, 2],
      [1, 2],
      [3, 2, 1],
    ]);
    expect(faultOf('{{ range(100001) }}')).toMatchObject({
      code: 'runtime',
      message: 'range() gives at most 100000 numbers.',
    });
    expect(faultOf('{{ range(1, 2, 0) }}').message).toBe('The step of range() cannot be zero.');
    expect(faultOf('{{ range() }}').message).toBe("range() needs the argument 'start'.");
  });

  it('dict', () => {
    expect(evaluate('{{ dict(a=1) }}')).toEqual({ a: 1 });
    expect(evaluate('{{ dict([["a", 1]], b=2) }}')).toEqual({ a: 1, b: 2 });
    expect(evaluate('{{ dict({"a": 1}, a=2) }}')).toEqual({ a: 2 });
    expect(faultOf('{{ dict([[1]]) }}').message).toBe('A dict is made of pairs of a key and a value.');
  });

  it('undef', () => {
    expect(faultOf('{{ undef() }}')).toMatchObject({ code: 'undefined', message: 'This value must be set.' });
    expect(faultOf("{{ undef('Set the port.') }}").message).toBe('Set the port.');
    expect(render("{{ undef(hint='x') | default(1) }}")).toBe('1');
  });

  it('namespace, cycler and joiner', () => {
    expect(render('{% set n = namespace({"a": 1}, b=2) %}{{ n.a }}{{ n.b }}{{ n.c is defined }}')).toBe('12False');
    expect(
      render(
        '{% set c = cycler("a", "b") %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.current }}',
      ),
    ).toBe('abbaNonea');
    expect(render('{% set j = joiner() %}{{ j() }}a{{ j() }}b{{ j() }}c')).toBe('a, b, c');
  });
});
