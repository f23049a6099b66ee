import type { Family } from './address.ts';
import { observedText } from './canonical.ts';
import { type ChainSpec, parentsOf, wantedRules } from './chain-spec.ts';
import { jumpsIn, rulesIn } from './former.ts';
import { chainPaths, chainUnits } from './keeper.ts';
import { wantedFiles } from './kept.ts';
import type { SeenHost, SeenTable } from './look.ts';
import { mergedRules } from './merge-rules.ts';
import { readRule } from './read-rule.ts';

/** What earlier items of a run bring once they have opened a chain, for the task that closes it. */
export function openedMark(chain: string): string {
  return `chain ${chain} opened`;
}

/**
 * What a task brings its chain to. One that only opens adds to what filters now whatever the new rules let in, and
 * leaves jumps where they are; where there is no chain yet, it places that whole.
 */
export function targetOf(spec: ChainSpec, seen: SeenHost): ChainSpec {
  if (spec.only === undefined || spec.state === 'absent') return spec;
  const { only: _, ...whole } = spec;
  const { rules, rules6 } = wantedRules(spec);
  const jumps = jumpsIn(seen, spec.chain, seen.files.get(chainPaths(spec.chain).script));
  return {
    ...whole,
    jump_from: jumps.length > 0 ? jumps : [...parentsOf(spec)],
    rules: opened(spec, seen.v4, 4, rules),
    rules6: opened(spec, seen.v6, 6, rules6),
  };
}

function opened(spec: ChainSpec, table: SeenTable | undefined, family: Family, wanted: string): string[] {
  const { chain, except_ports: closed = [] } = spec;
  const seen = table && rulesIn(table, chain);
  if (seen === undefined) return [...linesOf(wanted)];
  const understood = seen.filter((text) => !('why' in readRule(text, family, chain)));
  const gone = (rule: string) => closed.includes(Number(/ --dport (\d+) /.exec(rule)?.[1]));
  return [...mergedRules(linesOf(observedText(understood, family, chain)), linesOf(wanted), gone)];
}

function linesOf(rules: string): readonly string[] {
  return rules.split('\n').filter(Boolean);
}

/** What a look will find once a chain is as its spec says. */
export function seenAfter(spec: ChainSpec, seen: SeenHost): SeenHost {
  const { rules, rules6 } = wantedRules(spec);
  return {
    ...seen,
    v4: placed(spec, seen.v4, linesOf(rules)),
    v6: seen.v6 && placed(spec, seen.v6, linesOf(rules6)),
    files: wantedFiles(spec),
    links: new Set(chainUnits(spec.chain, parentsOf(spec)).flatMap((unit) => unit.links)),
    armed: undefined,
    kept: [...new Set([...seen.kept, spec.chain])],
  };
}

function placed(spec: ChainSpec, table: SeenTable, rules: readonly string[]): SeenTable {
  const jump = `-j ${spec.chain}`;
  const others = table.rules.filter(
    ({ chain, text }) => chain !== spec.chain && / -[jg] (\S+)$/.exec(` ${text}`)?.[1] !== spec.chain,
  );
  const toDocker = { chain: 'FORWARD', text: '-j DOCKER-USER' };
  const docker = parentsOf(spec).includes('DOCKER-USER');
  const around = docker ? [toDocker, ...others.filter((one) => !isSame(one, toDocker))] : others;
  return {
    ...table,
    chains: new Set([...table.chains, spec.chain]),
    rules: [
      ...parentsOf(spec).map((chain) => ({ chain, text: jump })),
      ...around,
      ...rules.map((text) => ({ chain: spec.chain, text })),
    ],
  };
}

function isSame(a: SeenTable['rules'][number], b: SeenTable['rules'][number]): boolean {
  return a.chain === b.chain && a.text === b.text;
}
