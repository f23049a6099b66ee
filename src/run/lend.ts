/** Bounds how many pieces of work go on at once. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** Milliseconds after which a host that does not answer holds up no other. */
export const lentForMs = 2000;

/** The same, for work that may say that it is to keep its place. */
export type Lending = <T>(work: (keep: () => void) => Promise<T>) => Promise<T>;

/** The limit for work that waits for others: what takes longer than so many milliseconds hands its place on, and goes on without it. */
export function lending(limit: Limit, lentForMs: number): Lending {
  return (work) =>
    new Promise((resolve, reject) => {
      void limit(
        () =>
          new Promise<void>((handOn) => {
            const late = setTimeout(handOn, lentForMs);
            const ended = () => {
              clearTimeout(late);
              handOn();
            };
            const working = work(() => clearTimeout(late));
            working.then(resolve, reject);
            working.then(ended, ended);
          }),
      );
    });
}
