import type { Cell, Recording, Round, Span } from '../recording.ts';
import { LOOK_EVERY } from '../timing.ts';
import { type Finding, seconds } from './finding.ts';

/** Stretches of looks, one after the other, of which each found all of `members` silent. */
function silences(rounds: readonly Round[], members: readonly string[]): readonly Span[] {
  const found: Span[] = [];
  let open = false;
  for (const { at, silent } of [...rounds].sort((left, right) => left.at - right.at)) {
    const all = members.every((member) => silent.includes(member));
    if (all && open) found.push({ from: found.pop()!.from, to: at });
    else if (all) found.push({ from: at, to: at });
    open = all;
  }
  return found;
}

/** How often all members of a cell were down at the same time. */
export function cellsDown({ rounds, cells }: Recording): Finding {
  const misses = cells.flatMap(({ name, members }) =>
    silences(rounds, members).map(({ from, to }) => ({
      at: from,
      what: `${name}: ${members.join(' and ')} silent for ${seconds(to - from + LOOK_EVERY)}`,
    })),
  );
  return { measure: 'Times both members of a cell were down', goal: '0', found: String(misses.length), misses };
}

/** The longest that one member was down. */
export function longestDown({ rounds, cells }: Recording): Finding {
  const all = cells.flatMap(({ members }: Cell) => members);
  const longest = all.flatMap((member) =>
    silences(rounds, [member]).map(({ from, to }) => ({ member, ms: to - from + LOOK_EVERY })),
  );
  const worst = longest.sort((left, right) => right.ms - left.ms)[0];
  return {
    measure: 'Longest time one member was down',
    goal: '',
    found: worst === undefined ? 'none' : `${seconds(worst.ms)}, ${worst.member}`,
    misses: [],
  };
}
