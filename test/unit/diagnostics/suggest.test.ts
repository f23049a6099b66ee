import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/diagnostics/suggest.ts';

describe('nearest', () => {
  it.each([
    ['moed', ['mode', 'owner', 'path'], 'mode'],
    ['Mode', ['mode'], 'mode'],
    ['pth', ['path', 'port'], 'path'],
    ['prometheus-scraper', ['prometheus_scraper', 'pushgateway'], 'prometheus_scraper'],
    ['x', ['mode', 'path'], undefined],
    ['retries', ['path', 'mode'], undefined],
    ['', ['mode'], undefined],
  ])('%s', (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it('is the name itself when that is known', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (name, others) => {
        expect(nearest(name, [...others.filter((one) => one.toLowerCase() !== name.toLowerCase()), name])).toBe(name);
      }),
    );
  });

  it('finds every name that has one slip in it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,12}$/), fc.nat(), (name, at) => {
        const i = at % (name.length - 1);
        const swapped = name.slice(0, i) + name[i + 1] + name[i] + name.slice(i + 2);
        for (const slip of [swapped, name.slice(0, i) + name.slice(i + 1), `${name.slice(0, i)}_${name.slice(i)}`]) {
          expect(nearest(slip, [name])).toBe(name);
        }
      }),
    );
  });
});

it('lists what there is when nothing is near', () => {
  expect(didYouMean('moed', ['path', 'mode'])).toBe('Did you mean "mode"?');
  expect(didYouMean('xyz', ['path', 'mode'])).toBe('Use one of: mode, path.');
});
