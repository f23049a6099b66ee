import { describe, expect, it } from 'vitest';
import { evaluate, faultOf, render } from '../render.ts';

describe('attributes and items', () => {
  const variables = { d: { x: 1, items: 'shadowed', '9090': 'port', none: null }, l: [1, 2, 3], s: 'héllo😀' };
  it.each([
    ['d.x', 1],
    ["d['x']", 1],
    ["d['items']", 'shadowed'],
    ['d[9090]', 'port'],
    ["d['9090']", 'port'],
    ['d.none', null],
    ['l[0]', 1],
    ['l[-1]', 3],
    ['l[true]', 2],
    ['l.1', 2],
    ['s[1]', 'é'],
    ['s[-1]', '😀'],
    ['(1, 2)[1]', 2],
    ['range(5)[1]', 1],
    ["'a'.upper()", 'A'],
    ["d.get('y', 5)", 5],
    ["d['get']('x')", 1],
    ['{1: "a"}[1]', 'a'],
    ['{1: "a"}[1.0]', 'a'],
    ['{"1": "a"}["1"]', 'a'],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, variables)).toEqual(expected);
  });

  it('take a method before a key of its name', () => {
    expect(faultOf('{{ d.items }}', variables)).toMatchObject({
      code: 'type',
      mend: 'Call it: items(). A key of that name is read with brackets: ["items"].',
    });
  });

  it.each(['l[3]', 'l["x"]', 'd[l]', '{1: 2}["1"]', '(1).real', 'none.x', 'd.keys()[0]', 's[99]'])(
    'are undefined where there are none: %s',
    (source) => {
      expect(faultOf(`{{ ${source} }}`, variables).code).toBe('undefined');
    },
  );

  it('read getters of the context', () => {
    const lazy = {
      get x() {
        return 'got';
      },
    };
    expect(render('{{ lazy.x }}', { lazy })).toBe('got');
  });
});

describe('slices', () => {
  it.each([
    ['[1:]', '345'],
    ['[:2]', '23'],
    ['[::2]', '24'],
    ['[-2:]', '45'],
    ['[::-1]', '5432'],
    ['[5:]', ''],
    ['[:-9]', ''],
    ['[3:0:-1]', '543'],
    ['[:]', '2345'],
    ['[none:2]', '23'],
  ])('%s', (slice, expected) => {
    expect(render(`{{ '2345'${slice} }}`)).toBe(expected);
    expect(render(`{{ [2, 3, 4, 5]${slice} | join }}`)).toBe(expected);
    expect(render(`{{ range(2, 6)${slice} | join }}`)).toBe(expected);
  });

  it('refuse a step of zero, and what has no order', () => {
    expect(faultOf('{{ [1][::0] }}').message).toBe('The step of a slice cannot be zero.');
    expect(faultOf('{{ {}[1:] }}').message).toBe('A value of type dict cannot be sliced.');
    expect(faultOf("{{ [1]['a':] }}").message).toBe('A slice needs whole numbers, but was given str.');
  });
});
