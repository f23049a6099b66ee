import { describe, expect, it } from 'vitest';
import { evaluate, faultOf, render } from '../render.ts';

describe('undefined values', () => {
  it.each([
    '{{ nope }}',
    '{{ d.nope }}',
    '{{ nope | upper }}',
    '{{ nope + 1 }}',
    "{{ 'a' ~ nope }}",
    '{{ nope == 1 }}',
    '{{ 1 != nope }}',
    '{{ not nope }}',
    '{{ nope and 1 }}',
    '{% if nope %}{% endif %}',
    '{% for x in nope %}{% endfor %}',
    '{{ 1 in nope }}',
    '{{ nope is none }}',
    '{{ nope is string }}',
    '{{ [nope] }}',
    '{{ {"a": nope} }}',
    '{{ 1 if nope else 2 }}',
    "{{ 'a' | replace(nope, 'b') }}",
    '{{ [1] | join(nope) }}',
    '{{ [nope, 1] | join }}',
    '{{ -nope }}',
    '{{ nope() }}',
    '{{ nope[1:] ~ 1 }}',
    '{{ nope | list }}',
    '{{ nope | items }}',
    '{% do nope %}',
    '{% include nope %}',
    '{{ nope | ternary(1, 2) }}',
    '{{ [nope] | to_json }}',
    '{{ [nope] | to_yaml }}',
  ])('are a fault wherever they are used: %s', (source) => {
    const fault = faultOf(source, { d: {} }, { loader: () => '' });
    expect(fault.code).toBe('undefined');
    expect(fault.name).toMatch(/nope$/);
  });

  it('are placed where they stand, not where they are used', () => {
    expect(faultOf('{% set a = d.nope %}{{ a | upper }}', { d: {} })).toMatchObject({
      name: 'd.nope',
      col: 12,
      endCol: 18,
    });
    expect(faultOf('{{ a ~ d.nope }}', { a: 1, d: {} })).toMatchObject({ col: 8 });
  });

  it('may be asked for, and replaced, along a whole path', () => {
    expect(render('{{ nope is defined }}{{ nope.a.b is undefined }}')).toBe('FalseTrue');
    expect(render("{{ nope | default('x') }}{{ d.a.b['c'].e | default('y') }}{{ nope[1:] | d('z') }}", { d: {} })).toBe(
      'xyz',
    );
  });

  it('may stand where they are not needed', () => {
    expect(
      render('{{ 1 | default(nope) }}{{ true | ternary(1, nope) }}{{ [nope, 2] | select("defined") | first }}'),
    ).toBe('112');
    expect(render('{{ d.get("a", nope) }}', { d: { a: 1 } })).toBe('1');
  });

  it('are named by path, with keys that are near', () => {
    const variables = { d: { name: 1, 'with-dash': {} }, l: [1], s: 'x' };
    expect(faultOf('{{ d.nmae }}', variables)).toMatchObject({
      message: "'d.nmae' is not defined.",
      mend: "Did you mean 'name'?",
    });
    expect(faultOf("{{ d['with-dash']['a b'] }}", variables).message).toBe(`'d['with-dash']["a b"]' is not defined.`);
    expect(faultOf('{{ l[3] }}', variables).message).toBe(
      "'l[3]' is not defined. A value of type list has no such item.",
    );
    expect(faultOf('{{ s.nope }}', variables).message).toBe(
      "'s.nope' is not defined. A value of type str has no attribute 'nope'.",
    );
    expect(faultOf('{{ rnage(3) }}')).toMatchObject({ code: 'undefined', mend: "Did you mean 'range'?" });
  });
});

describe('if without else', () => {
  it('is empty where it is false', () => {
    expect(render("[{{ 'x' if false }}]{{ ('x' if false) | default('d') }}{{ ('x' if false) is defined }}")).toBe(
      '[]dFalse',
    );
    expect(evaluate("{{ 'x' if false }}")).toBe('');
    expect(faultOf("{{ ('x' if false).y }}").code).toBe('undefined');
  });
});

describe('calls', () => {
  it('name what cannot be called', () => {
    expect(faultOf('{{ s() }}', { s: 'x' })).toMatchObject({
      code: 'type',
      message: 'A value of type str is not a function and cannot be called.',
    });
  });
});

describe('the sandbox', () => {
  it.each([
    "{{ ''.constructor }}",
    "{{ ''.__class__ }}",
    '{{ [].constructor }}',
    '{{ {}.constructor }}',
    '{{ d.__proto__ }}',
    "{{ d['__proto__'] }}",
    "{{ d['constructor'] }}",
    '{{ d.toString }}',
    '{{ d.hasOwnProperty }}',
    '{{ range.constructor }}',
    '{{ range.call }}',
    '{{ f.constructor }}',
    '{{ f.apply }}',
    '{{ l.length }}',
    "{{ l['push'] }}",
    "{{ ''['length'] }}",
    '{% macro m() %}{% endmacro %}{{ m.constructor }}',
    '{% for x in l %}{{ loop.constructor }}{% endfor %}',
    "{{ 'x' | attr('constructor') }}",
    "{{ l | map(attribute='constructor') | list }}",
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ toString }}',
    "{{ '{0.constructor}'.format(1) }}",
    "{{ 'x' | hash('constructor') }}",
    "{{ 'x' | comment('constructor') }}",
    "{{ {} | combine({}, list_merge='constructor') }}",
    "{{ 'x' | b64encode('constructor') }}",
  ])('gives no way to JavaScript: %s', (source) => {
    const variables = { d: { a: 1 }, l: [1] };
    expect(() => evaluate(source, variables, { globals: { f: () => 1 } })).toThrow(/^template:1:/);
  });

  it('keeps a key __proto__ as data', () => {
    const d = JSON.parse('{"__proto__": {"x": 1}}');
    expect(evaluate('{{ d["__proto__"].x }}', { d })).toBe(1);
    const made = evaluate('{{ {"__proto__": {"polluted": true}} }}') as object;
    expect(Object.keys(made)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
