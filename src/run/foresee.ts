import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import { isDeed } from '../resources/change.ts';
import { type Prover, proveOthers } from './prove.ts';

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
      questions.push(proveOthers(prover, moving, 0, asTheyAre));
    }
    for (const [, { member }] of steps) changed.add(member);
  }
  return (await Promise.all(questions)).flat();
}
