import { describe, expect, it } from 'vitest';
import { holdingsIn } from '../../../lab/soak/holders.ts';
import { wrongHolders } from '../../../lab/soak/measure/holders.ts';
import type { Holding } from '../../../lab/soak/recording.ts';
import { recordingOf } from './recordings.ts';

const address = '10.90.0.51';

it('what a host wrote of its addresses is read', () => {
  const text = `[2026-11-22T01:30:00.500000] now 2: eth0    inet 10.90.0.11/24 brd 10.90.0.255 scope global eth0 2: eth0 inet 10.90.0.51/24 scope global secondary eth0
[2026-11-22T01:31:00.250999] Deleted 2: eth0    inet 10.90.0.51/24 scope global secondary eth0
[2026-11-22T01:32:00.000000] 2: eth0    inet 10.90.0.5/24 scope global secondary eth0
[2026-11-22T01:33:00.000000] 2: eth0    inet 10.90.0.51/24 scope global secondary eth0
`;
  const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
  expect(holdingsIn('mon-a', text, [address, '10.90.0.52'])).toEqual([
    { at: at('01:30:00.500'), host: 'mon-a', address, held: true },
    { at: at('01:30:00.500'), host: 'mon-a', address: '10.90.0.52', held: false },
    { at: at('01:31:00.250'), host: 'mon-a', address, held: false },
    { at: at('01:33:00.000'), host: 'mon-a', address, held: true },
  ]);
});

describe('holders of an address', () => {
  const start: Holding[] = [
    { at: 0, host: 'a', address, held: true },
    { at: 1, host: 'b', address, held: false },
  ];
  const moved = (gone: number, come: number): Holding[] => [
    ...start,
    { at: gone, host: 'a', address, held: false },
    { at: come, host: 'b', address, held: true },
  ];
  it.each([
    ['none moves', start, '0 moves, none for 0.00 s, two 0 times', []],
    ['one moves fast', moved(10_000, 10_400), '1 moves, none for 0.40 s, two 0 times', []],
    [
      'one moves slowly',
      moved(10_000, 11_000),
      '1 moves, none for 1.00 s, two 0 times',
      ['10.90.0.51: held by none for 1.00 s'],
    ],
    [
      'one is held by two',
      moved(10_200, 10_000),
      '1 moves, none for 0.00 s, two 1 times',
      ['10.90.0.51: held by a and b for 0.20 s'],
    ],
  ])('%s', (_, holdings, found, misses) => {
    const finding = wrongHolders(recordingOf({ holdings }));
    expect(finding.found).toBe(found);
    expect(finding.misses.map(({ what }) => what)).toEqual(misses);
  });

  it('counts from when every host has told', () => {
    expect(
      wrongHolders(
        recordingOf({
          holdings: [
            { ...start[1]!, at: 0 },
            { ...start[0]!, at: 900 },
          ],
        }),
      ).misses,
    ).toEqual([]);
  });
});
