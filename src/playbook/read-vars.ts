import type { Source, Vars } from './playbook.ts';
import type { LevelName } from './precedence.ts';
import { openMap, type Reading, report } from './reading.ts';
import { scanTemplates } from './scan-templates.ts';
import { isMap, part, type Written } from './written.ts';

/** Names that mean something of their own everywhere, so that no variable may take them. */
export const reserved: ReadonlySet<string> = new Set([
  'facts',
  'hostvars',
  'groups',
  'group_names',
  'inventory_hostname',
  'inventory_hostname_short',
  'inventory_dir',
  'playbook_dir',
  'role_name',
  'ansible_play_hosts',
  'ansible_play_hosts_all',
  'omit',
]);

/** The variables of a mapping, at one level of precedence. */
export function readVars(reading: Reading, whole: Written | undefined, level: LevelName): Vars {
  const vars = new Map<string, Source>();
  if (!whole || !isMap(whole.value)) return vars;
  for (const name of Object.keys(whole.value)) {
    const value = part(whole, name);
    if (reserved.has(name)) {
      report(
        reading,
        { at: value, key: true },
        {
          code: 'reserved-name',
          what: `A variable cannot be called "${name}".`,
          why: `"${name}" is a name that hadeploy gives its value.`,
          mend: 'Choose another name.',
        },
      );
      continue;
    }
    scanTemplates(reading, value);
    vars.set(name, { ...value, level });
  }
  return vars;
}

/** The variables of a file; none, when there is no such file. */
export function readVarsFile(reading: Reading, path: string | undefined, level: LevelName): Vars {
  return readVars(reading, openMap(reading, path, 'A file of variables'), level);
}

/** Variables over others, by name. */
export function over(weaker: Vars, stronger: Vars): Vars {
  return stronger.size === 0 ? weaker : weaker.size === 0 ? stronger : new Map([...weaker, ...stronger]);
}
