import type { Around } from './around.ts';
import { tasksOf } from './check-notifications.ts';
import { drainSchema } from './language.ts';
import type { Roll, Task } from './playbook.ts';
import { readItems } from './read-items.ts';
import { readTask } from './read-task.ts';
import { type Reading, report } from './reading.ts';
import { scanTemplates } from './scan-templates.ts';
import { itemsOf, part, under, type Written } from './written.ts';

/** The roll of a play, if it has one. */
export function readRoll(reading: Reading, entry: Written, around: Around): Roll | undefined {
  const roll = under(entry, 'roll');
  if (!roll) return undefined;
  const members = part(roll, 'members');
  const rank = under(roll, 'rank');
  scanTemplates(reading, members);
  const firstRank = under(roll, 'first_rank');
  for (const one of [rank, firstRank]) if (one) scanTemplates(reading, one);
  return {
    at: entry.at(['roll'], 'key')!,
    members,
    variable: String(under(roll, 'member_var')?.value ?? 'member'),
    rank,
    firstRank,
    drain: itemsOf(roll, 'drain').flatMap((one) => readTask(reading, one, around, drainSchema, 'handler') ?? []),
    proof: gates(reading, under(roll, 'proof'), around),
    together: gates(reading, under(roll, 'together'), around),
    coverage: gates(reading, under(roll, 'coverage'), around),
  };
}

/** Tasks that only wait: whatever else they did would be done to members that are not to change. */
function gates(reading: Reading, list: Written | undefined, around: Around): readonly Task[] {
  const tasks = tasksOf(readItems(reading, list, around));
  for (const task of tasks.filter(({ kind }) => !kind.gate)) {
    report(
      reading,
      { at: task.args, key: true },
      {
        code: 'no-gate',
        what: `${task.label} is no gate: ${task.kind.name} may change the host.`,
        why: 'A proof is asked of members that are not to change.',
        mend: 'Use http, or make it a task of the play.',
      },
    );
  }
  return tasks;
}
