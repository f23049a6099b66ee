import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { Fingerprint } from './fingerprint.ts';
import { planFormat, type SavedPlan } from './saved-plan.ts';

/** Whether a text is meant to be a saved plan, whole or not. */
export function looksLikePlan(text: string): boolean {
  return /^\s*\{\s*"hadeploy-plan"/.test(text);
}

/**
 * Reads the text of a plan file and makes sure that it is the very one that was made with this key, by this version of
 * hadeploy; `file` names it in faults. `print` is undefined where there is no key.
 */
export function readPlan(
  text: string,
  file: string,
  version: string,
  print: Fingerprint | undefined,
): Result<SavedPlan> {
  const again = 'Make a new plan with `hadeploy plan INVENTORY --out FILE`.';
  if (!looksLikePlan(text)) return refused('no-plan', `${file} is no plan of hadeploy.`, undefined, again);
  const plan = parsed(text);
  if (plan === undefined) {
    return refused('damaged-plan', `${file} is damaged.`, 'It ends too early, or is no JSON any more.', again);
  }
  if (plan['hadeploy-plan'] !== planFormat || plan.version !== version) {
    const by = typeof plan.version === 'string' ? plan.version.replace(/[^\w.+-]/g, '?').slice(0, 40) : 'unknown';
    const why = `This is hadeploy ${version}, and another version may do other things for the same plan.`;
    return refused('other-version', `${file} was made by hadeploy ${by}.`, why, `Take that version. ${again}`);
  }
  if (print === undefined) {
    const what = `The key of the plan, ${file}.key, is not there or is none.`;
    const why = 'The plan holds fingerprints alone; without the key nobody can tell whether things are as they were.';
    return refused('no-plan-key', what, why, `Put it beside the plan, over a way that is safe. ${again}`);
  }
  if (!isSealed(plan, print)) {
    const why = 'A plan is carried out exactly as it was made and read, or not at all.';
    return refused(
      'changed-plan',
      `${file} was changed after it was made, or ${file}.key belongs to another plan.`,
      why,
      again,
    );
  }
  return { ok: true, value: plan as SavedPlan, warnings: [] };
}

function isSealed({ seal, ...body }: Partial<SavedPlan>, print: Fingerprint): boolean {
  try {
    return seal === print(body);
  } catch {
    // Nested too deep to have been made here.
    return false;
  }
}

function parsed(text: string): Partial<SavedPlan> | undefined {
  try {
    return JSON.parse(text) as Partial<SavedPlan>;
  } catch {
    return undefined;
  }
}

function refused(code: string, what: string, why: string | undefined, mend: string): Result<SavedPlan> {
  const fault: Diagnostic = { code, severity: 'error', what, ...(why && { why }), mend };
  return { ok: false, faults: [fault] };
}
