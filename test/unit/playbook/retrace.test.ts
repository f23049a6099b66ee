import { describe, expect, it } from 'vitest';
import { type Lookup, retracing } from '../../../src/playbook/retrace.ts';

/** Names with their values, and how often the work was done. */
function retraced(work: (lookup: Lookup) => unknown) {
  let done = 0;
  const run = retracing((lookup) => {
    done += 1;
    return work(lookup);
  });
  return {
    with: (names: Readonly<Record<string, unknown>>) => run((name) => names[name]),
    done: () => done,
  };
}

describe('work is done once more', () => {
  it('only where something that it asks for is not as it was', () => {
    const sum = retraced((lookup) => `${lookup('a')} ${lookup('b')}`);
    expect(sum.with({ a: 1, b: 2, c: 3 })).toBe('1 2');
    expect(sum.with({ a: 1, b: 2, c: 4 })).toBe('1 2');
    expect(sum.done()).toBe(1);
    expect(sum.with({ a: 1, b: 3 })).toBe('1 3');
    expect(sum.with({ a: 2, b: 3 })).toBe('2 3');
    expect(sum.with({ a: 1 })).toBe('1 undefined');
    expect(sum.done()).toBe(4);
  });

  it('where it asks for other names, once for each value of the first', () => {
    const chosen = retraced((lookup) => lookup(lookup('which') === 'a' ? 'a' : 'b'));
    for (let again = 0; again < 2; again++) {
      expect(chosen.with({ which: 'a', a: 1, b: 2 })).toBe(1);
      expect(chosen.with({ which: 'b', a: 1, b: 2 })).toBe(2);
    }
    expect(chosen.done()).toBe(2);
  });

  it('where it has not come to an end', () => {
    const strict = retraced((lookup) => {
      if (lookup('a') === undefined) throw new Error('no a');
      return lookup('a');
    });
    expect(() => strict.with({})).toThrow('no a');
    expect(() => strict.with({})).toThrow('no a');
    expect(strict.with({ a: 1 })).toBe(1);
    expect(() => strict.with({})).toThrow('no a');
    expect(strict.done()).toBe(4);
  });

  it('never where it asks for nothing', () => {
    const constant = retraced(() => []);
    expect(constant.with({ a: 1 })).toBe(constant.with({}));
    expect(constant.done()).toBe(1);
  });

  it('for values that were too many to remember', () => {
    const one = retraced((lookup) => lookup('a'));
    for (let a = 0; a < 200; a++) expect(one.with({ a })).toBe(a);
    expect(one.with({ a: 199 })).toBe(199);
    expect(one.with({ a: 0 })).toBe(0);
    expect(one.done()).toBe(201);
  });
});
