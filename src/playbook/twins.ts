import type { CompiledTask } from './compile-items.ts';
import type { OnHost } from './on-host.ts';

/**
 * The tasks of a play with those joined that want the very same of one thing: the first stays and notifies for both.
 * Tasks that want different things of it are a fault. Gates and commands may be repeated: where they stand matters.
 * `seen` holds what earlier plays want on the host, by id.
 */
export function joinTwins(
  here: OnHost,
  tasks: readonly CompiledTask[],
  seen: Map<string, CompiledTask>,
): readonly CompiledTask[] {
  const kept: CompiledTask[] = [];
  for (const task of tasks) {
    const { resource } = task;
    const before = resource && seen.get(resource.id);
    if (!resource || !before?.resource) {
      if (resource) seen.set(resource.id, task);
      kept.push(task);
      continue;
    }
    const position = kept.findIndex((one) => one.resource?.id === resource.id);
    if (!sameSpec(before.resource.spec, resource.spec)) reportTwice(here, before, task);
    else if (position < 0 || !task.task.kind.absent) kept.push(task);
    else {
      const first = kept[position]!;
      const notify = [...new Set([...first.resource!.notify, ...resource.notify])];
      const tags = [...new Set([...first.resource!.task.tags, ...resource.task.tags])];
      const merged = { ...first.resource!, notify, task: { ...first.resource!.task, tags } };
      kept[position] = { ...first, resource: merged };
    }
  }
  return kept;
}

function reportTwice(here: OnHost, before: CompiledTask, task: CompiledTask): void {
  const { file, line } = before.task.at;
  const id = task.resource!.id;
  here.report({
    code: 'declared-twice',
    severity: 'error',
    what: `Two tasks want different things of ${id.replace(':', ' ')}.`,
    at: task.task.at,
    why: `"${before.resource!.task.name}" (${file}:${line}) declares it already, in another way.`,
    mend: 'Keep one of them, or make them say the same.',
  });
}

/** Whether two specs are the same through and through. */
export function sameSpec(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameSpec(partOf(a, key), partOf(b, key)));
}

function partOf(value: object, key: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[key];
}
