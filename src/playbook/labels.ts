import type { Task } from './playbook.ts';
import { isMap, type Written } from './written.ts';

/** How an entry is called at the start of a sentence: `The task "Docker runs"`, or `This task` where it has no name. */
export function labelOf(what: string, entry: Written): string {
  const name = isMap(entry.value) ? entry.value['name'] : undefined;
  return typeof name === 'string' && name !== '' ? `The ${what} "${name}"` : `This ${what}`;
}

/** The same within a sentence. */
export function within(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** How the arguments of a task are called in a sentence. */
export function argsLabel({ kind, label }: Pick<Task, 'kind' | 'label'>): string {
  return `The ${kind.name} of ${within(label)}`;
}
