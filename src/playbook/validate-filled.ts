import type { Diagnostic, Place, Result } from '../diagnostics/diagnostic.ts';
import { validate } from '../schema/validate.ts';
import type { Path } from '../yaml/locate.ts';
import { argsLabel, within } from './labels.ts';
import type { Task } from './playbook.ts';
import { type Scope, sourceOf } from './scope.ts';

/** Judges the arguments of a task once they are filled in; where a variable gave a wrong value, the fault says which. */
export function validateFilled(task: Task, scope: Scope, filled: unknown): Result<unknown> {
  let paths: Map<Place | undefined, Path> | undefined;
  const at = (path: Path, what?: 'key' | 'value'): Place => {
    const place = task.args.at(path, what)!;
    paths ??= new Map();
    paths.set(place, path);
    return place;
  };
  const valid = validate<unknown>(task.kind.schema, filled, at, { what: () => argsLabel(task) });
  if (valid.ok) return valid;
  return { ok: false, faults: valid.faults.map((fault) => told(task, scope, fault, paths?.get(fault.at))) };
}

/** A fault of hidden arguments, without what it says of their values. */
export function hiddenFault({ code, severity, at }: Diagnostic, args: string): Diagnostic {
  return { code, severity, what: `A value in ${within(args)} does not fit; no_log hides it.`, ...(at && { at }) };
}

function told(task: Task, scope: Scope, fault: Diagnostic, path: Path | undefined): Diagnostic {
  if (task.noLog) return hiddenFault(fault, argsLabel(task));
  const variable = /^\{\{\s*([A-Za-z_]\w*)\s*\}\}$/.exec(String(writtenAt(task.args.value, path ?? [])))?.[1];
  const from = variable === undefined ? undefined : sourceOf(scope, variable)?.at();
  if (!from) return fault;
  const origin = `The value is that of ${variable}, set at ${from.file}:${from.line}.`;
  return { ...fault, why: [fault.why, origin].filter(Boolean).join(' ') };
}

function writtenAt(value: unknown, path: Path): unknown {
  let node = value;
  for (const step of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Readonly<Record<string | number, unknown>>)[step];
  }
  return node;
}
