import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Generation,
  generationText,
  parseGeneration,
  withEntries,
  withoutEntries,
} from '../../../src/plan/generation.ts';

const entry = (id: string, content: Uint8Array | string = 'x') => ({
  id,
  kind: 'file',
  task: 'Write it',
  become: true,
  noLog: false,
  notify: ['again'],
  former: { spec: { path: '/x', content } },
});
const generation = (...entries: Generation['entries']): Generation => ({
  run: '20261122T013000Z-3f2a',
  playbook: 'site.yml',
  entries,
});

describe('a generation', () => {
  it('is read back as it was written, on one line, with any bytes and texts', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (bytes, text) => {
        const whole = generation(entry('a', bytes), { ...entry('b', text), former: { lost: text } });
        const written = generationText(whole);
        expect(written.trimEnd().split('\n')).toHaveLength(1);
        expect(parseGeneration(written)).toEqual(whole);
      }),
    );
  });

  it('is refused when any part of it is damaged or cut off, or a later version wrote it', () => {
    const written = generationText(generation(entry('a', Uint8Array.of(0, 255))));
    fc.assert(
      fc.property(fc.nat(written.length - 2), (at) => {
        expect(parseGeneration(written.slice(0, at))).toBeUndefined();
        const other = written[at] === 'x' ? 'y' : 'x';
        expect(parseGeneration(`${written.slice(0, at)}${other}${written.slice(at + 1)}`)).toBeUndefined();
      }),
    );
    expect(parseGeneration(written.replace('"version":1', '"version":2'))).toBeUndefined();
  });

  it('keeps of what a run changed twice what it was before the first time', () => {
    const first = generation(entry('a', 'first'));
    expect(withEntries(first, [entry('a', 'second'), entry('b')]).entries).toEqual([entry('a', 'first'), entry('b')]);
    expect(withoutEntries(first, new Set(['a'])).entries).toEqual([]);
  });
});
