import type { Place } from '../diagnostics/diagnostic.ts';
import type { Resource } from '../resources/resource.ts';
import { alike } from './alike.ts';
import { coerced } from './coerce.ts';
import { namesContent, takesContent, withContents } from './content.ts';
import { delegateOf } from './delegate.ts';
import { holdsUnknown } from './fill.ts';
import { attempt, filledIn, filledInWithFaults, type OnHost } from './on-host.ts';
import type { Task } from './playbook.ts';
import { contentReader, readContent } from './read-content.ts';
import type { Scope } from './scope.ts';
import { validateFilled } from './validate-filled.ts';
import { isMap } from './written.ts';

/** What a task came to in one round of its loop: what was filled in, and what that made. */
export interface Made {
  readonly given: unknown;
  readonly spec: unknown;
  readonly resource?: Resource;
}

/**
 * The resource of a task on a host; undefined when it depends on a fact nobody asked for yet. `open` tasks may not
 * apply at all, so only what is wrong with them in any case is a fault. `round` is that of its loop, from 0.
 */
export function compileTask(
  around: OnHost,
  task: Task,
  scope: Scope,
  open: boolean,
  label: string | undefined,
  round: number,
): Resource | undefined | 'faulty' {
  const here = task.noLog ? veiledOn(around) : around;
  const quiet: OnHost = open ? { ...here, report: () => {} } : here;
  const reported = here.reported();
  const earlier = madeBefore(here, task);
  const before = earlier[round];
  const made = specOf(here, quiet, task, scope, before);
  if (made === undefined || here.reported() > reported) return 'faulty';
  const { given, spec } = made;
  if (open || holdsUnknown(spec)) {
    earlier[round] = made;
    return undefined;
  }
  const notify = notified(quiet, task, scope);
  const delegate = task.delegate && delegateOf(quiet, task.delegate, scope);
  if (here.reported() > reported) return 'faulty';
  if (delegate === 'open') return undefined;
  const like = before?.resource;
  const id = like && spec === like.spec ? like.id : alike(like?.id, task.kind.id(spec));
  const takesS = task.kind.takes?.(spec);
  const name = nameOf(here, task, scope, label) ?? (task.noLog ? `a ${task.kind.name}` : id);
  const { at, tags, role } = task;
  const resource: Resource = {
    host: here.host,
    kind: task.kind.name,
    id,
    spec,
    task: like?.task.name === name ? like.task : { name, at, ...(role && { role: role.role.name }), tags },
    become: task.become ?? here.become,
    notify: alike(like?.notify, notify),
    noLog: task.noLog,
  };
  earlier[round] = { given, spec, resource };
  return delegate || takesS ? { ...resource, ...(delegate && { delegate }), ...(takesS && { takesS }) } : resource;
}

function madeBefore({ made }: OnHost, task: Task): Made[] {
  let earlier = made.get(task);
  if (earlier === undefined) {
    earlier = [];
    made.set(task, earlier);
  }
  return earlier;
}

/** The same with faults whose lines are not shown, also those of templates. */
function veiledOn(here: OnHost): OnHost {
  const report: OnHost['report'] = (fault) =>
    here.report(fault.at === undefined ? fault : { ...fault, at: { ...fault.at, secret: true } });
  return { ...here, report };
}

/**
 * The arguments filled in, judged and with the bytes of files; undefined when they are faulty. Where they come out as
 * `before`, and name no file, nothing has to be judged again.
 */
function specOf(here: OnHost, quiet: OnHost, task: Task, scope: Scope, before: Made | undefined): Made | undefined {
  const { kind, args } = task;
  const given = alike(before?.given, filledInWithFaults(quiet, args, scope));
  const isAll = !readsFiles(kind.schema, given);
  if (isAll && before && given === before.given) return before;
  const fitting = coerced(kind.schema, args.value, given);
  const filled = takesContent(kind.schema)
    ? withContents(kind.schema, fitting, contentReader(quiet, task, scope))
    : fitting;
  const valid = validateFilled(task, scope, filled);
  if (!valid.ok) {
    for (const fault of valid.faults) here.report(fault);
    return undefined;
  }
  const refused = holdsUnknown(valid.value) ? undefined : kind.refuse?.(valid.value, task.handler ? 'handler' : 'task');
  if (refused) {
    here.report({ code: 'refused', severity: 'error', at: args.at([], 'key')!, ...refused });
    return undefined;
  }
  if (isAll) return { given, spec: valid.value };
  const spec = namesContent(kind.schema) ? withBytes(quiet, task, scope, valid.value) : valid.value;
  return { given, spec: alike(before?.spec, spec) };
}

/** Whether what is given may not be all that a spec is made of. */
function readsFiles(schema: Task['kind']['schema'], given: unknown): boolean {
  if (takesContent(schema)) return true;
  return namesContent(schema) && isMap(given) && (given['template'] ?? given['source']) !== undefined;
}

function withBytes(here: OnHost, task: Task, scope: Scope, spec: unknown): unknown {
  if (!isMap(spec)) return spec;
  const from = (['template', 'source'] as const).find((key) => spec[key] !== undefined);
  if (!from) return spec;
  const { template: _, source: __, ...rest } = spec;
  return { ...rest, content: readContent(here, task, scope, { from, value: spec[from] }, [from]) };
}

function notified(here: OnHost, task: Task, scope: Scope): readonly string[] {
  if (task.notify.length === 0) return nobody;
  const names = task.notify.flatMap((one) => {
    const value = attempt(
      here,
      () => one.at(),
      () => filledIn(here, one, scope),
    );
    if (value === undefined) return [];
    return here.handlers.keysFor(String(value), task.role) ?? unknownHandler(here, task, String(value), one.at());
  });
  return [...new Set(names)];
}

const nobody: readonly string[] = [];

function unknownHandler(here: OnHost, task: Task, name: string, at: Place | undefined): readonly string[] {
  here.report(here.handlers.unknown(name, task.label, at));
  return [];
}

function nameOf(here: OnHost, task: Task, scope: Scope, label: string | undefined): string | undefined {
  if (!task.name) return undefined;
  const silent: OnHost = { ...here, report: () => {} };
  const value = attempt(
    silent,
    () => task.at,
    () => filledIn(here, task.name!, scope),
  );
  const name = typeof value === 'string' || typeof value === 'number' ? String(value) : String(task.name.value);
  return label === undefined || name !== task.name.value ? name : `${name} (${label})`;
}
