import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('loop', () => {
  it.each([
    ['index', '1,2,3,'],
    ['index0', '0,1,2,'],
    ['revindex', '3,2,1,'],
    ['revindex0', '2,1,0,'],
    ['first', 'True,False,False,'],
    ['last', 'False,False,True,'],
    ['length', '3,3,3,'],
    ['depth', '1,1,1,'],
    ['depth0', '0,0,0,'],
    ["previtem | default('-')", '-,a,b,'],
    ["nextitem | default('-')", 'b,c,-,'],
    ["cycle('x', 'y')", 'x,y,x,'],
    ['changed(x)', 'True,True,True,'],
    ["changed('same')", 'True,False,False,'],
  ])('%s', (attribute, expected) => {
    expect(render(`{% for x in ['a', 'b', 'c'] %}{{ loop.${attribute} }},{% endfor %}`)).toBe(expected);
  });

  it('is the loop around in an inner loop’s head and filter', () => {
    expect(
      render('{% for x in [1, 2] %}{% for y in [1, 2] if y == loop.index %}{{ x }}{{ y }} {% endfor %}{% endfor %}'),
    ).toBe('11 22 ');
  });

  it('renders its body again for inner items, where it is recursive', () => {
    const tree = [
      { n: 'a', sub: [{ n: 'b', sub: [] }] },
      { n: 'c', sub: [] },
    ];
    expect(
      render('{% for x in tree recursive %}{{ loop.depth }}{{ x.n }}[{{ loop(x.sub) }}]{% endfor %}', { tree }),
    ).toBe('1a[2b[]]1c[]');
    expect(faultOf('{% for x in [1] %}{{ loop([]) }}{% endfor %}').message).toBe(
      "Only a loop that is marked 'recursive' can be called.",
    );
  });

  it('faults where there is no item before or after', () => {
    expect(faultOf('{% for x in [1] %}{{ loop.previtem }}{% endfor %}')).toMatchObject({
      code: 'undefined',
      name: 'loop.previtem',
    });
    expect(faultOf('{% for x in [1] %}{{ loop.cycle() }}{% endfor %}').code).toBe('type');
    expect(faultOf('{% for x in [1] %}{{ loop.indx }}{% endfor %}').code).toBe('undefined');
  });
});
