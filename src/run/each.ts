import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Limit } from './lend.ts';

/** Does the work on each host, say, within the limit; all faults of all of them, in their order. */
export async function each<T>(
  all: readonly T[],
  limit: Limit,
  work: (one: T) => Promise<void>,
): Promise<readonly Diagnostic[]> {
  const faults = await Promise.all(
    all.map((one) =>
      limit(async () => {
        try {
          await work(one);
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
