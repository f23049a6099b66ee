import { type Diagnostic, Refusal, unwrap } from '../../diagnostics/diagnostic.ts';
import type { Fingerprint } from '../../plan/fingerprint.ts';
import { whatMovedSince } from '../../plan/moved.ts';
import type { Plan } from '../../plan/plan.ts';
import { type PlanOrder, savedPlanText } from '../../plan/saved-plan.ts';
import { kinds } from '../../resources/index.ts';
import { utc } from '../../run/lock/notes.ts';
import { readExtraVars } from '../load.ts';
import { print } from '../output.ts';
import { mustBeWritable, readPlanFile, writePlanFile } from '../plan-file.ts';
import { type ApplyOptions, apply } from './apply.ts';

/** `hadeploy plan`: a dry run, whose plan `out` keeps to be carried out as it is; the exit code. */
export async function plan(
  inventory: string,
  options: ApplyOptions & { readonly out?: string },
  version: string,
): Promise<number> {
  const { out } = options;
  if (out === undefined) return apply(inventory, { ...options, dryRun: true });
  mustBeWritable(out);
  let made: Plan | undefined;
  const onPlan = (one: Plan) => {
    made = one;
  };
  const code = await apply(inventory, { ...options, dryRun: true }, { onPlan });
  if (made === undefined) return code;
  const known = made;
  const about = { version, made: utc(Date.now()) };
  writePlanFile(out, (mark) =>
    savedPlanText(known, { ...about, order: orderOf(inventory, options, mark) }, kinds, mark),
  );
  if (!options.json)
    print(`Saved: \`hadeploy apply ${out}\` does exactly this. ${out}.key belongs to it and to nobody else.`);
  return code;
}

/** `hadeploy apply FILE`: carries out a saved plan exactly, or refuses it before anything is touched; the exit code. */
export function applyPlan(
  file: string,
  options: ApplyOptions,
  given: readonly string[],
  version: string,
): Promise<number> {
  if (given.length > 0) throw new Refusal([shapesAnew(given)]);
  const { plan: saved, print: mark } = readPlanFile(file, version);
  const { inventory, extraVars, ...order } = saved.order;
  const others = otherExtraVars(extraVars, extraVarsOf(options.extraVars, mark), file);
  if (others !== undefined) throw new Refusal([others]);
  return apply(inventory, { ...options, ...order }, { agreed: (now) => whatMovedSince(saved, now, kinds, mark) });
}

function orderOf(inventory: string, options: ApplyOptions, mark: Fingerprint): PlanOrder {
  const { playbook, limit, tags, skipTags, extraVars, allowDegraded, skipCoverage, onFailure } = options;
  return {
    inventory,
    ...(playbook !== undefined && { playbook }),
    ...(limit !== undefined && { limit }),
    tags,
    skipTags,
    extraVars: extraVarsOf(extraVars, mark),
    allowDegraded,
    skipCoverage,
    onFailure,
    skipUnreachable: options.skipUnreachable === true,
    acceptDataLoss: options.acceptDataLoss === true,
  };
}

function extraVarsOf(extraVars: readonly string[], mark: Fingerprint): Readonly<Record<string, string>> {
  const values = new Map<string, unknown[]>();
  for (const { name, ...value } of unwrap(readExtraVars(extraVars)))
    values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, mark('-e', name, all)]));
}

/** The fault of values of `-e` that are not those the plan was made with; they may be secrets, so it does not hold them. */
function otherExtraVars(
  wanted: PlanOrder['extraVars'],
  given: PlanOrder['extraVars'],
  file: string,
): Diagnostic | undefined {
  const missing = Object.keys(wanted).filter((name) => !(name in given));
  const more = Object.keys(given).filter((name) => !(name in wanted));
  const other = Object.keys(wanted).filter((name) => name in given && given[name] !== wanted[name]);
  const told = [
    missing.length > 0 ? `missing: ${missing.join(', ')}` : '',
    other.length > 0 ? `with another value: ${other.join(', ')}` : '',
    more.length > 0 ? `not in the plan: ${more.join(', ')}` : '',
  ].filter(Boolean);
  if (told.length === 0) return undefined;
  const again = Object.keys(wanted).map((name) => ` -e ${name}=…`);
  return {
    code: 'other-extra-vars',
    severity: 'error',
    what: `The plan was made with other values of -e. Of these are ${told.join('; ')}.`,
    why: 'They may be secrets, so a plan holds their names alone and they are given again.',
    mend: `Give them as when the plan was made: hadeploy apply ${file}${again.join('')}`,
  };
}

function shapesAnew(given: readonly string[]): Diagnostic {
  return {
    code: 'plan-is-fixed',
    severity: 'error',
    what: `A saved plan is carried out as it is: ${given.join(', ')} cannot be given with it.`,
    why: 'It says itself what it was made of and how it rolls.',
    mend: 'Leave them out, or make a new plan with them.',
  };
}
