import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('if', () => {
  it('takes the first branch that holds', () => {
    const source = '{% if a %}a{% elif b %}b{% else %}c{% endif %}';
    expect([render(source, { a: 1, b: 1 }), render(source, { a: 0, b: 1 }), render(source, { a: 0, b: 0 })]).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

describe('for', () => {
  it('goes through lists, text, keys and ranges', () => {
    expect(render('{% for x in [1, 2] %}{{ x }},{% endfor %}')).toBe('1,2,');
    expect(render("{% for x in 'aé😀' %}{{ x }},{% endfor %}")).toBe('a,é,😀,');
    expect(render('{% for x in d %}{{ x }},{% endfor %}', { d: { b: 1, a: 2 } })).toBe('b,a,');
    expect(render('{% for x in range(3, 0, -1) %}{{ x }}{% endfor %}')).toBe('321');
  });

  it('unpacks, filters, and has an else for nothing', () => {
    expect(
      render('{% for k, v in d.items() if v > 1 %}{{ k }}{{ v }}{{ loop.length }}{% endfor %}', { d: { a: 1, b: 2 } }),
    ).toBe('b21');
    expect(render('{% for x in [] %}x{% else %}none{% endfor %}')).toBe('none');
    expect(render('{% for x in [1] if x > 1 %}x{% else %}none{% endfor %}')).toBe('none');
  });

  it('asks its filter only when the turn of an item comes', () => {
    const source =
      '{% set n = namespace(seen=[]) %}{% for x in [1, 1, 2] if x not in n.seen %}{{ x }}{% do n.seen.append(x) %}{% endfor %}';
    expect(render(source)).toBe('12');
  });

  it('has a scope for each turn', () => {
    expect(render('{% set x = 0 %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}')).toBe(
      '01020',
    );
  });

  it('can be left and cut short', () => {
    expect(
      render(
        '{% for x in range(9) %}{% if x == 1 %}{% continue %}{% endif %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}',
      ),
    ).toBe('02');
    expect(
      render(
        '{% for x in [1, 2] %}{% with y = x %}{% if y == 2 %}{% break %}{% endif %}{{ y }}{% endwith %}{% endfor %}',
      ),
    ).toBe('1');
  });

  it('names what cannot be unpacked or looped over', () => {
    expect(faultOf('{% for a, b in [[1]] %}{% endfor %}')).toMatchObject({
      code: 'type',
      message: 'There are 2 names for an item of 1 parts.',
    });
    expect(faultOf('{% for a in 5 %}{% endfor %}')).toMatchObject({
      code: 'type',
      message: 'A value of type int cannot be looped over.',
      col: 13,
    });
  });
});

describe('set', () => {
  it('sets names, tuples and blocks', () => {
    expect(render('{% set a, b = 1, 2 %}{{ a }}{{ b }}')).toBe('12');
    expect(render('{% set a %}x{{ 1 }}{% endset %}[{{ a }}]')).toBe('[x1]');
    expect(render('{% set a | upper | replace("X", "y") %}x{% endset %}{{ a }}')).toBe('y');
  });

  it('has no scope of its own in an if', () => {
    expect(render('{% if true %}{% set a = 1 %}{% endif %}{{ a }}')).toBe('1');
  });

  it('reaches out of a loop only through a namespace', () => {
    expect(
      render('{% set n = namespace(a=0) %}{% for x in [1, 2] %}{% set n.a = n.a + x %}{% endfor %}{{ n.a }}'),
    ).toBe('3');
    expect(faultOf('{% set d = {} %}{% set d.a = 1 %}')).toMatchObject({
      code: 'type',
      mend: 'Make one first: {% set d = namespace(a=…) %}.',
    });
  });
});

describe('with, filter, do', () => {
  it('with evaluates its values outside', () => {
    expect(render('{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}')).toBe('211');
  });

  it('filter works on the text of its body', () => {
    expect(render('{% filter upper | replace("A", "-") %}a{{ "b" }}{% endfilter %}')).toBe('-B');
  });

  it('do writes nothing', () => {
    expect(render('{% set l = [] %}{% do l.append(1) %}{{ l }}')).toBe('[1]');
  });
});

describe('bounds', () => {
  it('stops before the text becomes too large', () => {
    const source = "{% set x = 'x' * 1000000 %}{% for i in range(100) %}{{ x }}{% endfor %}";
    expect(faultOf(source)).toMatchObject({
      code: 'runtime',
      message: 'The result would be larger than 67108864 characters.',
    });
    expect(
      faultOf("{% set n = namespace(x='xxxx') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}"),
    ).toMatchObject({ code: 'runtime' });
  });
});
