import type { Recording } from '../recording.ts';
import { type Finding, seconds } from './finding.ts';
import { longestGap } from './gaps.ts';

/** Pushes that were not taken at the first and only try. */
export function failedPushes({ pushes }: Recording): Finding {
  const failed = pushes.filter(({ fault }) => fault !== undefined);
  return {
    measure: 'Failed pushes',
    goal: '0',
    found: `${failed.length} of ${pushes.length}`,
    misses: failed.map(({ at, address, pusher, ms, fault }) => ({
      at,
      what: `${pusher} push to ${address}: ${fault} after ${ms} ms`,
    })),
  };
}

/** The longest time in which no push through one address was begun that was taken. */
export function longestWithoutPush({ pushes, soak }: Recording): Finding {
  const addresses = [...new Set(pushes.map(({ address }) => address))];
  const longest = addresses.map((address) => {
    const taken = pushes.filter((push) => push.address === address && push.fault === undefined);
    return longestGap(
      taken.map(({ at }) => at),
      soak,
    );
  });
  return { measure: 'Longest time without a push', goal: '', found: seconds(Math.max(0, ...longest)), misses: [] };
}

/** The longest that a push waited for its answer. */
export function slowestPush({ pushes }: Recording): Finding {
  return {
    measure: 'Slowest push that was taken',
    goal: '',
    found: seconds(Math.max(0, ...pushes.filter(({ fault }) => fault === undefined).map(({ ms }) => ms))),
    misses: [],
  };
}
