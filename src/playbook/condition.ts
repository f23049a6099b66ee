import { Refusal } from '../diagnostics/diagnostic.ts';
import { JinjaError, UNKNOWN } from '../jinja/jinja.ts';
import type { OnHost } from './on-host.ts';
import type { Condition } from './playbook.ts';
import { namesOf, type Scope } from './scope.ts';
import { insideScalar, refusalOf } from './template-faults.ts';

/** Whether something applies to a host; `maybe` while a fact it depends on is not known. */
export type Verdict = 'yes' | 'no' | 'maybe';

/** Whether all conditions hold; the first that does not ends it, so that a later one may rely on an earlier one. */
export function judge(here: OnHost, conditions: readonly Condition[], scope: Scope): Verdict {
  let verdict: Verdict = 'yes';
  for (const condition of conditions) {
    const one = judgeOne(here, condition, scope);
    if (one === 'no') return 'no';
    if (one === 'maybe') verdict = 'maybe';
  }
  return verdict;
}

function judgeOne(here: OnHost, condition: Condition, scope: Scope): Verdict {
  if (typeof condition.value === 'boolean') return condition.value ? 'yes' : 'no';
  const value = evaluate(here, condition, condition.value, scope);
  if (value === UNKNOWN) return 'maybe';
  if (typeof value === 'string') throw refuseText(condition, value);
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value && !isEmpty ? 'yes' : 'no';
}

function evaluate(here: OnHost, condition: Condition, text: string, scope: Scope): unknown {
  try {
    return here.estate.playbook.templates.expression(text, (name) => here.resolver.resolve(scope, name));
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    throw refusalOf(
      error,
      (fault) => insideScalar(condition, fault),
      () => namesOf(scope),
    );
  }
}

function refuseText(condition: Condition, value: string): Refusal {
  const at = condition.at();
  return new Refusal([
    {
      code: 'when-is-text',
      severity: 'error',
      what: `This condition gives the text "${value.slice(0, 40)}", neither true nor false.`,
      ...(at && { at }),
      why: 'Any text would count as true, even "false" and "no"; `-e NAME=VALUE` gives text.',
      mend: `Write: ${condition.value} | bool, or compare it: ${condition.value} == '…'`,
    },
  ]);
}
