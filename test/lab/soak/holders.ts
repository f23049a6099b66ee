import type { Lab } from '../lab/lab.ts';
import type { Holding } from './recording.ts';

const log = '/root/soak-addresses';

/** What a host writes: its addresses now, then each change as the kernel tells it. */
const watch = `exec 2>&1
TZ=UTC; export TZ
ip -ts -4 -oneline monitor address &
echo $! >${log}.pid
echo "[$(date +%Y-%m-%dT%H:%M:%S.%6N)] now $(ip -4 -oneline address show dev eth0 | tr '\\n' ' ')"
wait`;

/** Lets every host write down who gets and loses addresses; the promise of what it gives is what was written. */
export async function watchHolders(lab: Lab, addresses: readonly string[]): Promise<() => Promise<Holding[]>> {
  const encoded = Buffer.from(watch).toString('base64');
  for (const { name } of lab.hosts)
    await lab.exec(
      name,
      `echo ${encoded} | base64 -d >${log}.sh; setsid sh ${log}.sh </dev/null >${log} 2>&1 & until [ -s ${log} ]; do sleep 0.1; done`,
    );
  return async () => {
    const written = lab.hosts.map(async ({ name }) => {
      const { stdout } = await lab.exec(name, `kill $(cat ${log}.pid); cat ${log}`);
      return holdingsIn(name, stdout, addresses);
    });
    return (await Promise.all(written)).flat();
  };
}

/** Reads what a host wrote: `[time] now …` is all it had, `[time] N: …` what it got, `[time] Deleted N: …` what it lost. */
export function holdingsIn(host: string, text: string, addresses: readonly string[]): Holding[] {
  const lines = text.split('\n').flatMap((line) => {
    const time = /^\[(\d{4}-\d\d-\d\dT[\d:.]+)\]/.exec(line)?.[1];
    return time === undefined ? [] : [{ at: Date.parse(`${time.slice(0, 23)}Z`), line }];
  });
  const has = (line: string, address: string) => line.includes(` inet ${address}/`);
  return lines.flatMap(({ at, line }) => {
    const now = line.includes('] now ');
    const told = addresses.filter((address) => now || has(line, address));
    return told.map((address) => ({ at, host, address, held: has(line, address) && !line.includes('] Deleted ') }));
  });
}
