import { describe, expect, it } from 'vitest';
import { versionHolds } from '../../../../src/jinja/python/version-compare.ts';

describe('versionHolds', () => {
  it.each([
    ['1.10', '>', '1.9', 'loose', true],
    ['1.2', '<', '1.2.0', 'loose', true],
    ['v2.53.0', '>=', 'v2.45.1', 'loose', true],
    ['1.0', 'eq', '1.0', 'loose', true],
    ['1.0rc1', '<', '1.0rc2', 'loose', true],
    ['1.2', '==', '1.2.0', 'strict', true],
    ['1.2a1', '<', '1.2', 'strict', true],
    ['1.0.0-rc.2', '<', '1.0.0-rc.10', 'semver', true],
    ['1.0.0-rc.1', '<', '1.0.0', 'semver', true],
    ['1.0.0-1', '<', '1.0.0-a', 'semver', true],
    ['1.0.0+a', '==', '1.0.0+b', 'semver', true],
  ])('%s %s %s (%s)', (left, operator, right, type, expected) => {
    expect(versionHolds(left, operator, right, type)).toBe(expected);
  });

  it.each([
    ['1', '~', '1', 'loose', "'version' knows no operator '~'."],
    ['', '<', '1', 'loose', "'version' was given an empty version."],
    ['1.a', '<', '1.1', 'loose', 'The versions cannot be compared: where one has a number the other has a word.'],
    ['1', '<', '2', 'strict', 'A strict version is like 1.2, 1.2.3 or 1.2a1.'],
    ['1.2', '<', '2.0.0', 'semver', 'A semantic version is like 1.2.3 or 1.2.3-rc.1.'],
    ['1', '<', '2', 'pep440', "'version' knows the types loose, strict and semver, not 'pep440'."],
  ])('%s %s %s (%s): %s', (left, operator, right, type, message) => {
    expect(() => versionHolds(left, operator, right, type)).toThrow(message);
  });
});
