import { describe, expect, it } from 'vitest';
import { doubledPages, lapsedAlerts, latePages, lostPages, otherPages } from '../../../lab/soak/measure/pages.ts';
import type { Page, Raised } from '../../../lab/soak/recording.ts';
import { every, recordingOf } from './recordings.ts';

const soak = { from: 0, to: 300_000 };
const raised: Raised = { number: '1', at: 10_000, withdrawn: 55_000 };
const page = (at: number, status = 'firing', from = 'a', alert = 'SoakRaised'): Page => ({
  at,
  from,
  alert,
  number: '1',
  status,
});
const good = [page(20_000), page(80_000, 'resolved')];
const firing = {
  federator: 'f1',
  metric: 'ALERTS',
  labels: {},
  samples: every(5000, 300_000).map((at) => [at, 1] as const),
};

const measures = { lostPages, doubledPages, latePages, lapsedAlerts };
type Name = keyof typeof measures;

describe('pages', () => {
  it.each<[string, Page[], Partial<Record<Name, number>>]>([
    ['as they should be', good, {}],
    ['none', [], { lostPages: 2 }],
    ['no end', [page(20_000)], { lostPages: 1 }],
    ['told by both', [...good, page(21_000, 'firing', 'b')], { doubledPages: 1 }],
    ['told late', [page(59_000), page(80_000, 'resolved')], { latePages: 1 }],
    ['within one group interval', [page(57_000), page(80_000, 'resolved')], {}],
    ['told as over too early', [page(20_000), page(40_000, 'resolved')], { lapsedAlerts: 1 }],
    [
      'on, off, on and off',
      [page(20_000), page(40_000, 'resolved'), page(50_000), page(80_000, 'resolved')],
      { lapsedAlerts: 1, doubledPages: 2 },
    ],
  ])('%s', (_, pages, expected) => {
    const recording = recordingOf({ soak, raised: [raised], pages, histories: [firing] });
    const found = Object.entries(measures).map(([name, measure]) => [name, measure(recording).misses.length]);
    expect(Object.fromEntries(found)).toEqual({
      lostPages: 0,
      doubledPages: 0,
      latePages: 0,
      lapsedAlerts: 0,
      ...expected,
    });
  });

  it('are not lost while they may still come', () => {
    expect(lostPages(recordingOf({ soak: { from: 0, to: 50_000 }, raised: [raised] })).misses).toEqual([]);
  });

  it('are expected only while some federator holds that the alert fires', () => {
    const samples = firing.samples.filter(([at]) => at < 100_000 || at > 120_000);
    const recording = recordingOf({ soak, histories: [{ ...firing, samples }] });
    expect(lapsedAlerts(recording).misses).toEqual([
      { at: 95_000, what: 'the lasting alert: fires in no federator for 30.00 s' },
    ]);
    const other = { ...firing, federator: 'f2' };
    expect(lapsedAlerts(recordingOf({ soak, histories: [{ ...firing, samples }, other] })).misses).toEqual([]);
  });

  it('of other alerts are named', () => {
    const pages = [page(1, 'firing', 'a', 'ScraperDown'), page(2, 'resolved', 'a', 'Watchdog')];
    expect(otherPages(recordingOf({ pages })).found).toBe('ScraperDown');
    expect(otherPages(recordingOf({ pages: good })).found).toBe('none');
  });
});
