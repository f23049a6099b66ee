import { dirname, join } from 'node:path/posix';
import { type Around, inner } from './around.ts';
import { labelOf } from './labels.ts';
import { blockSchema, importTasksSchema, taskSchema } from './language.ts';
import { missingFile } from './missing-file.ts';
import type { Block, Item } from './playbook.ts';
import { readTask } from './read-task.ts';
import { readVars } from './read-vars.ts';
import { readWhen } from './read-when.ts';
import { inspect, openList, type Reading, report } from './reading.ts';
import { isMap, isTemplate, part, under, type Written } from './written.ts';

/** The tasks and blocks of a list. */
export function readItems(reading: Reading, list: Written | undefined, around: Around): readonly Item[] {
  if (!list || !Array.isArray(list.value)) return [];
  return list.value.flatMap((_, index) => readItem(reading, part(list, index), around) ?? []);
}

function readItem(reading: Reading, entry: Written, around: Around): Item | undefined {
  if (isMap(entry.value) && Object.hasOwn(entry.value, 'block')) return readBlock(reading, entry, around);
  if (isMap(entry.value) && Object.hasOwn(entry.value, 'import_tasks')) return readImport(reading, entry, around);
  return readTask(reading, entry, around, taskSchema, 'task');
}

function readBlock(reading: Reading, entry: Written, around: Around): Block | undefined {
  const kept = inspect(reading, entry, blockSchema, labelOf('block', entry));
  if (!kept) return undefined;
  return {
    is: 'block',
    vars: readVars(reading, under(kept, 'vars'), 'task vars'),
    when: readWhen(reading, kept),
    items: readItems(reading, part(kept, 'block'), inner(reading, kept, around)),
  };
}

function readImport(reading: Reading, entry: Written, around: Around): Block | undefined {
  const kept = inspect(reading, entry, importTasksSchema, labelOf('import', entry));
  if (!kept) return undefined;
  const at = part(kept, 'import_tasks');
  const named = at.value as string;
  const file = join(dirname(around.files.at(-1)!), named);
  if (isTemplate(named)) {
    report(reading, at, {
      code: 'import-not-static',
      what: 'The path of `import_tasks` cannot hold a template.',
      why: 'Every task is known before any variable of a host is.',
      mend: 'Import each file with a `when:` of its own.',
    });
    return undefined;
  }
  if (around.files.includes(file)) {
    const chain = [...around.files.slice(around.files.indexOf(file)), file].join(' → ');
    report(reading, at, {
      code: 'import-loop',
      what: 'These files import one another.',
      why: chain,
      mend: 'Break the circle.',
    });
    return undefined;
  }
  if (!reading.project.files.has(file)) {
    report(reading, at, missingFile(reading, file));
    return undefined;
  }
  const list = openList(reading, file, 'A file of tasks');
  if (!list) return undefined;
  const below = { ...inner(reading, kept, around), files: [...around.files, file] };
  return {
    is: 'block',
    vars: readVars(reading, under(kept, 'vars'), 'task vars'),
    when: readWhen(reading, kept),
    items: readItems(reading, list, below),
  };
}
