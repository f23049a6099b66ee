import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports, Transport } from '../run/ports.ts';
import { askFromHere } from '../ssh/http.ts';
import { sshTransport } from '../ssh/transport.ts';
import { askSecret, canAsk } from './ask.ts';
import { printFaults } from './output.ts';

function transport(beforeQuestion: () => Promise<void>): Transport {
  const prompt = async (question: string) => {
    await beforeQuestion();
    return askSecret(question);
  };
  return sshTransport({
    home: process.env['HOME'] ?? '/root',
    env: process.env,
    onWarning: (warning) => printFaults([warning]),
    ...(canAsk() && { prompt }),
  });
}

/** The world as it is: SSH, the clock, chance. `beforeQuestion` leaves the terminal to somebody who is asked something. */
export function ports(tell: Ports['tell'], beforeQuestion = async (): Promise<void> => {}): Ports {
  return {
    transport: transport(beforeQuestion),
    clock: {
      now: Date.now,
      // An interrupted pause is over; the caller sees the signal.
      sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }).catch(() => {}),
    },
    ask: askFromHere,
    mark: () => randomBytes(16).toString('hex'),
    tell,
  };
}

/** The first Ctrl-C ends the run after the step at hand, the second at once. */
export function stopOnInterrupt(stop: AbortController): () => void {
  // Every host listens, and Node warns of more than ten.
  setMaxListeners(0, stop.signal);
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(130);
    process.stderr.write('\nStopping after the step at hand; Ctrl-C again to leave at once.\n');
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
