import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('statements', () => {
  it('may end their first tag with a colon', () => {
    expect(render('{% if true: %}a{% endif %}')).toBe('a');
  });

  it.each([
    ['{% if a %}', "This 'if' is never closed with '{% endif %}'."],
    ['{% for x in a %}{% else %}', "This 'for' is never closed with '{% endfor %}'."],
    ['{% endif %}', "There is no block that this 'endif' belongs to."],
    ['{% else %}', "There is no block that this 'else' belongs to."],
    ['{% iff a %}', "There is no statement 'iff'."],
    ['{% break %}', "'break' can only stand in a loop."],
    ['{% for x in a %}{% set y %}{% continue %}{% endset %}{% endfor %}', "'continue' can only stand in a loop."],
    ['{% call a %}{% endcall %}', "The statement 'call' needs the call of a macro."],
    ['{% 1 %}', "The name of a statement was expected here, but there is '1'."],
    ['{% if %}{% endif %}', "An expression was expected here, but there is '%}'."],
    ['{% do 1 2 %}', "'%}' was expected here, but there is '2'."],
  ])('%s', (source, message) => {
    expect(faultOf(source)).toMatchObject({ code: 'syntax', message });
  });

  it('suggests the statement that was meant, and the end that is due', () => {
    expect(faultOf('{% fro x in a %}{% endfor %}').mend).toBe("Did you mean 'for'?");
    expect(faultOf('{% for x in a %}{% endif %}').mend).toBe(
      "The innermost open block is 'for'; it ends with '{% endfor %}'.",
    );
  });

  it.each(['extends', 'block', 'autoescape', 'trans', 'debug', 'print'])('%s is refused by name', (name) => {
    const fault = faultOf(`{% ${name} %}`);
    expect(fault).toMatchObject({ code: 'unsupported', message: `The statement '${name}' is not supported.`, col: 4 });
    expect(fault.mend).toBeTypeOf('string');
  });
});
