import type { Lab } from '../lab/lab.ts';

/** How long an address had no holder, and how long it had two, in milliseconds: the longest times of each. */
export interface Held {
  readonly none: number;
  readonly two: number;
  /** All changes, as `+1234 ms mon-a takes it`. */
  readonly story: readonly string[];
}

/**
 * Follows an address on all hosts by what their kernels tell of it, with the kernels' own times; the function that it
 * gives ends that. A host whose power was cut tells nothing any more, so its end is given: host → time in milliseconds.
 */
export async function watchHolders(
  lab: Lab,
  address: string,
): Promise<(gone?: Readonly<Record<string, number>>) => Promise<Held>> {
  const start = Date.now();
  const file = `/run/held-${address}`;
  const hosts = await Promise.all(
    lab.hosts.map(async ({ name }) => {
      // What is there before the watch begins is asked for last, so that no change is missed.
      const script = `setsid ip -4 -o -ts monitor address >${file} 2>&1 & echo $!; ip -4 -o address show to ${address}`;
      const [pid = '', ...held] = (await lab.exec(name, script)).stdout.trim().split('\n');
      return { name, pid, held: held.length > 0 };
    }),
  );
  return async (gone = {}) => {
    const told = await Promise.all(
      hosts.map(async ({ name, pid, held }) => {
        const first = { at: start, host: name, holds: held };
        if (gone[name] !== undefined) return [first, { at: gone[name], host: name, holds: false }];
        const { stdout } = await lab.exec(name, `kill ${pid}; cat ${file}; rm ${file}`);
        return [first, ...stdout.split('\n').flatMap((line) => changeIn(line, address, name))];
      }),
    );
    return measure(told.flat(), start, Date.now());
  };
}

interface Change {
  readonly at: number;
  readonly host: string;
  readonly holds: boolean;
}

/** One line of `ip -o -ts monitor`: `[2026-01-31T12:00:00.123456] Deleted 2: eth0 inet 10.90.0.51/24 …`. */
function changeIn(line: string, address: string, host: string): readonly Change[] {
  const [, time, deleted] = /^\[([^\]]+)\] (Deleted )?/.exec(line) ?? [];
  if (time === undefined || !line.includes(` inet ${address}/`)) return [];
  return [{ at: Date.parse(`${time.slice(0, 23)}Z`), host, holds: deleted === undefined }];
}

function measure(changes: readonly Change[], start: number, end: number): Held {
  const holders = new Set<string>();
  const longest = { none: 0, two: 0 };
  const story: string[] = [];
  const sorted = [...changes].sort((a, b) => a.at - b.at);
  for (const [index, { at, host, holds }] of sorted.entries()) {
    if (holds !== holders.has(host)) story.push(`${at - start} ms ${host} ${holds ? 'has' : 'leaves'} it`);
    if (holds) holders.add(host);
    else holders.delete(host);
    const lasts = (sorted[index + 1]?.at ?? end) - at;
    if (holders.size === 0) longest.none = Math.max(longest.none, lasts);
    if (holders.size > 1) longest.two = Math.max(longest.two, lasts);
  }
  return { ...longest, story };
}
