import { downgradeRule } from './downgrade.ts';
import { guarantees } from './guarantees.ts';
import { preflightRules } from './preflight.ts';
import type { RuleText } from './rule.ts';
import { rules } from './rules.ts';

/** Every code that `explainRule` knows with the rule in one sentence, in the order of their subjects. */
export const ruleTitles: ReadonlyMap<string, string> = new Map(
  [...rules, ...preflightRules, downgradeRule, ...guarantees].map(({ code, title }) => [code, title]),
);

/** The long form of a rule: what it asks, who checks it, why, how to mend; undefined for a code that is none. */
export function explainRule(code: string): string | undefined {
  const written = rules.find((one) => one.code === code);
  if (written) return long(written, '`hadeploy lint` and every run check it, before a connection is opened.');
  const asked = preflightRules.find((one) => one.code === code);
  if (asked) return long(asked, 'Hosts are asked on every run, before anything is changed.');
  if (code === downgradeRule.code)
    return long(downgradeRule, 'Every plan is judged by it, before anything is changed.');
  const given = guarantees.find((one) => one.code === code);
  return given && `${code}: ${given.title}\n\nIt holds by construction. ${given.by}\n\n  why   ${given.why}`;
}

function long({ code, severity, title, why, mend, more }: RuleText, when: string): string {
  return `${code} (${severity}): ${title}\n\n${more}\n\n  why   ${why}\n  mend  ${mend}\n\n${when}`;
}
