import { availableParallelism, loadavg } from 'node:os';
import { query } from '../estate/ask.ts';
import type { Federator } from './estate.ts';
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
    const silent: Record<string, string> = {};
    const asked = members.map(async ({ name, address, port }) => {
      const fault = await knock({ address, port, path: '/-/ready', timeout: LOOK_TIMEOUT });
      if (fault !== undefined) silent[name] = fault;
    });
    await Promise.all(asked);
    note({ at, silent, load: loadavg()[0]! / availableParallelism() });
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  return () => clearInterval(timer);
}

/** Reads the canary in every federator, as a dashboard would; gives what stops it. */
export function readCanary(federators: readonly Federator[], note: (reading: Reading) => void): () => void {
  const read = async ({ name, server }: Federator) => {
    const at = Date.now();
    const found = await query(server, 'max without (scraper) (soak_seconds)').catch(() => []);
    note({ at, federator: name, value: found[0]?.value });
  };
  const timer = setInterval(() => {
    for (const federator of federators) void read(federator);
  }, READ_EVERY);
  return () => clearInterval(timer);
}
