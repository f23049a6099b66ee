import type { Holding, Recording, Span } from '../recording.ts';
import { type Finding, seconds } from './finding.ts';

/** An address may be held by none for this long while it moves, in milliseconds. */
const MOVE = 500;

/** A stretch of time in which an address had the same holders. */
interface Stretch extends Span {
  readonly address: string;
  readonly hosts: readonly string[];
}

/** Who held an address when, from the first time every host had told, to the end. */
function stretches(holdings: readonly Holding[], address: string, end: number): readonly Stretch[] {
  const told = holdings.filter((one) => one.address === address).sort((left, right) => left.at - right.at);
  const everyone = new Set(told.map(({ host }) => host));
  const now = new Map<string, boolean>();
  const found: Stretch[] = [];
  for (const [index, { at, host, held }] of told.entries()) {
    now.set(host, held);
    if (now.size < everyone.size) continue;
    const hosts = [...now].filter(([, has]) => has).map(([name]) => name);
    found.push({ address, hosts, from: at, to: told[index + 1]?.at ?? Math.max(end, at) });
  }
  return found.filter(({ from, to }) => to > from);
}

/** Times at which an address had no holder for longer than a move takes, or two. */
export function wrongHolders({ holdings, soak }: Recording): Finding {
  const addresses = [...new Set(holdings.map(({ address }) => address))];
  const all = addresses.flatMap((address) => stretches(holdings, address, soak.to));
  const none = all.filter(({ hosts }) => hosts.length === 0);
  const two = all.filter(({ hosts }) => hosts.length > 1);
  const moves = addresses.reduce((sum, address) => {
    const single = all.filter((one) => one.address === address && one.hosts.length === 1).map(({ hosts }) => hosts[0]);
    return sum + single.filter((host, index) => index > 0 && host !== single[index - 1]).length;
  }, 0);
  const longest = Math.max(0, ...none.map(({ from, to }) => to - from));
  return {
    measure: 'Address held by none or by two',
    goal: '≤ 0.5 s of none a move',
    found: `${moves} moves, none for ${seconds(longest)}, two ${two.length} times`,
    misses: [
      ...none
        .filter(({ from, to }) => to - from > MOVE)
        .map(({ address, from, to }) => ({ at: from, what: `${address}: held by none for ${seconds(to - from)}` })),
      ...two.map(({ address, hosts, from, to }) => ({
        at: from,
        what: `${address}: held by ${hosts.join(' and ')} for ${seconds(to - from)}`,
      })),
    ],
  };
}
