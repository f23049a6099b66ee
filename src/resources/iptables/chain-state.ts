import type { Fields } from '../compare.ts';
import type { Family } from './address.ts';
import { observedText } from './canonical.ts';
import { type ChainSpec, parentsOf, wantedRules } from './chain-spec.ts';
import { seenJump, wantedJump } from './jump.ts';
import { seenUnit, wantedUnit } from './kept.ts';
import type { SeenHost, SeenTable } from './look.ts';

/** What a chain should be, field by field. */
export function wantedState(spec: ChainSpec, seen: SeenHost): Fields {
  const { rules, rules6 } = wantedRules(spec);
  return {
    rules,
    ...(seen.v6 === undefined ? {} : { rules6 }),
    jump: wantedJump(parentsOf(spec)),
    unit: wantedUnit(spec),
    ...(seen.armed !== undefined && { confirmed: 'yes' }),
  };
}

/** What it is; undefined where nothing of it is there. */
export function seenState(spec: ChainSpec, seen: SeenHost): Fields | undefined {
  const wanted = wantedRules(spec);
  const rules = seenRules(seen.v4, 4, spec.chain);
  const rules6 = seen.v6 && seenRules(seen.v6, 6, spec.chain);
  const differs = { rules: rules !== wanted.rules, rules6: seen.v6 !== undefined && rules6 !== wanted.rules6 };
  const state = {
    rules,
    rules6,
    jump: seenJumps(spec, seen),
    unit: seenUnit(spec, seen, differs),
    confirmed: seen.armed && `no, ${seen.armed} will put it back`,
  };
  return Object.values(state).every((value) => value === undefined) ? undefined : state;
}

function seenRules(table: SeenTable, family: Family, chain: string): string | undefined {
  if (!table.chains.has(chain)) return undefined;
  const lines = table.rules.filter((rule) => rule.chain === chain).map((rule) => rule.text);
  return observedText(lines, family, chain);
}

function seenJumps(spec: ChainSpec, seen: SeenHost): string | undefined {
  const [v4, v6] = [seen.v4, seen.v6].map(
    (table) => table && seenJump(table, spec.chain, parentsOf(spec), [...seen.kept, spec.chain]),
  );
  if (seen.v6 === undefined || v4 === v6) return v4;
  return `IPv4: ${v4 ?? 'absent'}; IPv6: ${v6 ?? 'absent'}`;
}
