import type { Parent } from './chain-spec.ts';
import type { SeenTable } from './look.ts';

/** The jumps as they should be, for the plan: `first in DOCKER-USER`; undefined when nothing shall lead to it. */
export function wantedJump(parents: readonly Parent[]): string | undefined {
  return parents.length === 0 ? undefined : parents.map((parent) => `first in ${parent}`).join(', ');
}

/** The jumps as they are in one family, in the same words; undefined when nothing leads to the chain. */
export function seenJump(
  table: SeenTable,
  chain: string,
  parents: readonly Parent[],
  kept: readonly string[],
): string | undefined {
  const jump = `-j ${chain}`;
  const leading = table.rules.filter(({ text }) => text === jump || / -[jg] (\S+)$/.exec(` ${text}`)?.[1] === chain);
  if (leading.length === 0) return undefined;
  const places = parents.map((parent) => placeIn(table, parent, jump, kept));
  const strays = leading.filter(({ chain: from, text }) => text !== jump || !parents.some((parent) => parent === from));
  if (strays.length > 0) places.push(`also in ${[...new Set(strays.map((rule) => rule.chain))].sort().join(', ')}`);
  if (parents.includes('DOCKER-USER') && placeIn(table, 'FORWARD', '-j DOCKER-USER', kept) !== 'first in FORWARD') {
    places.push('FORWARD does not begin with DOCKER-USER');
  }
  return places.join(', ');
}

/** Where the one jump stands; chains that hadeploy keeps may stand before it, since each wants to be first. */
function placeIn(table: SeenTable, parent: string, jump: string, kept: readonly string[]): string {
  const rules = table.rules.filter((rule) => rule.chain === parent).map((rule) => rule.text);
  const place = rules.indexOf(jump);
  if (place < 0) return `not in ${parent}`;
  if (rules.lastIndexOf(jump) !== place) return `more than once in ${parent}`;
  const before = rules.slice(0, place);
  return before.every((text) => kept.some((other) => text === `-j ${other}`))
    ? `first in ${parent}`
    : `rule ${place + 1} of ${parent}`;
}
