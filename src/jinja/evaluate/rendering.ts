import { errorAt, Failure, type Place } from '../fault.ts';
import { apartFromLists, UNKNOWN, UNKNOWN_USED, type Value } from '../values/values.ts';
import type { Environment, Run, Scope } from './environment.ts';

/** Where a template finds its variables. Each name is looked up at most once in a rendering, and only when it is used. */
export interface Context {
  /** `undefined` means that there is no such variable. */
  lookup(name: string): Value | typeof UNKNOWN | undefined;
}

/** Whether JavaScript's stack was too small for what was asked. */
export function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** Runs with a fresh scope; a value not yet known ends it, and a fault is given its place. */
export function rendering<T>(
  environment: Environment,
  place: Place,
  context: Context,
  work: (scope: Scope) => T,
): T | typeof UNKNOWN {
  const run: Run = { environment, place, depth: 0, rounds: 0 };
  const known = new Map<string, Value | typeof UNKNOWN | undefined>();
  const lookup = (name: string): Value | typeof UNKNOWN | undefined => {
    if (!known.has(name)) known.set(name, context.lookup(name));
    return known.get(name);
  };
  try {
    return apartFromLists(() => work({ run, lookup, parent: undefined }));
  } catch (error) {
    if (error === UNKNOWN_USED) return UNKNOWN;
    if (error instanceof Failure)
      throw errorAt(error.extras.place ?? run.place, error.code, error.message, error.extras);
    if (isOverflow(error))
      throw errorAt(run.place, 'runtime', 'The template is nested too deeply to be worked out.', {}, error);
    throw error;
  }
}
