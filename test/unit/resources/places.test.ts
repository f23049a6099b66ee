import { describe, expect, it } from 'vitest';
import { directory } from '../../../src/resources/directory.ts';
import { file } from '../../../src/resources/file.ts';
import { anything, willBeEmpty } from '../../../src/resources/places.ts';

const [made, gone] = (['create', 'delete'] as const).map((action) => ({ action, cause: '', fields: [] })) as [
  { action: 'create'; cause: ''; fields: [] },
  { action: 'delete'; cause: ''; fields: [] },
];
const brought = {
  'the file x of it gone': file.brings!({ path: '/d/x', state: 'absent' }, gone),
  'the folder y of it gone': directory.brings!({ path: '/d//y/', state: 'absent' }, gone),
  'a file made in it': file.brings!({ path: '/d/z', content: '' }, made),
  'a file gone from elsewhere': file.brings!({ path: '/d/y/x', state: 'absent' }, gone),
  'a command': [anything],
};

type Before = readonly (keyof typeof brought)[];

describe('a folder', () => {
  it.each<readonly [number, Before, boolean | 'unknown']>([
    [0, [], true],
    [1, [], false],
    [1, ['the file x of it gone'], true],
    [2, ['the file x of it gone'], false],
    [2, ['the file x of it gone', 'the folder y of it gone'], true],
    [1, ['a file gone from elsewhere'], false],
    [0, ['a file made in it'], false],
    [1, ['a command'], 'unknown'],
    [0, ['a command'], true],
    [1, ['a command', 'the file x of it gone'], true],
  ])('with %d entries, after %j, will be empty: %s', (entries, before, expected) => {
    const all = before.flatMap((one) => brought[one]);
    expect(willBeEmpty('/d', entries, { disturbed: all.length > 0, brought: new Set(all) })).toBe(expected);
  });
});
