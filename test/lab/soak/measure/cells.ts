import type { Cell, Recording, Round, Span } from '../recording.ts';
import { LOOK_EVERY } from '../timing.ts';
import { type Finding, seconds } from './finding.ts';

/** A stretch of looks, one after the other, that each found the same members silent, and why at the first. */
export interface Silence extends Span {
  readonly faults: readonly string[];
}

/** Stretches in which all of `members` were silent. */
export function silences(rounds: readonly Round[], members: readonly string[]): readonly Silence[] {
  const found: Silence[] = [];
  let open = false;
  for (const { at, silent } of [...rounds].sort((left, right) => left.at - right.at)) {
    const faults = members.flatMap((member) => silent[member] ?? []);
    const all = faults.length === members.length;
    if (all) found.push(open ? { ...found.pop()!, to: at } : { from: at, to: at, faults });
    open = all;
  }
  return found;
}

/** How often all members of a cell were down at the same time. */
export function cellsDown({ rounds, cells }: Recording): Finding {
  const misses = cells.flatMap(({ name, members }) =>
    silences(rounds, members).map(({ from, to, faults }) => ({
      at: from,
      what: `${name}: silent for ${seconds(to - from + LOOK_EVERY)}: ${members.map((member, index) => `${member} (${faults[index]})`).join(', ')}`,
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
