import { describe, expect, it } from 'vitest';
import {
  longestGapByRestart,
  longestGapInOne,
  longestSeriesGap,
  slowSeriesGaps,
  valuesGoneBack,
} from '../../../lab/soak/measure/series.ts';
import type { History } from '../../../lab/soak/recording.ts';
import { every, recordingOf } from './recordings.ts';

const slots = every(5000, 60_000);
const history = (metric: string, instance: string, at: readonly number[], federator = 'f1'): History => ({
  federator,
  metric,
  labels: { instance },
  samples: at.map((time) => [time, time / 1000]),
});
const without = (...gone: number[]) => slots.filter((at) => !gone.includes(at));

describe('the gap in a deduplicated series', () => {
  it.each([
    ['every evaluation there', slots, '1.0', 0],
    ['one evaluation missing', without(20_000), '2.0', 0],
    ['two evaluations missing', without(20_000, 25_000), '3.0', 1],
    ['the end missing', without(50_000, 55_000, 60_000), '3.0', 1],
  ])('counts scrape intervals: %s', (_, at, found, misses) => {
    const finding = longestSeriesGap(recordingOf({ histories: [history('pair:up:max', 'node', at)] }));
    expect(finding.found).toBe(found);
    expect(finding.misses).toHaveLength(misses);
  });

  it('counts a canary that shows the same time again as a gap', () => {
    const frozen = { ...history('soak:canary:max', 'lab', slots) };
    const samples = frozen.samples.map(([at, value]) => [at, value > 20 && value < 40 ? 20 : value] as const);
    expect(longestSeriesGap(recordingOf({ histories: [{ ...frozen, samples }] })).found).toBe('4.0');
  });

  it('is no gap for whoever asks the other federator', () => {
    const histories = [
      history('pair:up:max', 'node', without(20_000, 25_000), 'f1'),
      history('pair:up:max', 'node', without(40_000, 45_000), 'f2'),
    ];
    expect(longestSeriesGap(recordingOf({ histories })).found).toBe('1.0');
    expect(longestGapInOne(recordingOf({ histories })).misses).toHaveLength(2);
    expect(longestGapByRestart(recordingOf({ histories })).found).toBe('3.0');
  });

  it("leaves out a federator's own restart, and nothing else of it", () => {
    const histories = [history('pair:up:max', 'node', without(20_000, 25_000, 45_000, 50_000), 'f1')];
    const rounds = [18_000, 18_500].map((at) => ({ at, silent: { f1: 'refused' }, load: 0 }));
    expect(longestGapInOne(recordingOf({ histories, rounds })).misses.map(({ at }) => at)).toEqual([40_000]);
  });

  it('is a miss when there is no series at all', () => {
    expect(longestSeriesGap(recordingOf({})).misses).toHaveLength(1);
    expect(slowSeriesGaps(recordingOf({})).misses).toHaveLength(1);
  });
});

describe("the slow pusher's series", () => {
  const pushed = 'pushgateway:newest:value';
  const fast = history(pushed, 'fast-v', slots);

  it('must be there whenever the fast one is', () => {
    const slow = history(pushed, 'slow-v', without(20_000));
    expect(slowSeriesGaps(recordingOf({ histories: [fast, slow] })).misses).toContainEqual({
      at: 20_000,
      what: 'pushgateway:newest:value of slow-v in f1: absent',
    });
  });

  it('may be missing in a federator that recorded nothing, while the other one has it', () => {
    const histories = [
      history(pushed, 'fast-v', without(20_000, 25_000)),
      history(pushed, 'slow-v', without(20_000, 25_000)),
      history(pushed, 'fast-v', slots, 'f2'),
      history(pushed, 'slow-v', slots, 'f2'),
    ];
    expect(slowSeriesGaps(recordingOf({ histories })).misses).toEqual([]);
    expect(slowSeriesGaps(recordingOf({ histories: histories.slice(0, 2) })).misses).toHaveLength(1);
  });
});

it('a deduplicated value that goes back is told', () => {
  const series = history('pushgateway:newest:value', 'fast-v', slots);
  const samples = series.samples.map(([at, value]) => [at, at === 30_000 ? 11 : value] as const);
  expect(valuesGoneBack(recordingOf({ histories: [{ ...series, samples }] })).misses).toEqual([
    { at: 30_000, what: 'pushgateway:newest:value of fast-v in f1: back by 14.00 s' },
  ]);
});
