import { compileHandlers, type Handler } from './compile-handlers.ts';
import { type CompiledTask, compileItems } from './compile-items.ts';
import { type RolledMember, rolledMembers } from './compile-roll.ts';
import { factCommand } from './fact-probes.ts';
import type { HostFault } from './faults.ts';
import type { OnHost } from './on-host.ts';
import type { Play } from './playbook.ts';

/** What a play comes to on a host before it is joined with what earlier plays want there. */
export interface HostWork {
  readonly tasks: readonly CompiledTask[];
  readonly handlers: readonly Handler[];
  /** The members of a roll, whose work stands in place of `tasks` and `handlers`. */
  readonly members: readonly RolledMember[];
  readonly faults: readonly HostFault[];
}

/** Work that does not depend on the facts of its host, so that it is the same once they are known. */
export type KnownWork = Map<Play, Map<string, HostWork>>;

/** Fills in a play for a host, or takes out what an earlier compilation of the same input has found. */
export function workOn(here: OnHost, works: boolean, known: KnownWork): HostWork {
  const { play, host } = here;
  const before = known.get(play)?.get(host);
  known.get(play)?.delete(host);
  if (before) return before;
  const faults: HostFault[] = [];
  const inner: OnHost = {
    ...here,
    report: (fault) => void faults.push({ ...fault, host }),
    reported: () => faults.length,
  };
  const work = { ...compiled(inner, works), faults };
  if (!here.readsFacts()) known.set(play, (known.get(play) ?? new Map<string, HostWork>()).set(host, work));
  return work;
}

function compiled(here: OnHost, works: boolean): Omit<HostWork, 'faults'> {
  const { play } = here;
  for (const fact of play.facts) factCommand(here, fact);
  if (play.roll) return { tasks: [], handlers: [], members: rolledMembers(here, play.roll, works) };
  return { tasks: compileItems(here, play.items, here.scope, false), handlers: compileHandlers(here), members: [] };
}
