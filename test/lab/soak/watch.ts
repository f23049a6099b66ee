import { query } from '../estate/ask.ts';
import { knock } from './knock.ts';
import type { Reading, Round } from './recording.ts';
import { LOOK_EVERY, LOOK_TIMEOUT, READ_EVERY } from './timing.ts';

/** A program of the estate, and where it answers. */
export interface Member {
  readonly name: string;
  readonly cell: string;
  readonly address: string;
  readonly port: number;
}

/** Asks all members at the same time, twice a second, whether they are ready; gives what stops it. */
export function watchMembers(members: readonly Member[], note: (round: Round) => void): () => void {
  const look = async () => {
    const at = Date.now();
    const said = await Promise.all(
      members.map(async ({ name, address, port }) =>
        (await knock({ address, port, path: '/-/ready', timeout: LOOK_TIMEOUT })) === undefined ? [] : [name],
      ),
    );
    note({ at, silent: said.flat() });
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  return () => clearInterval(timer);
}

/** Reads the canary in every federator, as a dashboard would; gives what stops it. */
export function readCanary(federators: readonly string[], note: (reading: Reading) => void): () => void {
  const read = async (federator: string) => {
    const at = Date.now();
    const found = await query(federator, 'max without (scraper) (soak_seconds)').catch(() => []);
    note({ at, federator, value: found[0]?.value });
  };
  const timer = setInterval(() => {
    for (const federator of federators) void read(federator);
  }, READ_EVERY);
  return () => clearInterval(timer);
}
