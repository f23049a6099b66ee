import { basename, dirname, join } from 'node:path/posix';
import { didYouMean, nearest } from '../diagnostics/suggest.ts';
import type { AnyKind } from '../resources/kind.ts';
import { validate } from '../schema/validate.ts';
import { foreignKeys, foreignKinds, shortName } from './ansible-words.ts';
import { withContents } from './content.ts';
import { holeReader, withHoles } from './holes.ts';
import { blockSchema, handlerSchema, importTasksSchema, type PartSchema, taskSchema } from './language.ts';
import type { Block, Condition, HandlerTask, Item, Loop, RoleUse, Search, Task } from './playbook.ts';
import { badContent } from './read-content.ts';
import { readVars } from './read-vars.ts';
import { inspect, openList, type Reading, report, reportForeign } from './reading.ts';
import { scanExpression, scanTemplates } from './scan-templates.ts';
import { isMap, isTemplate, itemsOf, part, type Written } from './written.ts';

/** What items have from what is around them. */
export interface Around {
  readonly tags: readonly string[];
  readonly notify: readonly Written[];
  readonly become: boolean | undefined;
  readonly runOnce: boolean;
  readonly noLog: boolean;
  readonly role?: RoleUse;
  readonly search: Search;
  /** The files of tasks that are being read, outermost first. */
  readonly files: readonly string[];
}

/** The tasks and blocks of a list. */
export function readItems(reading: Reading, list: Written, around: Around): readonly Item[] {
  if (!Array.isArray(list.value)) return [];
  return list.value.flatMap((_, index) => readItem(reading, part(list, index), around) ?? []);
}

function readItem(reading: Reading, entry: Written, around: Around): Item | undefined {
  if (isMap(entry.value) && Object.hasOwn(entry.value, 'block')) return readBlock(reading, entry, around);
  if (isMap(entry.value) && Object.hasOwn(entry.value, 'import_tasks')) return readImport(reading, entry, around);
  return readTask(reading, entry, around, taskSchema, 'task');
}

function readBlock(reading: Reading, entry: Written, around: Around): Block | undefined {
  if (!inspect(reading, entry, blockSchema, labelOf('block', entry))) return undefined;
  return {
    is: 'block',
    vars: readVars(reading, has(entry, 'vars'), 'task vars'),
    when: readWhen(reading, entry),
    items: readItems(reading, part(entry, 'block'), inner(reading, entry, around)),
  };
}

function readImport(reading: Reading, entry: Written, around: Around): Block | undefined {
  if (!inspect(reading, entry, importTasksSchema, labelOf('import', entry))) return undefined;
  const at = part(entry, 'import_tasks');
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
  const below = { ...inner(reading, entry, around), files: [...around.files, file] };
  return {
    is: 'block',
    vars: readVars(reading, has(entry, 'vars'), 'task vars'),
    when: readWhen(reading, entry),
    items: readItems(reading, list, below),
  };
}

/** The words for a file that is not in the project, with the nearest name in its folder. */
export function missingFile(
  reading: Pick<Reading, 'project'>,
  file: string,
): { code: string; what: string; mend: string } {
  const folder = dirname(file);
  const names = [...reading.project.files.keys()]
    .filter((path) => dirname(path) === folder)
    .map((path) => basename(path));
  const near = nearest(basename(file), names);
  return {
    code: 'missing-file',
    what: `There is no file ${file}.`,
    mend: near === undefined ? 'Make the file, or correct the path.' : `Did you mean "${near}"?`,
  };
}

/** A handler: a task that waits. */
export function readHandler(reading: Reading, entry: Written, around: Around): HandlerTask | undefined {
  const task = readTask(reading, entry, around, handlerSchema, 'handler');
  if (!task?.name) return undefined;
  return { ...task, name: task.name, listen: itemsOf(entry, 'listen').map((one) => String(one.value)) };
}

function readTask(
  reading: Reading,
  entry: Written,
  around: Around,
  schema: PartSchema,
  as: 'task' | 'handler',
): Task | undefined {
  const label = labelOf(as, entry);
  const own = isMap(entry.value)
    ? Object.keys(entry.value).filter((key) => !Object.hasOwn(schema.properties, key))
    : [];
  const fine = inspect(reading, entry, schema, label, own);
  const kind = isMap(entry.value) ? readKind(reading, entry, own, schema, label) : undefined;
  if (!kind) return undefined;
  const args = part(entry, kind.name);
  const valid = validateArgs(reading, kind, args, label);
  if (!fine || !valid) return undefined;
  const below = inner(reading, entry, around);
  const loop = readLoop(reading, entry);
  scanTemplates(reading, args);
  const name = has(entry, 'name');
  if (name) scanTemplates(reading, name);
  return {
    is: 'task',
    name,
    label,
    handler: as === 'handler',
    at: entry.at([...(name ? ['name'] : [kind.name])], name ? 'value' : 'key')!,
    kind,
    args,
    vars: readVars(reading, has(entry, 'vars'), 'task vars'),
    when: readWhen(reading, entry),
    tags: below.tags,
    notify: below.notify,
    become: below.become,
    runOnce: below.runOnce,
    noLog: below.noLog,
    search: below.search,
    ...(loop && { loop }),
    ...(below.role && { role: below.role }),
  };
}

function readKind(
  reading: Reading,
  entry: Written,
  own: readonly string[],
  schema: PartSchema,
  label: string,
): AnyKind | undefined {
  const kinds = own.filter((key) => reading.kinds.has(key));
  let explained = false;
  for (const key of own) {
    if (reading.kinds.has(key)) continue;
    explained = true;
    const short = shortName(key);
    const foreign = foreignKeys[key] ?? foreignKinds[short];
    if (foreign) reportForeign(reading, entry, key, label, foreign);
    else if (short !== key && reading.kinds.has(short)) reportForeign(reading, entry, key, label, sameName(short));
    else reportUnknown(reading, entry, key, schema, label, kinds.length > 0);
  }
  if (kinds.length > 1) {
    report(
      reading,
      { at: part(entry, kinds[1]!), key: true },
      {
        code: 'two-kinds',
        what: `${label} has two kinds: ${kinds.map((kind) => `"${kind}"`).join(' and ')}.`,
        why: 'A task is about one thing on a host.',
        mend: 'Make it a task for each.',
      },
    );
    return undefined;
  }
  if (kinds.length === 0 && !explained) {
    const known = [...reading.kinds.keys()].sort().join(', ');
    report(reading, entry, {
      code: 'no-kind',
      what: `${label} does not say what it is about.`,
      why: `A task has exactly one kind: ${known}.`,
      mend: 'Add the kind as a key, with what it needs below it.',
    });
  }
  return kinds.length === 1 ? reading.kinds.get(kinds[0]!) : undefined;
}

function sameName(short: string): { readonly why: string; readonly mend: string } {
  return {
    why: 'Kinds have one short name, and keys of their own.',
    mend: `Write \`${short}:\` (see \`hadeploy explain ${short}\`).`,
  };
}

function reportUnknown(
  reading: Reading,
  entry: Written,
  key: string,
  schema: PartSchema,
  label: string,
  hasKind: boolean,
): void {
  const kinds = hasKind ? [] : [...reading.kinds.keys()];
  const known = [...Object.keys(schema.properties), ...kinds];
  report(
    reading,
    { at: part(entry, key), key: true },
    hasKind || nearest(key, Object.keys(schema.properties)) !== undefined
      ? { code: 'unknown-key', what: `${label} has no key "${key}".`, mend: didYouMean(key, known) }
      : {
          code: 'unknown-kind',
          what: `${label} has the kind "${key}", which does not exist.`,
          mend: didYouMean(key, kinds),
        },
  );
}

/** What can be said of the arguments before anything is filled in: templates count as fitting. */
function validateArgs(reading: Reading, kind: AnyKind, args: Written, label: string): boolean {
  const before = reading.faults.length;
  const reader = holeReader((keys, path) => report(reading, part(args, ...path), badContent(keys, path)));
  const value = withHoles(withContents(kind.schema, args.value, reader));
  if (reading.faults.length > before) return false;
  const outcome = validate(kind.schema, value, (path, what) => args.at(path, what)!, {
    what: `The ${kind.name} of ${lowerFirst(label)}`,
  });
  reading.faults.push(...(outcome.ok ? outcome.warnings : outcome.faults));
  return outcome.ok;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function readLoop(reading: Reading, entry: Written): Loop | undefined {
  const over = has(entry, 'loop');
  const control = has(entry, 'loop_control');
  if (!over) {
    if (control) {
      report(
        reading,
        { at: control, key: true },
        {
          code: 'loop-control-alone',
          what: '`loop_control` stands without a `loop`.',
          mend: 'Add `loop:`, or take it out.',
        },
      );
    }
    return undefined;
  }
  scanTemplates(reading, over);
  const names = (control?.value ?? {}) as {
    readonly loop_var?: string;
    readonly index_var?: string;
    readonly label?: string;
  };
  const label = control && names.label !== undefined ? part(control, 'label') : undefined;
  if (label) scanTemplates(reading, label);
  return {
    over,
    variable: names.loop_var ?? 'item',
    ...(names.index_var !== undefined && { index: names.index_var }),
    ...(label && { label }),
  };
}

/** The conditions of `when`; braces around an expression are refused, since they would be filled in twice. */
export function readWhen(reading: Reading, entry: Written): readonly Condition[] {
  const conditions = itemsOf(entry, 'when') as readonly Condition[];
  for (const one of conditions) {
    if (typeof one.value !== 'string') continue;
    if (isTemplate(one.value)) {
      report(reading, one, {
        code: 'template-in-when',
        what: '`when` takes an expression, not a template.',
        why: 'What stands in `when` is an expression already.',
        mend: `Write it without braces: when: ${one.value.replaceAll(/\{\{\s*|\s*\}\}/g, '')}`,
      });
    } else scanExpression(reading, one);
  }
  return conditions.filter((one) => typeof one.value === 'boolean' || !isTemplate(one.value));
}

function inner(reading: Reading, entry: Written, around: Around): Around {
  const value = entry.value as Readonly<Record<string, unknown>>;
  const notify = itemsOf(entry, 'notify');
  for (const one of notify) scanTemplates(reading, one);
  return {
    ...around,
    tags: [...new Set([...around.tags, ...tagsOf(entry)])],
    notify: [...around.notify, ...notify],
    become: (value['become'] as boolean | undefined) ?? around.become,
    runOnce: (value['run_once'] as boolean | undefined) ?? around.runOnce,
    noLog: (value['no_log'] as boolean | undefined) ?? around.noLog,
  };
}

/** The tags of an entry; one text may hold several, separated by commas. */
export function tagsOf(entry: Written): readonly string[] {
  return itemsOf(entry, 'tags').flatMap((one) =>
    String(one.value)
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  );
}

function has(entry: Written, key: string): Written | undefined {
  return isMap(entry.value) && entry.value[key] !== undefined ? part(entry, key) : undefined;
}

/** How an entry is called in a sentence. */
export function labelOf(what: string, entry: Written): string {
  const name = isMap(entry.value) ? entry.value['name'] : undefined;
  return typeof name === 'string' && name !== '' ? `The ${what} "${name}"` : `The ${what} without a name`;
}
