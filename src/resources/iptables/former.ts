import type { Former } from '../kind.ts';
import type { Family } from './address.ts';
import { readRules } from './canonical.ts';
import { type ChainSpec, chainSchema, type Parent } from './chain-spec.ts';
import { seenState, wantedState } from './chain-state.ts';
import { chainPaths } from './keeper.ts';
import type { SeenHost, SeenTable } from './look.ts';

/**
 * The chain as it filtered: its rules and the places of its jumps, or absent. What kept it over reboots is written
 * anew; where that was not as hadeploy leaves it, it is named as not as before.
 */
export function formerChain({ chain, restore_after }: ChainSpec, seen: SeenHost): Former<ChainSpec> {
  const timer = restore_after === undefined ? {} : { restore_after };
  const absent: ChainSpec = { chain, ...timer, state: 'absent' };
  if (seenState(absent, seen) === undefined) return { spec: absent };
  const { rules: saved, rules6: saved6, script } = chainPaths(chain);
  const rules = rulesIn(seen.v4, chain) ?? savedRules(seen.files.get(saved));
  const rules6 = (seen.v6 && rulesIn(seen.v6, chain)) ?? savedRules(seen.files.get(saved6));
  if (!isUnderstood(rules, 4, chain) || !isUnderstood(rules6, 6, chain)) {
    return { lost: 'its former rules are none that hadeploy understands' };
  }
  const spec = {
    chain,
    ...timer,
    jump_from: jumpsIn(seen, chain, seen.files.get(script)),
    rules: [...rules],
    rules6: [...rules6],
  };
  const [wanted, was] = [wantedState(spec, seen), seenState(spec, seen) ?? {}];
  const odd = Object.keys(wanted).filter((field) => wanted[field] !== was[field]);
  return odd.length === 0
    ? { spec }
    : { spec, except: odd.map((field) => `${field} (${was[field] ?? 'absent'})`).join(', ') };
}

/** The lines of a chain as they were printed; undefined where there is none. */
export function rulesIn(table: SeenTable, chain: string): readonly string[] | undefined {
  if (!table.chains.has(chain)) return undefined;
  return table.rules.filter((rule) => rule.chain === chain).map((rule) => rule.text);
}

function savedRules(text = ''): readonly string[] {
  return text.split('\n').flatMap((line) => /^-A \S+ (.*)$/.exec(line)?.[1] ?? []);
}

function isUnderstood(rules: readonly string[], family: Family, chain: string): boolean {
  return readRules(rules, family, chain).ok;
}

/** The parents that jump to the chain; in the order of the script that keeps it, since each jump is put first. */
export function jumpsIn(seen: SeenHost, chain: string, script = ''): Parent[] {
  const jumping = new Set(
    [seen.v4, seen.v6].flatMap(
      (table) => table?.rules.filter(({ text }) => text === `-j ${chain}`).map((rule) => rule.chain) ?? [],
    ),
  );
  const kept = [...script.matchAll(/'-I (\S+) 1 -j (\S+)'/g)]
    .filter((found) => found[2] === chain)
    .map((found) => found[1]!);
  const order = [...new Set([...kept, ...chainSchema.properties.jump_from.anyOf[0].enum])];
  return order.filter((parent): parent is Parent => jumping.has(parent));
}
