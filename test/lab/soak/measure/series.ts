import type { History, Recording, Span } from '../recording.ts';
import { SCRAPE_EVERY } from '../timing.ts';
import { silences } from './cells.ts';
import { type Finding, seconds } from './finding.ts';
import { gapsIn, longestGap } from './gaps.ts';

const canary = 'soak:canary:max';
const pushed = 'pushgateway:newest:value';
const isSlow = ({ labels }: History) => labels['instance']?.startsWith('slow-') === true;

/** What a series is called in a report. */
const named = ({ metric, labels, federator }: History) =>
  `${metric} of ${labels['instance'] ?? labels['job'] ?? ''} in ${federator}`;

/** When something new was to be seen: each sample, or for a series that tells the time the first with each value. */
function news({ metric, samples }: History): readonly number[] {
  if (metric !== canary && metric !== pushed) return samples.map(([at]) => at);
  return samples.filter(([, value], index) => value !== samples[index - 1]?.[1]).map(([at]) => at);
}

/** In scrape intervals with one decimal: rules are evaluated on time, to a few milliseconds. */
const intervals = (ms: number) => Math.round((ms / SCRAPE_EVERY) * 10) / 10;

/** Series that change, or are recorded, with each scrape. */
const brisk = (histories: readonly History[]) =>
  histories.filter(
    (one) => one.metric === canary || one.metric === 'pair:up:max' || (one.metric === pushed && !isSlow(one)),
  );

const LIMIT = 2.05 * SCRAPE_EVERY;
const none = { goal: '≤ 2', found: 'no series' };

/** The longest time in which a deduplicated series had nothing new for someone who asks whichever federator has it. */
export function longestSeriesGap({ histories, soak }: Recording): Finding {
  const measure = 'Longest gap in a deduplicated series, in scrape intervals';
  const newsOf = new Map<string, number[]>();
  for (const one of brisk(histories)) {
    const key = `${one.metric} of ${one.labels['instance'] ?? one.labels['job'] ?? ''}`;
    newsOf.set(key, [...(newsOf.get(key) ?? []), ...news(one)]);
  }
  if (newsOf.size === 0) return { measure, ...none, misses: [{ at: soak.to, what: 'no federator has any' }] };
  const longest = Math.max(...[...newsOf.values()].map((moments) => longestGap(moments, soak)));
  const misses = [...newsOf].flatMap(([key, moments]) =>
    gapsIn(moments, soak, LIMIT).map(({ from, to }) => ({
      at: from,
      what: `${key}: nothing new for ${seconds(to - from)}`,
    })),
  );
  return { measure, goal: '≤ 2', found: intervals(longest).toFixed(1), misses };
}

/** The same in each federator by itself, leaving out the gaps in which it was itself being started again. */
export function longestGapInOne({ histories, soak, rounds }: Recording): Finding {
  const gaps = brisk(histories).flatMap((one) => {
    const down = silences(rounds, [one.federator]);
    // Once it answers again it has to scrape, and then to evaluate, before anything is new.
    const own = (gap: Span) => down.some(({ from, to }) => gap.from <= to && from <= gap.to);
    return gapsIn(news(one), soak, -1)
      .filter((gap) => !own(gap))
      .map((gap) => ({ one, gap, ms: gap.to - gap.from }));
  });
  return {
    measure: 'The same in one federator, besides its own restart',
    goal: '≤ 2',
    found: intervals(Math.max(0, ...gaps.map(({ ms }) => ms))).toFixed(1),
    misses: gaps
      .filter(({ ms }) => ms > LIMIT)
      .map(({ one, gap, ms }) => ({ at: gap.from, what: `${named(one)}: nothing new for ${seconds(ms)}` })),
  };
}

/** The same in each federator by itself, whatever the reason. */
export function longestGapByRestart({ histories, soak }: Recording): Finding {
  const longest = Math.max(0, ...brisk(histories).map((one) => longestGap(news(one), soak)));
  return {
    measure: 'The same in one federator, its own restart included',
    goal: '',
    found: intervals(longest).toFixed(1),
    misses: [],
  };
}

/**
 * Times at which a federator recorded the fast pusher's series and not the slow one's through the same address, and
 * stretches in which no federator had it.
 */
export function slowSeriesGaps({ histories, soak }: Recording): Finding {
  const both = histories.filter(({ metric }) => metric === pushed);
  const slow = both.filter(isSlow);
  const recorded = (one: History) => new Set(one.samples.map(([at]) => at));
  const absent = slow.flatMap((one) => {
    const has = recorded(one);
    const fast = both.filter(
      (other) => !isSlow(other) && other.federator === one.federator && addressOf(other) === addressOf(one),
    );
    const first = Math.min(...has);
    const missing = fast.flatMap(({ samples }) => samples.map(([at]) => at).filter((at) => at > first && !has.has(at)));
    return missing.map((at) => ({ at, what: `${named(one)}: absent` }));
  });
  const addresses = [...new Set(both.map(addressOf))];
  const nowhere = addresses.flatMap((address) => {
    const moments = slow
      .filter((one) => addressOf(one) === address)
      .flatMap(({ samples }) => samples.map(([at]) => at));
    return gapsIn(moments, soak, 1.5 * SCRAPE_EVERY).map(({ from, to }) => ({
      at: from,
      what: `slow series of ${address}: in no federator for ${seconds(to - from)}`,
    }));
  });
  const misses = [...absent, ...nowhere];
  return {
    measure: "Gaps in the slow pusher's series",
    goal: '0',
    found: slow.length === 0 ? 'no series' : String(misses.length),
    misses: slow.length === 0 ? [{ at: soak.to, what: 'neither federator has the series' }] : misses,
  };
}

const addressOf = ({ labels }: History) => labels['instance']?.replace(/^(?:slow|fast)-/, '') ?? '';

/** How often a deduplicated value that tells a time went back to an earlier one. */
export function valuesGoneBack({ histories }: Recording): Finding {
  const misses = histories
    .filter(({ metric }) => metric === canary || metric === pushed)
    .flatMap((one) =>
      one.samples.flatMap(([at, value], index) => {
        const before = one.samples[index - 1]?.[1] ?? value;
        return value < before ? [{ at, what: `${named(one)}: back by ${seconds((before - value) * 1000)}` }] : [];
      }),
    );
  return { measure: 'Deduplicated values that went back', goal: '0', found: String(misses.length), misses };
}

/** Readings of the canary in a federator that showed nothing; a federator that is being restarted cannot answer. */
export function blindReadings({ readings }: Recording): Finding {
  const blind = readings.filter(({ value }) => value === undefined);
  const alone = blind.filter(({ at, federator }) =>
    blind.some((other) => other.federator !== federator && Math.abs(other.at - at) < 1000),
  );
  return {
    measure: 'Canary readings without a value, and in both federators at once',
    goal: '',
    found: `${blind.length} of ${readings.length}, ${alone.length}`,
    misses: [],
  };
}
