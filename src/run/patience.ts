import type { HttpAnswer, HttpAsk, Step } from '../resources/step.ts';
import type { Clock } from './ports.ts';

/** How long a gate may go on failing. */
export interface Patience {
  /** Whether its time is up; asked each time it fails. */
  isOver(): Promise<boolean>;
}

/** The time of a gate, times `share`, from now on, and anew whenever its page of progress says something else. */
export function patience(
  { timeoutS, progress }: Extract<Step, { readonly do: 'await' }>,
  share: number,
  clock: Clock,
  ask: (question: HttpAsk) => Promise<HttpAnswer>,
): Patience {
  let since = clock.now();
  let last: string | undefined;
  return {
    async isOver() {
      const answer = progress && (await ask(progress));
      if (answer?.status === 200) {
        if (last !== undefined && last !== answer.body) since = clock.now();
        last = answer.body;
      }
      return clock.now() >= since + timeoutS * share * 1000;
    },
  };
}
