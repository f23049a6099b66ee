import { handlerTable } from './handler-table.ts';
import { within } from './labels.ts';
import type { HandlerTask, Item, Task } from './playbook.ts';
import { type Reading, report } from './reading.ts';
import { isTemplate } from './written.ts';

/** The tasks of items, in order. */
export function tasksOf(items: readonly Item[]): readonly Task[] {
  return items.flatMap((item) => (item.is === 'task' ? [item] : tasksOf(item.items)));
}

/** Reports names that no handler has, and handlers that no task notifies. */
export function checkNotifications(reading: Reading, items: readonly Item[], handlers: readonly HandlerTask[]): void {
  const table = handlerTable(handlers);
  const wanted = new Set<string>();
  let sure = true;
  for (const task of [...tasksOf(items), ...handlers]) {
    for (const one of task.notify) {
      const name = String(one.value);
      if (isTemplate(name)) sure = false;
      else {
        const keys = table.keysFor(name, task.role);
        if (!keys) {
          sure = false;
          reading.faults.push(table.unknown(name, task.label, one.at()));
        }
        for (const key of keys ?? []) wanted.add(key);
      }
    }
  }
  for (const handler of sure ? handlers : []) {
    if (wanted.has(table.keyOf(handler))) continue;
    report(
      reading,
      handler.name,
      {
        code: 'unused-handler',
        what: `No task of the play notifies ${within(handler.label)}.`,
        mend: 'Notify it, or take it out.',
      },
      'warning',
    );
  }
}
