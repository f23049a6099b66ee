import type { AnyKind } from '../resources/kind.ts';
import { validate } from '../schema/validate.ts';
import { type Around, inner } from './around.ts';
import { withContents } from './content.ts';
import { holeReader, withHoles } from './holes.ts';
import { argsLabel, labelOf } from './labels.ts';
import { handlerSchema, type PartSchema } from './language.ts';
import type { HandlerTask, Loop, Task } from './playbook.ts';
import { badContent } from './read-content.ts';
import { readKind } from './read-kind.ts';
import { readVars } from './read-vars.ts';
import { readWhen } from './read-when.ts';
import { inspect, type Reading, report } from './reading.ts';
import { scanTemplates } from './scan-templates.ts';
import { hiddenFault } from './validate-filled.ts';
import { isMap, itemsOf, part, under, veiled, type Written } from './written.ts';

/** The handlers of a list. */
export function readHandlers(reading: Reading, list: Written | undefined, around: Around): readonly HandlerTask[] {
  if (!list || !Array.isArray(list.value)) return [];
  return list.value.flatMap((_, index) => readHandler(reading, part(list, index), around) ?? []);
}

function readHandler(reading: Reading, entry: Written, around: Around): HandlerTask | undefined {
  const task = readTask(reading, entry, around, handlerSchema, 'handler');
  if (!task?.name) return undefined;
  const further = under(entry, 'notify');
  if (further) {
    report(
      reading,
      { at: further, key: true },
      {
        code: 'handler-notifies',
        what: `${task.label} cannot notify.`,
        why: 'Handlers run once, in their order, after all tasks of the play.',
        mend: 'Let the tasks notify both handlers.',
      },
    );
  }
  return { ...task, name: task.name, listen: itemsOf(entry, 'listen').map((one) => String(one.value)) };
}

/** A task, or what a handler has of one; undefined, with its faults reported, when it cannot be read. */
export function readTask(
  reading: Reading,
  shown: Written,
  around: Around,
  schema: PartSchema,
  as: 'task' | 'handler',
): Task | undefined {
  const isHidden = isMap(shown.value) ? (shown.value['no_log'] ?? around.noLog) === true : around.noLog;
  const entry = isHidden ? veiled(shown) : shown;
  const label = labelOf(as, entry);
  const own = isMap(entry.value)
    ? Object.keys(entry.value).filter((key) => !Object.hasOwn(schema.properties, key))
    : [];
  const kept = inspect(reading, entry, schema, label, own);
  const kind = isMap(entry.value) ? readKind(reading, entry, own, schema, label) : undefined;
  if (!kind) return undefined;
  const args = part(entry, kind.name);
  const valid = validateArgs(reading, kind, args, label, isHidden);
  return kept && valid ? taskOf(reading, kept, around, { kind, args, label, handler: as === 'handler' }) : undefined;
}

function taskOf(
  reading: Reading,
  entry: Written,
  around: Around,
  known: Pick<Task, 'kind' | 'args' | 'label' | 'handler'>,
): Task {
  const below = inner(reading, entry, around);
  const loop = readLoop(reading, entry);
  const delegate = readDelegate(reading, entry, known);
  scanTemplates(reading, known.args);
  const name = under(entry, 'name');
  if (name) scanTemplates(reading, name);
  return {
    is: 'task',
    ...known,
    name,
    at: (name ? name.at() : known.args.at([], 'key'))!,
    vars: readVars(reading, under(entry, 'vars'), 'task vars'),
    when: readWhen(reading, entry),
    tags: below.tags,
    notify: below.notify,
    become: below.become,
    runOnce: below.runOnce,
    noLog: below.noLog,
    search: below.search,
    ...(loop && { loop }),
    ...(delegate && { delegate }),
    ...(below.role && { role: below.role }),
  };
}

function readDelegate(
  reading: Reading,
  entry: Written,
  { kind, label }: Pick<Task, 'kind' | 'label'>,
): Task['delegate'] {
  const to = under(entry, 'delegate_to');
  const ignores = under(entry, 'ignore_errors');
  if (to) scanTemplates(reading, to);
  if (to && !kind.delegable) {
    const what = `${label} cannot be delegated: what ${kind.name} does is part of the host it is for.`;
    const mend = 'Write a play whose `hosts:` is that host.';
    report(reading, { at: to, key: true }, { code: 'not-delegable', what, mend });
  }
  if (ignores && !to) {
    const what = `${label} ignores errors without a \`delegate_to\`.`;
    const why = 'A run that goes on after a failure ends in a state no plan showed.';
    report(reading, { at: ignores, key: true }, { code: 'ignores-alone', what, why, mend: 'Take it out.' });
  }
  return to && { to, mayFail: ignores?.value === true };
}

/** What can be said of the arguments before anything is filled in: templates count as fitting. */
function validateArgs(reading: Reading, kind: AnyKind, args: Written, label: string, isHidden: boolean): boolean {
  const before = reading.faults.length;
  const reader = holeReader((keys, path) =>
    report(reading, part(args, ...path), badContent(keys, path, argsLabel({ kind, label }))),
  );
  const value = withHoles(withContents(kind.schema, args.value, reader));
  if (reading.faults.length > before) return false;
  const outcome = validate(kind.schema, value, (path, what) => args.at(path, what)!, {
    what: argsLabel({ kind, label }),
  });
  const found = outcome.ok ? outcome.warnings : outcome.faults;
  reading.faults.push(...(isHidden ? found.map((fault) => hiddenFault(fault, argsLabel({ kind, label }))) : found));
  return outcome.ok;
}

function readLoop(reading: Reading, entry: Written): Loop | undefined {
  const over = under(entry, 'loop');
  const control = under(entry, 'loop_control');
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
