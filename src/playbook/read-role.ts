import { join } from 'node:path/posix';
import { pathsBelow } from '../diagnostics/project.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Role, VariableRule } from './playbook.ts';
import { readVarsFile } from './read-vars.ts';
import { firstFile, openMap, type Reading, report } from './reading.ts';
import { isMap, part, type Written } from './written.ts';

/** The file of a part of a role: `tasks/main.yml`, or `tasks.yml` where one file is enough. */
export function roleFile(reading: Reading, folder: string, name: string): string | undefined {
  return firstFile(reading.project, [
    `${folder}/${name}/main.yml`,
    `${folder}/${name}/main.yaml`,
    `${folder}/${name}.yml`,
    `${folder}/${name}.yaml`,
  ]);
}

/** The role of a name: in `roles/` beside the playbook, or in one of the further folders of roles. */
export function readRole(reading: Reading, name: string, playFolder: string, at: Written): Role | undefined {
  const folders = [...new Set([join(playFolder, 'roles'), ...reading.rolesPaths])];
  const folder = folders.map((one) => `${one}/${name}`).find((one) => pathsBelow(reading.project, one).length > 0);
  if (folder === undefined) {
    const known = [...new Set(folders.flatMap((one) => rolesIn(reading, one)))].sort();
    report(reading, at, {
      code: 'missing-role',
      what: `There is no role "${name}".`,
      why: `Looked for it in ${folders.map((one) => `${one}/`).join(', ')}.`,
      mend: known.length === 0 ? `Make the folder ${folders[0]}/${name}.` : didYouMean(name, known),
    });
    return undefined;
  }
  const cached = reading.roles.get(folder);
  if (cached) return cached;
  refuseDependencies(reading, folder);
  const role: Role = {
    name,
    folder,
    defaults: readVarsFile(reading, roleFile(reading, folder, 'defaults'), 'role defaults'),
    rules: readRules(reading, folder),
  };
  reading.roles.set(folder, role);
  return role;
}

function rolesIn(reading: Reading, folder: string): readonly string[] {
  return pathsBelow(reading.project, folder).map((path) => path.slice(folder.length + 1).split('/')[0]!);
}

/** `variables.yml`: for each variable of the role a JSON Schema, and `required: true` for those it cannot do without. */
function readRules(reading: Reading, folder: string): ReadonlyMap<string, VariableRule> {
  const file = firstFile(reading.project, [`${folder}/variables.yml`, `${folder}/variables.yaml`]);
  const whole = openMap(reading, file, 'The description of variables');
  const rules = new Map<string, VariableRule>();
  if (!whole) return rules;
  for (const [name, value] of Object.entries(whole.value as Readonly<Record<string, unknown>>)) {
    const one = part(whole, name);
    if (!isMap(value)) {
      report(reading, one, {
        code: 'wrong-type',
        what: `The description of the variable "${name}" must be a mapping.`,
        mend: 'Write, for example: { type: string, description: What it is for. }',
      });
      continue;
    }
    const { required, ...schema } = value;
    rules.set(name, { schema, required: required === true, at: whole.at([name], 'key')! });
  }
  return rules;
}

function refuseDependencies(reading: Reading, folder: string): void {
  const whole = openMap(reading, roleFile(reading, folder, 'meta'), 'The description of a role');
  const dependencies = whole && (whole.value as Readonly<Record<string, unknown>>)['dependencies'];
  if (!Array.isArray(dependencies) || dependencies.length === 0) return;
  report(
    reading,
    { at: part(whole!, 'dependencies'), key: true },
    {
      code: 'role-dependencies',
      what: 'A role cannot pull in other roles.',
      why: 'Which roles a host gets is said by plays, in one place and in their order.',
      mend: 'List these roles under `roles:` of the play, before this one.',
    },
  );
}
