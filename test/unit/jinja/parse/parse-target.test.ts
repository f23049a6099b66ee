import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('targets', () => {
  it('are names, tuples of names, and attributes of namespaces', () => {
    expect(render('{% set a, (b, c) = 1, (2, 3) %}{{ a }}{{ b }}{{ c }}')).toBe('123');
    expect(render('{% set n = namespace() %}{% set n.a = 1 %}{{ n.a }}')).toBe('1');
    expect(render('{% for (a, b) in [[1, 2]] %}{{ a }}{{ b }}{% endfor %}')).toBe('12');
  });

  it.each([
    ['{% set 1 = 2 %}', "A name was expected here, but there is '1'."],
    ['{% set true = 2 %}', "A name was expected here, but there is 'true'."],
    ['{% for if in a %}', "A name was expected here, but there is 'if'."],
    ['{% macro in() %}{% endmacro %}', "A name was expected here, but there is 'in'."],
    ['{% macro m(a=1, b) %}{% endmacro %}', 'A parameter without a default cannot follow one with a default.'],
  ])('%s', (source, message) => {
    expect(faultOf(source)).toMatchObject({ code: 'syntax', message });
  });
});
