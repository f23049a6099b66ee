import { expect, it } from 'vitest';
import type { HttpAnswer, HttpAsk } from '../../../src/resources/step.ts';
import { earlierAnswers } from '../../../src/run/earlier-answers.ts';
import { askHttp } from '../../../src/run/observe.ts';
import type { Connection, Ports } from '../../../src/run/ports.ts';

const asked: HttpAsk = { from: 'host', method: 'GET', url: 'http://x/metrics', headers: {}, timeoutS: 5, afterS: 4 };

/** A host whose page tells the time in seconds. */
function world(answer: (url: string, now: number) => HttpAnswer = (_, now) => ({ status: 200, body: String(now) })) {
  let now = 0;
  const connection = { http: async ({ url }: HttpAsk) => answer(url, now) } as unknown as Connection;
  const sleep = async (ms: number) => {
    now += ms / 1000;
  };
  const ports = {
    clock: { now: () => now * 1000, sleep },
    answers: earlierAnswers(),
    via: async () => connection,
  } as unknown as Ports;
  return { ask: (question: HttpAsk) => askHttp(connection, question, ports), pass: (s: number) => sleep(s * 1000) };
}

it('waits once for an earlier answer, and remembers answers for half a minute', async () => {
  const { ask, pass } = world();
  expect(await ask(asked)).toEqual({ status: 200, body: '4', earlier: '0' });
  await pass(1);
  expect(await ask(asked)).toEqual({ status: 200, body: '5', earlier: '0' });
  await pass(2);
  expect(await ask(asked)).toEqual({ status: 200, body: '7', earlier: '4' });
  await pass(60);
  expect(await ask(asked)).toEqual({ status: 200, body: '71', earlier: '67' });
  expect(await ask({ ...asked, url: 'http://x/other' })).toEqual({ status: 200, body: '75', earlier: '71' });
});

it('waits for nothing where nobody answers', async () => {
  const refused = { status: undefined, error: 'connection refused' } as const;
  const { ask } = world(() => refused);
  expect(await ask(asked)).toEqual(refused);
});

it('brings the answer of another page along', async () => {
  const { ask } = world((url) => ({ status: 200, body: url }));
  const { afterS: _, ...plain } = asked;
  const beside = { ...plain, from: 'mon-b', url: 'http://y/' };
  expect(await ask({ ...plain, beside })).toEqual({
    status: 200,
    body: 'http://x/metrics',
    beside: { status: 200, body: 'http://y/' },
  });
});
