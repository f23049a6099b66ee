import type { Page, Raised, Recording } from '../recording.ts';
import { GROUP_INTERVAL, PIPELINE, SCRAPE_EVERY } from '../timing.ts';
import { type Finding, type Miss, seconds } from './finding.ts';
import { gapsIn } from './gaps.ts';

/** How long after its cause a page is due: the first of a group at once, its end with the group's next interval. */
const due = { firing: PIPELINE, resolved: PIPELINE + GROUP_INTERVAL } as const;
type Status = keyof typeof due;

/** What ought to be told of an alert: that it fires, and once it was withdrawn that it no longer does. */
const expected = ({ at, withdrawn }: Raised): readonly { status: Status; cause: number }[] => [
  { status: 'firing', cause: at },
  ...(withdrawn === undefined ? [] : [{ status: 'resolved' as const, cause: withdrawn }]),
];

const told = (pages: readonly Page[], number: string, status: Status) =>
  pages.filter((page) => page.alert.startsWith('Soak') && page.number === number && page.status === status);

const ofEach = (recording: Recording, find: (raised: Raised, status: Status, cause: number) => readonly Miss[]) =>
  recording.raised.flatMap((raised) => expected(raised).flatMap(({ status, cause }) => find(raised, status, cause)));

const count = (measure: string, misses: readonly Miss[]): Finding => ({
  measure,
  goal: '0',
  found: String(misses.length),
  misses,
});

/** Pages that were due before the end and never came. */
export function lostPages(recording: Recording): Finding {
  const misses = ofEach(recording, ({ number }, status, cause) =>
    cause + due[status] + GROUP_INTERVAL < recording.soak.to && told(recording.pages, number, status).length === 0
      ? [{ at: cause, what: `alert ${number} ${status}: never told` }]
      : [],
  );
  return count('Pages lost', misses);
}

/** Pages that came again though nothing had changed. */
export function doubledPages(recording: Recording): Finding {
  const misses = ofEach(recording, ({ number }, status) => {
    const [first, ...again] = told(recording.pages, number, status);
    return again.map(({ at, from }) => ({
      at,
      what: `alert ${number} ${status}: again after ${seconds(at - first!.at)}, from ${from} (first from ${first!.from})`,
    }));
  });
  return count('Pages doubled', misses);
}

/** Pages that came more than one group interval after they were due. */
export function latePages(recording: Recording): Finding {
  const misses = ofEach(recording, ({ number }, status, cause) => {
    const first = told(recording.pages, number, status)[0];
    // The alert that always fires is raised before the estate can know it.
    if (first === undefined || first.at - cause <= due[status] + GROUP_INTERVAL || cause < recording.soak.from)
      return [];
    return [
      { at: cause, what: `alert ${number} ${status}: told after ${seconds(first.at - cause)}, by ${first.from}` },
    ];
  });
  return count('Pages late by more than one group interval', misses);
}

/** The longest from an alert's cause to its page. */
export function slowestPage(recording: Recording): Finding {
  const waits = recording.raised
    .filter(({ at }) => at >= recording.soak.from)
    .flatMap(({ number, at }) =>
      told(recording.pages, number, 'firing')
        .slice(0, 1)
        .map((page) => page.at - at),
    );
  return { measure: 'Slowest page', goal: '', found: seconds(Math.max(0, ...waits)), misses: [] };
}

/** Alerts told as over while they were not, and stretches in which the lasting one fired in no federator. */
export function lapsedAlerts(recording: Recording): Finding {
  const early = recording.raised.flatMap(({ number, withdrawn }) =>
    told(recording.pages, number, 'resolved')
      .filter(({ at }) => withdrawn === undefined || at < withdrawn)
      .map(({ at, from }) => ({ at, what: `alert ${number}: told as over by ${from} while it fired` })),
  );
  const firing = recording.histories.filter(({ metric }) => metric === 'ALERTS');
  const lapses = gapsIn(
    firing.flatMap(({ samples }) => samples.map(([at]) => at)),
    recording.soak,
    1.5 * SCRAPE_EVERY,
  ).map(({ from, to }) => ({ at: from, what: `the lasting alert: fires in no federator for ${seconds(to - from)}` }));
  return count('Alerts that lapsed and came back', [...early, ...lapses]);
}

/** What else was told while the roll went on: each such page is somebody woken for nothing. */
export function otherPages({ pages, roll }: Recording): Finding {
  const other = pages.filter(({ at, alert }) => at >= roll.from && !alert.startsWith('Soak'));
  const names = [...new Set(other.filter(({ status }) => status === 'firing').map(({ alert }) => alert))].sort();
  return {
    measure: 'Other alerts told during the roll',
    goal: '',
    found: names.length === 0 ? 'none' : names.join(', '),
    misses: [],
  };
}
