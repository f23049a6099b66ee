import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('macros', () => {
  it('take arguments by position and by name, with defaults that see the ones before', () => {
    const macro = '{% macro m(a, b=a ~ "!") %}{{ a }}{{ b }}{% endmacro %}';
    expect(render(`${macro}{{ m(1) }} {{ m(1, 2) }} {{ m(b=3, a=4) }}`)).toBe('11! 12 43');
  });

  it('collect further arguments where they use them', () => {
    expect(render('{% macro m(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, b=3) }}')).toBe("(2,){'b': 3}");
  });

  it('see the scope of their definition, as it is when they are called', () => {
    expect(
      render(
        '{% macro m() %}{{ x | default("-") }}{% endmacro %}{{ m() }}{% set x = 1 %}{{ m() }}{% for x in [2] %}{{ m() }}{% endfor %}',
      ),
    ).toBe('-11');
  });

  it('may call themselves, but not for ever', () => {
    expect(render('{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}')).toBe(
      '3210',
    );
    expect(
      faultOf('{% macro m() %}{% for x in [1] %}{% if x %}{{ m() }}{% endif %}{% endfor %}{% endmacro %}{{ m() }}'),
    ).toMatchObject({
      code: 'runtime',
      message: 'Macros, loops or includes are nested deeper than 150 levels.',
    });
  });

  it('know their names', () => {
    expect(render('{% macro m(a, b) %}{% endmacro %}{{ m.name }}{{ m.arguments }}')).toBe("m('a', 'b')");
  });

  it.each([
    ['{{ m() }}', "The macro 'm' was not given its argument 'a'."],
    ['{{ m(1, 2) }}', "The macro 'm' takes at most 1 arguments, but was given 2."],
    ['{{ m(1, b=2) }}', "The macro 'm' has no argument 'b'; it takes a."],
    ['{{ m(1, a=2) }}', "The macro 'm' has no argument 'a'; it takes a."],
    ['{% call m(1) %}{% endcall %}', "The macro 'm' does not use its caller, so {% call %} cannot call it."],
    ['{{ m }}', 'm is a macro, which is not data.'],
  ])('refuse %s', (use, message) => {
    expect(faultOf(`{% macro m(a) %}{{ a }}{% endmacro %}${use}`).message).toBe(message);
  });
});

describe('call', () => {
  it('gives its body to the macro', () => {
    expect(
      render('{% macro m(t) %}<{{ t }}>{{ caller() }}</{{ t }}>{% endmacro %}{% call m("p") %}x{{ 1 }}{% endcall %}'),
    ).toBe('<p>x1</p>');
  });

  it('may take arguments from the macro', () => {
    expect(
      render(
        '{% macro m() %}{% for i in [1, 2] %}{{ caller(i) }}{% endfor %}{% endmacro %}{% call(x, y=9) m() %}{{ x }}{{ y }} {% endcall %}',
      ),
    ).toBe('19 29 ');
  });

  it('is missed where a macro wants its caller', () => {
    expect(faultOf('{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}')).toMatchObject({
      code: 'undefined',
      name: 'caller',
    });
    expect(render('{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}')).toBe('False');
  });
});
