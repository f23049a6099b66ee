import { expect, it } from 'vitest';
import { sha256 } from '../../../src/resources/digest.ts';
import { base64Bytes, shownContent, textLimit } from '../../../src/resources/shown-content.ts';

it('shows a text as it is, whether it came as text or as bytes', () => {
  expect(shownContent('grüße\n')).toBe('grüße\n');
  expect(shownContent(new TextEncoder().encode('\ufeffgrüße\n'))).toBe('\ufeffgrüße\n');
  expect(shownContent('')).toBe('');
});

it.each([
  ['a NUL', Uint8Array.of(65, 0, 66)],
  ['no UTF-8', Uint8Array.of(0xff, 0xfe)],
  ['more than a mebibyte', new Uint8Array(textLimit + 1).fill(65)],
])('shows content with %s by its digest', (_, bytes) => {
  expect(shownContent(bytes)).toBe(`sha256:${sha256(bytes)}`);
});

it('counts bytes, not characters, towards the limit', () => {
  expect(shownContent('ü'.repeat(textLimit / 2))).not.toMatch(/^sha256:/);
  expect(shownContent('ü'.repeat(textLimit / 2 + 1))).toMatch(/^sha256:/);
});

it('decodes base64, and nothing else', () => {
  expect(base64Bytes('AP8=')).toEqual(Uint8Array.of(0, 255));
  expect(base64Bytes('not base64!')).toBeUndefined();
});
