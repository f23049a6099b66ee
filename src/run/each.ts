import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Limit } from './lend.ts';

/** Runs the work on each host within the limit; all faults of all hosts, in the order of the hosts. */
export async function each(
  hosts: readonly string[],
  limit: Limit,
  work: (host: string) => Promise<void>,
): Promise<readonly Diagnostic[]> {
  const faults = await Promise.all(
    hosts.map((host) =>
      limit(async () => {
        try {
          await work(host);
          return [];
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          return error.diagnostics;
        }
      }),
    ),
  );
  return faults.flat();
}
