import { Chalk } from 'chalk';
import type { Paint } from '../diagnostics/format.ts';
import type { PlanPaint } from '../plan/plan-text.ts';

/** The colours of faults and plans; without `colour` every text stays as it is. */
export function paints(colour: boolean): { readonly fault: Paint; readonly plan: PlanPaint } {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return {
    fault: { error: chalk.red.bold, warning: chalk.yellow.bold, strong: chalk.bold, faint: chalk.dim },
    plan: { heading: chalk.bold, create: chalk.green, update: chalk.yellow, delete: chalk.red, faint: chalk.dim },
  };
}
