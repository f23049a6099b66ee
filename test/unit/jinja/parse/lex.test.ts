import { describe, expect, it } from 'vitest';
import { lexExpression, lexTemplate } from '../../../../src/jinja/parse/lex.ts';
import { faultOf, render } from '../render.ts';

const kinds = (text: string): string[] =>
  lexTemplate({ text, name: undefined }, { trimBlocks: false, lstripBlocks: false }).map(({ kind, value }) =>
    `${kind} ${value}`.trim(),
  );

describe('lexTemplate', () => {
  it('tells text from outputs and statements', () => {
    expect(kinds('a{{ b }}{% if c %}')).toEqual([
      'data a',
      'open-output {{',
      'name b',
      'close-output }}',
      'open-tag {%',
      'name if',
      'name c',
      'close-tag %}',
      'end',
    ]);
  });

  it('ends an output only outside of brackets', () => {
    expect(render('{{ {"a": {"b": 1}}["a"]["b"] }}')).toBe('1');
  });

  it('takes raw blocks as they are, and comments away', () => {
    expect(render('{% raw %}{{ a }}{# b #}{% endraw %}{# c\n{{ d }} #}!')).toBe('{{ a }}{# b #}!');
    expect(render('a  {%- raw -%}  {{ b }}  {%- endraw -%}  c')).toBe('a{{ b }}c');
  });

  it.each([
    ['a  {{- 1 -}}  b', 'a1b'],
    ['a\n {%- if true -%} \n b {%- endif %} c', 'ab c'],
    ['a  {#- x -#}  b', 'ab'],
    ['a {{+ 1 }}', 'a 1'],
  ])('trims white space as the marks say: %j', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it('keeps with + what the options would take', () => {
    const options = { trimBlocks: true, lstripBlocks: true };
    expect(render('  {%+ if true +%}\nx{% endif %}', {}, options)).toBe('  \nx');
    expect(render('  {{ 1 }}\n', {}, { ...options, keepTrailingNewline: true })).toBe('  1\n');
    expect(render(' {# a #}\nb', {}, options)).toBe('b');
  });

  it.each([
    ['{{ a', "This '{{' is never closed with '}}'.", 1],
    ['x {% if a', "This '{%' is never closed with '%}'.", 3],
    ['{# a', "This comment is never closed with '#}'.", 1],
    ['{% raw %}a', "This raw block is never closed with '{% endraw %}'.", 1],
    ['{{ (1 }}', "')' was expected here to close '(', not '}'.", 7],
    ['{{ 1) }}', "There is no bracket that this ')' closes.", 5],
    ['{{ [1', "This '[' is never closed.", 4],
  ])('places what is never closed: %s', (source, message, col) => {
    expect(faultOf(source)).toMatchObject({ code: 'syntax', message, line: 1, col });
  });
});

describe('lexExpression', () => {
  it('needs no braces', () => {
    expect(lexExpression({ text: ' a ', name: undefined }).map(({ kind }) => kind)).toEqual(['name', 'end']);
  });
});
