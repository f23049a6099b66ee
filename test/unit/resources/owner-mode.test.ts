import { expect, it } from 'vitest';
import { pathSchema, plainPath, principalSchema, readStat } from '../../../src/resources/owner-mode.ts';
import { check } from '../../../src/schema/check.ts';

it.each([
  ['/', '/'],
  ['//', '/'],
  ['/etc//x/', '/etc/x'],
  ['/etc/x', '/etc/x'],
])('the path %s has the one name %s', (path, plain) => {
  expect(plainPath(path)).toBe(plain);
});

it.each(['/', '/a', '/a/..b', '/a/...', "/it's/a b", '/.a/b.'])('%s is a path', (path) => {
  expect(check(pathSchema, path)).toEqual([]);
});

it.each(['', 'a', './a', '/..', '/a/../b', '/a/./b', '/a/.', '/./a'])('%s is no path', (path) => {
  expect(check(pathSchema, path)).toHaveLength(1);
});

it.each(['root', 'www-data', '65534', 65534, 'svc$', 'DOMAIN.user@ad'])('%s may own', (name) => {
  expect(check(principalSchema, name)).toEqual([]);
});

it.each(['root:root', '-x', '', -1, 'a b'])('%s may not own', (name) => {
  expect(check(principalSchema, name)).not.toEqual([]);
});

it('reads names with spaces, as directories of companies have them', () => {
  expect(readStat('4096 41ed 0 513 Jane Doe|domain users')).toMatchObject({ user: 'Jane Doe', group: 'domain users' });
});

it('reads nothing into other text', () => {
  expect(readStat('Welcome!')).toBeUndefined();
  expect(readStat(undefined)).toBeUndefined();
});
