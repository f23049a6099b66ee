import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Applied,
  type AppliedRecord,
  appliedDigest,
  appliedText,
  parseApplied,
  parseDigests,
  undoneApplied,
  withApplied,
} from '../../../src/plan/applied.ts';
import type { Item } from '../../../src/plan/plan.ts';
import { kinds } from '../../../src/resources/index.ts';

const thing = (id: string, spec: unknown = 'x', playbook = 'site.yml'): Applied => ({
  id,
  kind: 'file',
  playbook,
  task: 'Write it',
  become: true,
  noLog: false,
  spec,
});
const record = (...things: readonly Applied[]): AppliedRecord => new Map(things.map((one) => [one.id, one]));

describe('the record of what was last applied', () => {
  it('is read back as it was written, with any bytes and texts, whatever order things came in', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (bytes, text) => {
        const [one, two] = [thing('a', { content: bytes }), thing('b', { content: text, path: text }, 'other.yml')];
        const written = appliedText(record(two, one));
        expect(parseApplied(written)).toEqual(record(one, two));
        expect(appliedText(record(one, two))).toBe(written);
        expect(parseDigests(written.split('\n')[0]!)).toEqual({
          'site.yml': appliedDigest(record(one), 'site.yml'),
          'other.yml': appliedDigest(record(two), 'other.yml'),
        });
      }),
    );
    expect(parseApplied('')).toEqual(new Map());
  });

  it('is refused when any part of it is damaged or cut off, or a later version wrote it', () => {
    const written = appliedText(record(thing('a', Uint8Array.of(0, 255)), thing('b')));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: written.length - 2 }), (at) => {
        expect(parseApplied(written.slice(0, at))).toBeUndefined();
        const other = written[at] === 'x' ? 'y' : 'x';
        expect(parseApplied(`${written.slice(0, at)}${other}${written.slice(at + 1)}`)).toBeUndefined();
      }),
    );
    expect(parseApplied(written.replace('"version":1', '"version":2'))).toBeUndefined();
  });

  it('keeps of several tasks at one thing what the last of them says', () => {
    const item = (more: object) => {
      const spec = { chain: 'MINE', rules: [], ...more };
      const task = { name: 'Write it', at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
      const id = kinds.get('iptables_chain')!.id(spec);
      const resource = { host: 'a', kind: 'iptables_chain', id, spec, task, become: true, notify: [], noLog: false };
      return { resource, change: { action: 'none' as const }, now: { disturbed: false } };
    };
    const kept = withApplied(new Map(), 'site.yml', [item({ only: 'opening' }), item({})], kinds);
    expect([...kept.values()]).toEqual([
      { ...thing('iptables_chain:MINE', { chain: 'MINE', rules: [] }), kind: 'iptables_chain' },
    ]);
  });

  it('keeps nothing of what is longer than a mebibyte, nor of what waits or is a deed', () => {
    const item = (kind: string, spec: unknown, notified?: string): Item => {
      const task = { name: kind, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
      const resource = { host: 'a', kind, id: `${kind}:x`, spec, task, become: true, notify: [], noLog: false };
      return { resource, change: { action: 'none' }, now: { disturbed: false, ...(notified && { notified }) } };
    };
    const kept = (items: readonly Item[]) => [...withApplied(record(thing('file:x')), 'site.yml', items, kinds).keys()];
    expect(kept([item('compose', { files: { a: 'x' } })])).toEqual(['file:x', 'compose:x']);
    expect(kept([item('file', { content: new Uint8Array(1_048_577) })])).toEqual([]);
    expect(kept([item('compose', { files: { a: 'x'.repeat(1_048_577) } })])).toEqual(['file:x']);
    expect(kept([item('http', {}), item('service', {}, 'notified by "x"')])).toEqual(['file:x']);
  });

  it('goes back for what was undone alone', () => {
    const before = record(thing('a', 'old'), thing('gone', 'old'));
    const now = record(thing('a', 'new'), thing('made', 'new'), thing('kept', 'new'));
    expect(undoneApplied(before, now, new Set(['a', 'made', 'gone']))).toEqual(
      record(thing('a', 'old'), thing('gone', 'old'), thing('kept', 'new')),
    );
  });
});
