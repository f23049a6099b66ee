import type { Door } from '../estate/bench.ts';
import { knock } from './knock.ts';
import type { Push } from './recording.ts';
import { PUSH_EVERY, PUSH_TIMEOUT, SLOW_PUSH_EVERY } from './timing.ts';

/** Pushes the time through every door, often and rarely, each push once; gives what stops it. */
export function startPushers(doors: readonly Door[], note: (push: Push) => void): () => void {
  const timers = doors.flatMap((door) =>
    (['fast', 'slow'] as const).map((pusher) => {
      const push = () => void pushOnce(door, pusher).then(note);
      push();
      return setInterval(push, pusher === 'fast' ? PUSH_EVERY : SLOW_PUSH_EVERY);
    }),
  );
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

async function pushOnce({ address, port }: Door, pusher: Push['pusher']): Promise<Push> {
  const at = Date.now();
  const fault = await knock({
    address,
    port,
    method: 'PUT',
    path: `/metrics/job/soak/instance/${pusher}-${address}`,
    body: `soak_pushed_seconds ${at / 1000}\n`,
    timeout: PUSH_TIMEOUT,
  });
  return { at, ms: Date.now() - at, address, pusher, fault };
}
