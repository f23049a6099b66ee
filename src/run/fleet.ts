import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Job, Site } from './job.ts';
import type { Connection, Ports, Target } from './ports.ts';

/** The connections of a run: to its hosts, and to further ones that have to prove something. */
export interface Fleet {
  readonly via: NonNullable<Ports['via']>;
  /** The caller closes what it gets. */
  readonly anew: NonNullable<Ports['anew']>;
  close(): Promise<void>;
}

/** Connects to hosts that are left out of the run when they are first asked, each once; to `silent` ones not again. */
export function fleet(
  job: Job,
  ports: Ports,
  sites: ReadonlyMap<string, Site>,
  silent: ReadonlyMap<string, Diagnostic>,
  stop: AbortSignal,
): Fleet {
  const witnesses = new Map<string, Promise<Connection | Diagnostic | undefined>>();
  const connect = async (target: Target | undefined): Promise<Connection | Diagnostic | undefined> => {
    if (target === undefined) return undefined;
    try {
      return await ports.transport.connect(target, stop);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.diagnostics[0];
    }
  };
  return {
    async via(host) {
      const site = sites.get(host);
      if (site) return site.connection;
      if (silent.has(host)) return silent.get(host);
      const known = witnesses.get(host) ?? connect(job.witness(host));
      witnesses.set(host, known);
      return known;
    },
    anew: async (host) => (stop.aborted ? undefined : connect(job.targets.get(host))),
    async close() {
      const connections = [
        ...[...sites.values()].map((site) => site.connection),
        ...(await Promise.all(witnesses.values())),
      ];
      await Promise.all(connections.map((one) => (one === undefined || 'what' in one ? undefined : one.close())));
    },
  };
}
