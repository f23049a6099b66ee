import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../src/jinja/suggest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['a', '', 1],
    ['abc', 'abd', 1],
    ['abcd', 'acbd', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe('nearest', () => {
  const known = ['default', 'upper', 'to_json', 'map'];
  it('finds a misspelt name', () => {
    expect(nearest('defualt', known)).toBe('default');
    expect(nearest('uper', known)).toBe('upper');
    expect(nearest('to_jsno', known)).toBe('to_json');
    expect(nearest('MAP', known)).toBe('map');
  });

  it('finds nothing where nothing is near', () => {
    expect(nearest('nope', known)).toBeUndefined();
    expect(nearest('x', known)).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it('asks', () => {
    expect(didYouMean('uper', ['upper'])).toBe("Did you mean 'upper'?");
    expect(didYouMean('x', ['upper'])).toBeUndefined();
  });
});
