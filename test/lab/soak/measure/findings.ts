import type { Recording } from '../recording.ts';
import { cellsDown, longestDown } from './cells.ts';
import { type Finding, seconds } from './finding.ts';
import { wrongHolders } from './holders.ts';
import { doubledPages, lapsedAlerts, latePages, lostPages, otherPages, slowestPage } from './pages.ts';
import { failedPushes, longestWithoutPush, slowestPush } from './pushes.ts';
import {
  blindReadings,
  longestGapByRestart,
  longestGapInOne,
  longestSeriesGap,
  slowSeriesGaps,
  valuesGoneBack,
} from './series.ts';

/** Everything that a soak is measured by, in the order of the table. */
export function findings(recording: Recording): readonly Finding[] {
  const measured = [
    failedPushes,
    longestWithoutPush,
    slowestPush,
    longestSeriesGap,
    longestGapInOne,
    longestGapByRestart,
    slowSeriesGaps,
    valuesGoneBack,
    blindReadings,
    lostPages,
    doubledPages,
    latePages,
    slowestPage,
    lapsedAlerts,
    otherPages,
    cellsDown,
    longestDown,
    wrongHolders,
  ].map((measure) => measure(recording));
  const { from, to } = recording.roll;
  const load = Math.max(0, ...recording.rounds.map((round) => round.load));
  return [
    ...measured,
    { measure: 'Wall time of the roll', goal: '', found: seconds(to - from), misses: [] },
    { measure: "The machine's load meanwhile, per core", goal: '', found: `up to ${load.toFixed(1)}`, misses: [] },
  ];
}
