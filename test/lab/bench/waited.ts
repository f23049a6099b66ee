import { delayTo } from './delay.ts';
import { type Command, median, succeed } from './measure.ts';

const nearMs = 100;
const farMs = 300;

/**
 * How many round trips a command waits for: by how many milliseconds it takes longer for each that the round trip does.
 * What is sent while something else is waited for does not count, nor does what nobody waits for; medians of so many runs.
 */
export async function roundTripsWaited(
  server: { readonly address: string; readonly port: number },
  commandFor: (port: number) => Command,
  runs: number,
): Promise<number> {
  const near = await delayTo([server], '127.0.0.1', nearMs);
  const far = await delayTo([server], '127.0.0.1', farMs);
  try {
    const [short, long] = [near, far].map(({ ports }) => ({ command: commandFor(ports[0]!), ms: [] as number[] }));
    for (let round = 0; round < runs; round++) {
      for (const { command, ms } of [short!, long!]) ms.push(1000 * (await succeed(command)).seconds);
    }
    return (median(long!.ms) - median(short!.ms)) / (farMs - nearMs);
  } finally {
    near.close();
    far.close();
  }
}
