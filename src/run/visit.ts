import pLimit from 'p-limit';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { each } from './each.ts';
import { lending, lentForMs } from './lend.ts';
import type { Connection, Ports, Target } from './ports.ts';

/** Hosts that have been reached, beside the faults of those that have not. */
export interface Visit {
  readonly faults: readonly Diagnostic[];
  /** The same on every reached host, at the same time; faults in the order of the hosts. */
  on<T>(work: (host: string, connection: Connection) => Promise<T>): Promise<Visited<T>>;
}

/** What hosts answered, in the order of the hosts. */
export interface Visited<T> {
  readonly answers: ReadonlyMap<string, T>;
  readonly faults: readonly Diagnostic[];
}

/** Connects to hosts, lets `work` talk with them, and says goodbye; for what needs no plan. */
export async function visit<T>(
  targets: ReadonlyMap<string, Target>,
  forks: number,
  ports: Ports,
  stop: AbortSignal,
  work: (reached: Visit) => Promise<T>,
): Promise<T> {
  const limit = lending(pLimit(forks), lentForMs);
  const connections = new Map<string, Connection>();
  const faults = await each([...targets.keys()], limit, async (host) => {
    connections.set(host, await ports.transport.connect(targets.get(host)!, stop));
  });
  const hosts = [...targets.keys()].filter((host) => connections.has(host));
  try {
    return await work({
      faults,
      async on(ask) {
        const answers = new Map<string, Awaited<ReturnType<typeof ask>>>();
        const failed = await each(hosts, limit, async (host) => {
          answers.set(host, await ask(host, connections.get(host)!));
        });
        return { answers: new Map(hosts.flatMap((host) => entry(answers, host))), faults: failed };
      },
    });
  } finally {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  }
}

function entry<T>(map: ReadonlyMap<string, T>, key: string): readonly (readonly [string, T])[] {
  return map.has(key) ? [[key, map.get(key)!]] : [];
}
