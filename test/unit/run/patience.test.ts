import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpAsk } from '../../../src/resources/step.ts';
import { patience } from '../../../src/run/patience.ts';

const ask: HttpAsk = { from: 'host', method: 'GET', url: 'http://x/', headers: {}, timeoutS: 5 };

/** At which of the seconds from 1 on a gate of 3 s is given up, its page of progress answering these, then the last. */
async function givenUpAt(answers: readonly HttpAnswer[] | undefined, share = 1): Promise<number> {
  let now = 0;
  const clock = { now: () => now, sleep: async () => {} };
  const step = { do: 'await', what: 'x', ask, want: { status: [200] }, timeoutS: 3 } as const;
  const left = [...(answers ?? [])];
  const answer = async () => (left.length > 1 ? left.shift()! : left[0]!);
  const time = patience(
    answers ? { ...step, progress: { ...ask, url: 'http://x/progress' } } : step,
    share,
    clock,
    answer,
  );
  for (;;) {
    if (await time.isOver()) return now / 1000;
    now += 1000;
  }
}

const bodies = (...all: readonly string[]) => all.map((body) => ({ status: 200, body }));

describe('the time of a gate', () => {
  it.each([
    ['is its own', undefined, 3],
    ['is its own while nothing is heard of progress', [{ status: undefined, error: 'connection refused' } as const], 3],
    ['is its own while the page says the same', bodies('0 of 9'), 3],
    ['is its own while the page is a fault', [1, 2, 3].map((n) => ({ status: 503, body: String(n) })), 3],
    ['starts anew with every progress', bodies('0', '1', '2', '3', '4'), 7],
    ['starts anew after silence', [...bodies('0'), { status: undefined, error: 'x' } as const, ...bodies('1')], 5],
  ])('%s', async (_, answers, seconds) => {
    expect(await givenUpAt(answers)).toBe(seconds);
  });

  it('is a share of it where less is waited for', async () => {
    expect(await givenUpAt(undefined, 0)).toBe(0);
    expect(await givenUpAt(bodies('0', '1'), 1 / 3)).toBe(2);
  });
});
