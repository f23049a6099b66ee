import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../../src/jinja/jinja.ts';

const names = (source: string): readonly string[] => parseTemplate(source).variables;

describe('free names', () => {
  it.each([
    ['{{ a.b[c] | d_filter }}'.replace(' | d_filter', ' | default(d)'), ['a', 'c', 'd']],
    ['{% set a = a %}{{ a }}', ['a']],
    ['{% set a = 1 %}{{ a }}', []],
    ['{{ a }}{% set a = 1 %}', ['a']],
    ['{% if c %}{% set a = 1 %}{% endif %}{{ a }}', ['c', 'a']],
    ['{% if c %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}{{ a }}', ['c']],
    ['{% for x in xs if x > y %}{{ x }}{{ loop.index }}{% else %}{{ z }}{% endfor %}{{ x }}', ['xs', 'y', 'z', 'x']],
    ['{% for x in loop %}{% endfor %}', ['loop']],
    ['{% for x in a %}{% set b = 1 %}{% endfor %}{{ b }}', ['a', 'b']],
    ['{% macro m(a, b=c) %}{{ a }}{{ b }}{{ d }}{{ varargs }}{{ caller() }}{% endmacro %}{{ m() }}', ['c', 'd']],
    ['{% macro m() %}{{ later }}{% endmacro %}{% set later = 1 %}', []],
    ['{% call(x) m(y) %}{{ x }}{{ z }}{% endcall %}', ['m', 'y', 'z']],
    ['{% with a = b %}{{ a }}{% endwith %}{{ a }}', ['b', 'a']],
    ['{% set a | replace(b, c) %}{{ d }}{% endset %}', ['b', 'c', 'd']],
    ['{% filter replace(a, b) %}{{ c }}{% endfilter %}', ['a', 'b', 'c']],
    ['{% set n = namespace() %}{% set n.a = b %}{% set m.a = 1 %}', ['b', 'm']],
    ['{% import a as b %}{{ b.c }}{% from d import e as f %}{{ e }}{{ f }}{% include g %}', ['a', 'd', 'e', 'g']],
    [
      '{{ range(1) }}{{ dict(a=b) }}{{ x is divisibleby y }}{{ c if d else e }}{{ {f: g} }}{{ h[i:j] }}',
      ['b', 'x', 'y', 'd', 'c', 'e', 'f', 'g', 'h', 'i', 'j'],
    ],
    [
      '{% do a.append(b) %}{{ not c }}{{ -d }}{{ e ~ f }}{{ g < h < i }}',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
    ],
  ])('%s', (source, expected) => {
    expect(names(source)).toEqual(expected);
  });
});
