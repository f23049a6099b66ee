import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../../src/jinja/jinja.ts';
import { faultOf } from '../render.ts';

describe('names of filters, tests and functions', () => {
  it.each([
    '{{ a | nosuch }}',
    '{% if a | nosuch %}{% endif %}',
    '{% for x in a if x | nosuch %}{% endfor %}',
    '{% set a = b | nosuch %}',
    '{% set a | nosuch %}{% endset %}',
    '{% filter nosuch %}{% endfilter %}',
    '{% with a = b | nosuch %}{% endwith %}',
    '{% macro m(a=b | nosuch) %}{% endmacro %}',
    '{% macro m() %}{{ a | nosuch }}{% endmacro %}',
    '{% call m(a | nosuch) %}{% endcall %}',
    '{% include a | nosuch %}',
    '{{ f(x=[{"a": b | nosuch}]) }}',
    '{% if false %}{{ a | nosuch }}{% endif %}',
    '{% do a | nosuch %}',
  ])('are checked before anything runs: %s', (source) => {
    expect(() => parseTemplate(source)).toThrow("There is no filter 'nosuch'.");
  });

  it('are suggested where they are misspelt, those from outside too', () => {
    expect(faultOf('{{ a | defualt(1) }}')).toMatchObject({
      code: 'syntax',
      mend: "Did you mean 'default'?",
      col: 8,
      endCol: 18,
    });
    expect(faultOf('{{ a is definde }}')).toMatchObject({ code: 'syntax', mend: "Did you mean 'defined'?" });
    expect(faultOf('{{ a | ipadr }}', {}, { filters: { ipaddr: () => null } }).mend).toBe("Did you mean 'ipaddr'?");
  });

  it('are refused by name, with a reason', () => {
    for (const source of [
      '{{ a | random }}',
      '{{ a | urlize }}',
      '{{ a is exists }}',
      '{{ a is changed }}',
      "{{ lookup('env', 'X') }}",
      '{{ query("x") }}',
      '{{ now() }}',
      '{{ lipsum() }}',
    ]) {
      const fault = faultOf(source);
      expect(fault).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/is not supported\.$/) });
      expect(fault.mend).toBeTypeOf('string');
    }
  });

  it('may be given by the host or by the template instead', () => {
    expect(() => parseTemplate('{{ lookup(1) }}', { globals: { lookup: () => 1 } })).not.toThrow();
    expect(() => parseTemplate('{% macro query(x) %}{% endmacro %}{{ query(1) }}')).not.toThrow();
    expect(() => parseTemplate('{{ a | random }}', { filters: { random: () => 4 } })).not.toThrow();
  });
});
