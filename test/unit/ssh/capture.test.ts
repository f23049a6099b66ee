import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capture, lineSplitter } from '../../../src/ssh/capture.ts';

/** Cuts bytes at the given places. */
const pieces = (bytes: Buffer, cuts: readonly number[]): readonly Buffer[] => {
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

describe('capture', () => {
  it('gives what stands between the marks, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (noise, body, cuts) => {
          const seen: Buffer[] = [];
          const stream = capture('S.start ', 'S.end ', (chunk) => seen.push(chunk));
          const bytes = Buffer.from(`${noise}S.start 12 3 4\n${body}S.end 7\nlate`);
          for (const piece of pieces(bytes, cuts)) stream.push(piece);
          expect(stream.noise()).toBe(noise);
          expect(stream.started()).toBe('12 3 4');
          expect(stream.ended()).toBe('7');
          expect(stream.text()).toBe(body);
          expect(Buffer.concat(seen).toString()).toBe(body);
        },
      ),
    );
  });

  it('gives all there is when the end mark never comes', () => {
    const stream = capture('S.start ', 'S.end ', () => {});
    for (const piece of ['S.start 1\nhalf a line', 'S.e']) stream.push(Buffer.from(piece));
    expect([stream.ended(), stream.text()]).toEqual([undefined, 'half a lineS.e']);
  });

  it('passes output on at once, holding back only what may be a mark', () => {
    let seen = '';
    const stream = capture('S.start ', 'S.end ', (chunk) => {
      seen += chunk.toString();
    });
    stream.push(Buffer.from('S.start 1\npulling\nS.'));
    expect(seen).toBe('pulling\n');
  });

  it('keeps no more than the end of endless talk before the start', () => {
    const stream = capture('S.start ', 'S.end ', () => {});
    for (let i = 0; i < 100; i++) stream.push(Buffer.alloc(10_000, 65 + (i % 26)));
    expect(stream.noise().length).toBeLessThan(20_000);
  });
});

describe('lineSplitter', () => {
  it('takes no mark for one whose line does not end, and does not hold it', () => {
    const seen: Buffer[] = [];
    const stream = capture('S.start ', 'S.end ', (chunk) => seen.push(chunk));
    stream.push(Buffer.from('S.start 1\nS.end '));
    for (let i = 0; i < 100; i++) stream.push(Buffer.from('x'.repeat(100)));
    expect([stream.ended(), Buffer.concat(seen).length]).toEqual([undefined, 10_006]);
    stream.push(Buffer.from('S.end 3\n'));
    expect(stream.ended()).toBe('3');
    expect(stream.text(5)).toBe('xxxxx');
  });

  it('decodes whole lines, and the last one without its newline', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
        fc.array(fc.nat()),
        (lines, cuts) => {
          const seen: string[] = [];
          const splitter = lineSplitter((line) => seen.push(line));
          for (const piece of pieces(Buffer.from(lines.join('\n')), cuts)) splitter.push(piece);
          splitter.end();
          expect(seen).toEqual(lines.at(-1) === '' ? lines.slice(0, -1) : lines);
        },
      ),
    );
  });
});
