import { describe, expect, it } from 'vitest';
import { isChosen } from '../../../src/playbook/choose-tags.ts';

describe('tags', () => {
  it.each([
    { tags: [], only: [], skip: [], chosen: true },
    { tags: ['a'], only: [], skip: [], chosen: true },
    { tags: ['a'], only: ['a'], skip: [], chosen: true },
    { tags: ['a'], only: ['b'], skip: [], chosen: false },
    { tags: [], only: ['b'], skip: [], chosen: false },
    { tags: ['always'], only: ['b'], skip: [], chosen: true },
    { tags: ['always', 'a'], only: ['b'], skip: ['a'], chosen: false },
    { tags: ['always'], only: [], skip: ['always'], chosen: false },
    { tags: ['never'], only: [], skip: [], chosen: false },
    { tags: ['never', 'a'], only: ['a'], skip: [], chosen: true },
    { tags: ['never'], only: ['never'], skip: [], chosen: true },
    { tags: ['never'], only: ['all'], skip: [], chosen: false },
    { tags: ['a'], only: ['all'], skip: ['a'], chosen: false },
    { tags: ['a'], only: ['tagged'], skip: [], chosen: true },
    { tags: [], only: ['tagged'], skip: [], chosen: false },
    { tags: [], only: ['untagged'], skip: [], chosen: true },
    { tags: ['a'], only: [], skip: ['tagged'], chosen: false },
    { tags: ['always'], only: [], skip: ['all'], chosen: true },
  ])('tags $tags with --tags $only --skip-tags $skip: $chosen', ({ tags, only, skip, chosen }) => {
    expect(isChosen(tags, only, skip)).toBe(chosen);
  });
});
