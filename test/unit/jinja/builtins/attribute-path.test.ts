import { describe, expect, it } from 'vitest';
import { getter, severalGetter } from '../../../../src/jinja/builtins/attribute-path.ts';
import { Undefined } from '../../../../src/jinja/values/values.ts';

describe('getter', () => {
  const item = { a: { b: [1, 2] }, '0': 'zero' };
  it('reads names, paths and positions', () => {
    expect(getter('a.b.1')(item)).toBe(2);
    expect(getter(0)(['x'])).toBe('x');
    expect(getter(undefined)(item)).toBe(item);
  });

  it('gives a default, or an undefined value that names the path', () => {
    expect(getter('a.c', 5)(item)).toBe(5);
    const missing = getter('a.c.d')(item);
    expect(missing).toBeInstanceOf(Undefined);
    expect((missing as Undefined).message).toBe("An item has no attribute 'a.c.d'.");
    expect(() => getter(['a'])).toThrow('An attribute is named by text, not by a value of type list.');
  });
});

describe('severalGetter', () => {
  it('reads several attributes', () => {
    expect(severalGetter('x,y.z')({ x: 1, y: { z: 2 } })).toEqual([1, 2]);
  });
});
