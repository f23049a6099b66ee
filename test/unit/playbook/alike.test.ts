import { describe, expect, it } from 'vitest';
import { alike } from '../../../src/playbook/alike.ts';

describe('what comes out the same', () => {
  it.each([
    ['text', 'a', 'a'],
    ['a list', [1, ['b']], [1, ['b']]],
    ['a mapping', { a: { b: [] }, c: null }, { a: { b: [] }, c: null }],
  ])('is taken from before: %s', (_, before, now) => {
    expect(alike(before, now)).toBe(before);
  });

  it('is taken from before in what differs, which stays as it is', () => {
    const before = { a: { deep: [1] }, b: [{ x: 1 }, { x: 2 }] };
    const now = { a: { deep: [1] }, b: [{ x: 1 }, { x: 3 }] };
    const copy = structuredClone(now);
    const kept = alike(before, now);
    expect(kept).toEqual(copy);
    expect(now).toEqual(copy);
    expect(kept.a).toBe(before.a);
    expect(kept.b[0]).toBe(before.b[0]);
  });

  it.each([
    ['another value', { a: 1 }, { a: 2 }],
    ['one key more', { a: 1 }, { a: 1, b: undefined }],
    ['one key less', { a: 1, b: undefined }, { a: 1 }],
    ['another order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['a longer list', [1], [1, 2]],
    ['a shorter list', [1, 2], [1]],
    ['a list for a mapping', { 0: 1 }, [1]],
    ['a mapping for a list', [1], { 0: 1 }],
    ['minus zero', 0, -0],
    ['bytes', new Uint8Array([1]), new Uint8Array([1])],
    ['nothing', {}, null],
  ])('is not %s', (_, before: unknown, now: unknown) => {
    const kept = alike(before, now);
    expect(kept).not.toBe(before);
    expect(kept).toEqual(now);
    expect(JSON.stringify(kept)).toBe(JSON.stringify(now));
  });
});
