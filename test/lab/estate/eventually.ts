import { setTimeout as pause } from 'node:timers/promises';

/** Asks again, five times a second, until the answer satisfies; fails with the last answer after `seconds`. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (let last: unknown; ; ) {
    try {
      const answer = await ask();
      if (holds(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`Not within ${seconds} s: ${what}. Last: ${JSON.stringify(last)} ${last}`);
    await pause(200);
  }
}
