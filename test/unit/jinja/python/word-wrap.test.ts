import { describe, expect, it } from 'vitest';
import { wrapLine } from '../../../../src/jinja/python/word-wrap.ts';

const usual = { width: 10, breakLong: true, onHyphens: true };

describe('wrapLine', () => {
  it('breaks at spaces and hyphens, and cuts what is too long', () => {
    expect(wrapLine('the quick brown fox', usual)).toEqual(['the quick', 'brown fox']);
    expect(wrapLine('well-known words', usual)).toEqual(['well-known', 'words']);
    expect(wrapLine('x well-known', usual)).toEqual(['x well-', 'known']);
    expect(wrapLine('abcdefghijklmno', usual)).toEqual(['abcdefghij', 'klmno']);
    expect(wrapLine('', usual)).toEqual([]);
  });

  it('leaves long words and hyphens alone where it is told to', () => {
    expect(wrapLine('abcdefghijklmno p', { ...usual, breakLong: false })).toEqual(['abcdefghijklmno', 'p']);
    expect(wrapLine('x well-known', { ...usual, onHyphens: false })).toEqual(['x', 'well-known']);
  });
});
