import { isDeed } from '../resources/change.ts';
import type { Plan } from './plan.ts';

/** How much a plan does. */
export interface Counts {
  readonly hosts: number;
  readonly changes: number;
  readonly unchanged: number;
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly run: number;
  readonly await: number;
}

/** Counts the items of a plan by what will happen to them. */
export function countChanges(plan: Plan): Counts {
  const items = plan.plays.flatMap((play) => [...play.items.values()].flat());
  const of = (action: string) => items.filter((item) => item.change.action === action).length;
  return {
    hosts: new Set(plan.plays.flatMap((play) => play.batches.flat())).size,
    changes: items.filter((item) => isDeed(item.change)).length,
    unchanged: of('none'),
    create: of('create'),
    update: of('update'),
    delete: of('delete'),
    run: of('run'),
    await: of('await'),
  };
}
