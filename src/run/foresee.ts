import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { membersOf, type Plan } from '../plan/plan.ts';
import { isDeed } from '../resources/change.ts';
import { type Prover, proveOthers } from './prove.ts';

/** Share of its own time that a gate gets while a plan is made. */
const aLook = 0.25;

/**
 * Why a plan cannot be carried out as it stands: a fault for each member that would have to be well, and is not, when
 * another member of its cell changes. Members that change before that are proved in their turn.
 */
export async function foresee(plan: Plan, prover: Prover): Promise<readonly Diagnostic[]> {
  const changed = new Set<string>();
  const questions: Promise<readonly Diagnostic[]>[] = [];
  for (const play of plan.plays) {
    const steps = [...(play.moving ?? [])].filter(([host]) =>
      play.items.get(host)?.some(({ change }) => isDeed(change)),
    );
    for (const [, moving] of steps) {
      const asTheyAre = moving.others.filter(({ member }) => !changed.has(member));
      questions.push(proveOthers(prover, moving, aLook, asTheyAre));
    }
    for (const { moving } of membersOf(play))
      if (play.atOnce || steps.some(([, one]) => one === moving)) changed.add(moving.member);
  }
  return [...takenAway(plan, prover), ...(await Promise.all(questions)).flat()];
}

/** A fault for each cell that the plan leaves without a member, as the way back from its first deployment would. */
function takenAway(plan: Plan, { rolling, kinds }: Prover): readonly Diagnostic[] {
  const cells = new Map<string, { readonly all: Set<string>; readonly gone: Set<string> }>();
  for (const play of plan.plays) {
    for (const { moving, items } of membersOf(play)) {
      const { cell, member, others } = moving;
      const { all, gone } = cells.get(cell) ?? { all: new Set(), gone: new Set() };
      cells.set(cell, { all, gone });
      for (const one of [member, ...others.map((other) => other.member)]) all.add(one);
      const own = items.filter(
        ({ resource, now }) => kinds.get(resource.kind)!.gate === undefined && now.notified === undefined,
      );
      if (own.length > 0 && own.every(({ change }) => change.action === 'delete')) gone.add(member);
    }
  }
  return [...cells].flatMap(([cell, { all, gone }]) =>
    gone.size < all.size || rolling.allowDegraded.has(cell)
      ? []
      : [
          {
            code: 'cell-taken-away',
            severity: 'error' as const,
            what: `Nothing of ${cell} would be left: ${[...gone].join(', ')} would all be taken away.`,
            why: 'They go one after the other, and the last one leaves nobody to do the work.',
            mend: `Go back to a later run, or say that it is meant: --allow-degraded ${cell}.`,
          },
        ],
  );
}
