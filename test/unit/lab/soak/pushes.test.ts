import { describe, expect, it } from 'vitest';
import { failedPushes, longestWithoutPush, slowestPush } from '../../../lab/soak/measure/pushes.ts';
import type { Push } from '../../../lab/soak/recording.ts';
import { every, recordingOf } from './recordings.ts';

const push = (at: number, fault?: string): Push => ({ at, ms: 7, address: '10.0.0.51', pusher: 'fast', fault });

describe('pushes', () => {
  it('fail when the first try does, and each is told with its reason', () => {
    const recording = recordingOf({ pushes: [push(0), push(200, 'connect ECONNREFUSED'), push(400)] });
    expect(failedPushes(recording)).toMatchObject({
      found: '1 of 3',
      misses: [{ at: 200, what: 'fast push to 10.0.0.51: connect ECONNREFUSED after 7 ms' }],
    });
  });

  it('leave a stretch without one, measured between those that were taken and to the end', () => {
    const taken = every(200, 20_000).concat(every(200, 36_000).map((at) => at + 24_000));
    const failed = every(200, 3600).map((at) => push(at + 20_200, 'gone'));
    const recording = recordingOf({ pushes: [...taken.map((at) => push(at)), ...failed] });
    expect(longestWithoutPush(recording).found).toBe('4.00 s');
    expect(longestWithoutPush(recordingOf({ pushes: [push(1000)] })).found).toBe('59.00 s');
  });

  it('are slow only where they were taken', () => {
    const pushes = [{ ...push(0), ms: 120 }, push(200), { ...push(400, 'no answer'), ms: 5000 }];
    expect(slowestPush(recordingOf({ pushes })).found).toBe('0.12 s');
  });
});
