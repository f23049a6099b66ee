import type { Lab } from '../lab/lab.ts';
import { countProbes, countProbesNoMore, type Door, delivered, probeUdp, reached } from './reach.ts';

/** Who opens connections to whom, as the derived variable `estate` tells it. */
export interface Flow {
  readonly kind: string;
  readonly from: string;
  readonly from_host?: string;
  readonly source: string;
  readonly to_host: string;
  readonly destination: string;
  readonly protocol: string;
  readonly port?: number;
}

/** A host, or the machine that runs the lab, by the address that its packets come from. */
export interface Source {
  readonly name: string;
  readonly address: string;
}

/** Somebody, a published port of another host, and whether the estate needs that to be open. */
export interface Pair extends Door {
  readonly from: Source;
  readonly to: string;
  readonly wanted: boolean;
}

/** Each source with each port of every other host. */
export function pairsOf(
  sources: readonly Source[],
  doors: readonly Door[],
  flows: readonly Flow[],
  address: (host: string) => string,
): readonly Pair[] {
  return sources.flatMap((from) =>
    doors
      .filter(({ host }) => host !== from.name)
      .map((door) => ({
        ...door,
        from,
        to: address(door.host),
        wanted: flows.some(
          ({ source, to_host, protocol, port }) =>
            source === from.address && to_host === door.host && protocol === door.protocol && port === door.port,
        ),
      })),
  );
}

/** Tries every pair from its real source, and tells those that are open and should not be, and the other way round. */
export async function wrongPairs(lab: Lab, pairs: readonly Pair[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  const tell = ({ from, host, protocol, port, wanted }: Pair, found: string) =>
    wrong.push(`${from.name} → ${host} ${protocol}/${port}: ${found}, should be ${wanted ? 'open' : 'closed'}`);
  for (const from of new Set(pairs.map((pair) => pair.from))) {
    const asked = pairs.filter((pair) => pair.from === from && pair.protocol === 'tcp');
    const open = await reached(
      lab,
      from.name,
      asked.map(({ to, port }) => `${to} ${port}`),
    );
    for (const pair of asked) {
      const found = open.has(`${pair.to} ${pair.port}`);
      if (found !== pair.wanted) tell(pair, found ? 'open' : 'closed');
    }
  }
  const udp = pairs.filter(({ protocol }) => protocol === 'udp');
  for (const door of new Set(udp.map(({ host, port }) => `${host} ${port}`))) {
    const asked = udp.filter(({ host, port }) => `${host} ${port}` === door);
    const { host, to, port } = asked[0]!;
    await countProbes(
      lab,
      host,
      asked.map(({ from }) => from.address),
      port,
    );
    for (const { from } of asked) await probeUdp(lab, from.name, to, port);
    for (const pair of asked) {
      const { came, passed } = await delivered(lab, host, pair.from.address);
      if (came !== 3 || passed !== (pair.wanted ? 3 : 0)) tell(pair, `of 3 packets ${came} came and ${passed} passed`);
    }
    await countProbesNoMore(lab, host);
  }
  return wrong;
}
