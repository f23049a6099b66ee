/** Bounds how many pieces of work go on at once. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** Milliseconds after which a host that does not answer holds up no other. */
export const lentForMs = 2000;

/** The limit for work that waits for others: what takes longer than so many milliseconds hands its place on, and goes on without it. */
export function lending(limit: Limit, lentForMs: number): Limit {
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
            const working = work();
            working.then(resolve, reject);
            working.then(ended, ended);
          }),
      );
    });
}
