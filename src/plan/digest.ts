import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';
import { planText } from './plan-text.ts';

/** `sha256:` and the digest of the plan as text with all differences: equal plans, equal digests. */
export function planDigest(plan: Plan): string {
  return `sha256:${createHash('sha256')
    .update(planText(plan, { diffs: true }))
    .digest('hex')}`;
}
