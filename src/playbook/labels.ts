import type { Task } from './playbook.ts';
import { isMap, type Written } from './written.ts';

/** How an entry is called at the start of a sentence: `The task "Docker runs"`. */
export function labelOf(what: string, entry: Written): string {
  const name = isMap(entry.value) ? entry.value['name'] : undefined;
  return typeof name === 'string' && name !== '' ? `The ${what} "${name}"` : `The ${what} without a name`;
}

/** The same within a sentence. */
export function within(label: string): string {
  return `the ${label.slice('The '.length)}`;
}

/** How the arguments of a task are called in a sentence. */
export function argsLabel({ kind, label }: Pick<Task, 'kind' | 'label'>): string {
  return `The ${kind.name} of ${within(label)}`;
}
