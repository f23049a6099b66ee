import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { makeEngine } from './engine.ts';
import { builtInFacts, builtInProbe, type DeclaredFact, declaredProbe, type FactProbe } from './facts.ts';
import { distinct, type HostFault } from './faults.ts';
import { attempt, filledIn, type OnHost } from './on-host.ts';
import type { Playbook } from './playbook.ts';

const builtIn = builtInFacts.map(builtInProbe);

/** What a host is asked in the first conversation: the facts of every host, and those its plays declare. */
export function factProbes(
  playbook: Playbook,
  inventory: Inventory,
  extraVars: ReadonlyMap<string, unknown>,
  host: string,
): Result<readonly FactProbe[]> {
  const engine = makeEngine(playbook, inventory, extraVars);
  const found: HostFault[] = [];
  const declared = new Map<string, FactProbe>();
  for (const play of playbook.plays.filter((one) => one.facts.length > 0 && one.hosts.includes(host))) {
    for (const here of engine.onHosts(play, [host], () => undefined, found)) {
      for (const fact of play.facts) {
        const command = factCommand(here, fact);
        if (command !== undefined) declared.set(fact.name, declaredProbe(fact, command));
      }
    }
  }
  if (found.length > 0) return { ok: false, faults: distinct(found) };
  return { ok: true, value: [...builtIn, ...declared.values()], warnings: [] };
}

/** The command of a declared fact on a host; undefined, with its faults reported, when it cannot be told. */
export function factCommand(here: OnHost, fact: DeclaredFact): string | undefined {
  const command = attempt(
    here,
    () => fact.command.at(),
    () => filledIn(here, fact.command, here.scope),
  );
  if (command === undefined) return undefined;
  if (typeof command !== 'symbol') return String(command);
  here.report(needsFact(fact));
  return undefined;
}

function needsFact(fact: DeclaredFact): Diagnostic {
  const at = fact.command.at();
  return {
    code: 'fact-needs-fact',
    severity: 'error',
    what: `The fact "${fact.name}" needs another fact.`,
    ...(at && { at }),
    why: 'All facts of a host are asked in one conversation, so none can wait for another.',
    mend: 'Find the other fact out within the command.',
  };
}
