/** Runs pieces of work, never more than so many at once; the rest wait in order. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** A turnstile for `limit` pieces of work at once, first come first served. */
export function slots(limit: number): Slots {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The slot is handed over, not freed, so that nobody can overtake.
      if (next) next();
      else free++;
    }
  };
}

/** A turnstile of `limit` for every key, made when the key is first seen. */
export function slotsByKey(limit: number): (key: string) => Slots {
  const known = new Map<string, Slots>();
  return (key) => {
    const found = known.get(key) ?? slots(limit);
    known.set(key, found);
    return found;
  };
}
