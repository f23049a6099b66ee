import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import { textOf } from '../../diagnostics/project.ts';
import { isMapping } from '../../inventory/setting.ts';
import { readYaml } from '../../yaml/yaml.ts';
import type { FederatorCell } from '../topology.ts';
import type { Survey } from './rule.ts';

/** One rule of the user's, as a federator evaluates it. */
export interface UserRule {
  /** What it records, or the alert it raises. */
  readonly name: string;
  readonly expression: string;
  readonly expressionAt: Place;
  /** How long an alert waits before it fires. */
  readonly wait?: string;
  readonly waitAt: Place;
  /** How often it is evaluated: its group's own interval, or the federator's. */
  readonly interval: string;
}

/** The rules of a federator's files and the faults of those files; tests of rules are none. */
export function userRules(
  { project }: Survey,
  cell: FederatorCell,
): { readonly rules: readonly UserRule[]; readonly faults: readonly Diagnostic[] } {
  const rules: UserRule[] = [];
  const faults: Diagnostic[] = [];
  for (const file of cell.rule_files.filter((path) => /\.ya?ml$/.test(path) && !path.includes('/tests/'))) {
    const read = readYaml(file, textOf(project, file) ?? '');
    if (!read.ok) {
      faults.push(...read.faults);
      continue;
    }
    const document = read.value;
    const groups = isMapping(document.value) ? document.value['groups'] : [];
    for (const [index, group] of (Array.isArray(groups) ? groups : []).entries()) {
      const entries = isMapping(group) && Array.isArray(group['rules']) ? group['rules'] : [];
      for (const [place, rule] of entries.entries()) {
        if (!isMapping(rule) || rule['expr'] === undefined) continue;
        const path = ['groups', index, 'rules', place];
        rules.push({
          name: String(rule['alert'] ?? rule['record'] ?? ''),
          expression: String(rule['expr']),
          expressionAt: document.at([...path, 'expr']),
          ...(rule['for'] !== undefined && { wait: String(rule['for']) }),
          waitAt: document.at([...path, 'for']),
          interval: String(group.interval ?? cell.evaluation_interval),
        });
      }
    }
  }
  return { rules, faults };
}
