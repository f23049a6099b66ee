import { describe, expect, it } from 'vitest';
import { evaluate, faultOf, render } from '../../render.ts';

describe('methods of dicts', () => {
  it('read', () => {
    const d = { b: 1, a: null };
    expect(evaluate('{{ [d.get("b"), d.get("a", 5), d.get("x"), d.get("x", 5)] }}', { d })).toEqual([1, null, null, 5]);
    expect(render('{{ d.keys() }}{{ d.values() }}{{ d.items() }}', { d })).toBe(
      "dict_keys(['b', 'a'])dict_values([1, None])dict_items([('b', 1), ('a', None)])",
    );
    expect(render('{{ d.items() | list }}{{ d.keys() | length }}', { d })).toBe("[('b', 1), ('a', None)]2");
  });

  it('change dicts that the template made', () => {
    const source =
      "{% set d = {'a': 1} %}{% do d.update({'b': 2}, c=3) %}{{ d }}{{ d.pop('a') }}{{ d.pop('x', 9) }}{{ d.setdefault('e', 5) }}{{ d.setdefault('b', 7) }}{{ d.popitem() }}{{ d }}{% do d.clear() %}{{ d }}";
    expect(render(source)).toBe("{'a': 1, 'b': 2, 'c': 3}1952('e', 5){'b': 2, 'c': 3}{}");
    expect(render('{% set d = given.copy() %}{% set _ = d.update(x=1) %}{{ d }}{{ given }}', { given: { a: 1 } })).toBe(
      "{'a': 1, 'x': 1}{'a': 1}",
    );
    expect(
      render('{% set d = given | combine({}) %}{% set _ = dict(d).update(x=1) %}{{ d }}', { given: { a: 1 } }),
    ).toBe("{'a': 1}");
  });

  it('never change a dict of the context', () => {
    expect(faultOf('{% do d.update({}) %}', { d: {} })).toMatchObject({
      code: 'type',
      message: 'update() would change a dict that the template did not make.',
    });
    expect(faultOf("{{ {}.pop('x') }}").message).toBe('pop() was given a key that the dict does not have.');
  });
});
