import type { Place } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { validate } from '../schema/validate.ts';
import { attempt, type OnHost } from './on-host.ts';
import type { RoleUse } from './playbook.ts';
import { type Scope, sourceOf } from './scope.ts';

/** Judges the variables of a role on a host by what the role says of them. */
export function checkRoleVars(here: OnHost, use: RoleUse, scope: Scope): void {
  const { role } = use;
  if (role.rules.size === 0) return;
  for (const [name, source] of use.vars) {
    if (role.rules.has(name) || role.defaults.has(name)) continue;
    const at = source.at([], 'key');
    here.report({
      code: 'unknown-variable',
      severity: 'error',
      what: `The role "${role.name}" has no variable "${name}".`,
      ...(at && { at }),
      why: `Its variables are described in ${role.folder}/variables.yml.`,
      mend: didYouMean(name, [...role.rules.keys()]),
    });
  }
  for (const [name, rule] of role.rules) {
    const source = sourceOf(scope, name);
    const at = () => source?.at() ?? use.at;
    const value = attempt(here, at, () => ({ is: here.resolver.resolve(scope, name) }));
    if (value === undefined) continue;
    if (value.is !== undefined)
      judge(here, role.name, name, rule.schema, value.is, (path) => source?.at(path) ?? use.at);
    else if (rule.required) {
      here.report({
        code: 'missing-variable',
        severity: 'error',
        what: `The role "${role.name}" needs the variable "${name}".`,
        at: use.at,
        ...(typeof rule.schema['description'] === 'string' && { why: `${name}: ${rule.schema['description']}` }),
        mend: `Set it in the inventory, or under \`vars:\` where the play lists the role.`,
      });
    }
  }
}

function judge(
  here: OnHost,
  role: string,
  name: string,
  schema: Readonly<Record<string, unknown>>,
  value: unknown,
  at: (path: readonly (string | number)[]) => Place,
): void {
  const outcome = validate(schema, value, (path) => at(path), { what: `The variable "${name}" of the role "${role}"` });
  if (!outcome.ok) for (const fault of outcome.faults) here.report(fault);
}
