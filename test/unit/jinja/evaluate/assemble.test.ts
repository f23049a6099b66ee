import { describe, expect, it } from 'vitest';
import { JinjaError } from '../../../../src/jinja/jinja.ts';
import { evaluate, faultOf, render } from '../render.ts';

describe('filters, tests and functions from outside', () => {
  it('are given plain data', () => {
    const seen: unknown[] = [];
    const filters = {
      look: (value: unknown, args: unknown, named: unknown) => {
        seen.push(value, args, named);
        return null;
      },
    };
    render('{{ {"a": (1, 2.0)} | look(range(2), b={"c": none}) }}', {}, { filters });
    expect(seen).toEqual([{ a: [1, 2] }, [[0, 1]], { b: { c: null } }]);
  });

  it('replace those of the room', () => {
    expect(render('{{ 1 | upper }}', {}, { filters: { upper: () => 'mine' } })).toBe('mine');
    expect(render('{{ 1 is odd }}', {}, { tests: { odd: () => false } })).toBe('False');
    expect(render('{{ range() }}', {}, { globals: { range: () => 'mine' } })).toBe('mine');
    expect(render('{{ site }}', {}, { globals: { site: null } })).toBe('None');
  });

  it('give way to variables of the same name', () => {
    expect(render('{{ site }}', { site: 'theirs' }, { globals: { site: 'mine' } })).toBe('theirs');
  });

  it('are reached by map and select', () => {
    const options = {
      filters: { twice: (n: unknown) => Number(n) * 2 },
      tests: { big: (n: unknown) => Number(n) > 2 },
    };
    expect(evaluate('{{ [1, 2] | map("twice") | select("big") }}', {}, options)).toEqual([4]);
    expect(render('{{ "twice" is filter }}{{ "big" is test }}{{ "nope" is filter }}', {}, options)).toBe(
      'TrueTrueFalse',
    );
    expect(faultOf('{{ [1] | map("twcie") }}', {}, options)).toMatchObject({
      code: 'runtime',
      message: "There is no filter 'twcie'.",
      mend: "Did you mean 'twice'?",
    });
  });

  it('have Ansible’s full names too', () => {
    expect(render('{{ "a" | ansible.builtin.upper }}{{ "1.2" is ansible.builtin.version("1.1", ">") }}')).toBe('ATrue');
    expect(render('{{ "a" | ansible.utils.ipaddr }}', {}, { filters: { ipaddr: () => 'mine' } })).toBe('mine');
    expect(faultOf('{{ "a" | other.place.upper }}').message).toBe("There is no filter 'other.place.upper'.");
  });

  it('fail at the place where they are called', () => {
    const fail = (): never => {
      throw new Error('no such address');
    };
    expect(faultOf('{{ 1 | a }}', {}, { filters: { a: fail } })).toMatchObject({
      code: 'runtime',
      message: "'a' failed: no such address",
      col: 8,
    });
    expect(faultOf('{{ 1 is a }}', {}, { tests: { a: fail } })).toMatchObject({
      message: "'a' failed: no such address",
    });
    expect(faultOf('{{ a() }}', {}, { globals: { a: fail } })).toMatchObject({
      message: "'a()' failed: no such address",
    });
  });

  it('let a JinjaError through as it is', () => {
    const inner = new JinjaError({ code: 'type', message: 'Inner.', line: 7, col: 1 });
    const filters = {
      a: (): never => {
        throw inner;
      },
    };
    expect(() => render('{{ 1 | a }}', {}, { filters })).toThrow(inner);
  });
});
