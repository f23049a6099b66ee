import { UNKNOWN } from '../jinja/jinja.ts';
import type { Resource } from '../resources/resource.ts';
import { alike } from './alike.ts';
import { checkRoleVars } from './check-role-vars.ts';
import { compileTask } from './compile-task.ts';
import { judge } from './condition.ts';
import { roleNames, varNames } from './host-names.ts';
import { within } from './labels.ts';
import { attempt, filledIn, type OnHost } from './on-host.ts';
import type { Item, Task } from './playbook.ts';
import { type Binding, innerScope, type Scope } from './scope.ts';
import { isMap } from './written.ts';

/** What became of a task on a host: a resource, or one that cannot be told before the host was asked. */
export interface CompiledTask {
  readonly task: Task;
  readonly resource: Resource | undefined;
}

/** The resources of items on a host, in order; tasks that do not apply give none. */
export function compileItems(
  here: OnHost,
  items: readonly Item[],
  scope: Scope,
  maybe: boolean,
): readonly CompiledTask[] {
  return items.flatMap((item) => {
    if (item.is === 'task')
      return compileRepeated(here, item, innerScope(scope, varNames(here.estate, item.vars)), maybe);
    const within = item.role ? innerScope(scope, roleNames(here.estate, scope, item.role)) : scope;
    const inner = innerScope(within, varNames(here.estate, item.vars));
    const verdict = attempt(
      here,
      () => item.when[0]?.at(),
      () => judge(here, item.when, inner),
    );
    if (verdict === undefined || verdict === 'no') return [];
    if (item.role && verdict === 'yes') checkRoleVars(here, item.role, inner);
    return compileItems(here, item.items, inner, maybe || verdict === 'maybe');
  });
}

/** A task on a host, once for each round of its loop. */
export function compileRepeated(here: OnHost, task: Task, scope: Scope, maybe: boolean): readonly CompiledTask[] {
  if (task.runOnce && here.host !== here.play.hosts[0]) return [];
  if (!task.loop) return compileOne(here, task, scope, maybe, undefined, 0);
  const { loop } = task;
  const rounds = attempt(
    here,
    () => loop.over.at(),
    () => roundsOf(here, task, scope),
  );
  if (rounds === undefined || rounds === 'no') return [];
  if (rounds === 'maybe') return [{ task, resource: undefined }];
  return bindingsOf(here, task, rounds).flatMap(({ names, value }, index) => {
    const inner = innerScope(scope, names);
    const label = loop.label
      ? attempt(
          here,
          () => loop.label?.at(),
          () => filledIn(here, loop.label!, inner),
        )
      : task.noLog
        ? undefined
        : value;
    return compileOne(here, task, inner, maybe, shown(label, index), index);
  });
}

/** The rounds of a loop over these values. */
export interface Rounds {
  readonly values: readonly unknown[];
  readonly rounds: readonly Round[];
}

interface Round {
  readonly value: unknown;
  readonly names: ReadonlyMap<string, Binding>;
}

/** What each round of a loop goes by; those of the host before where they are the same. */
function bindingsOf(here: OnHost, { loop }: Task, values: readonly unknown[]): readonly Round[] {
  const before = here.rounds.get(loop!);
  if (before?.values === values) return before.rounds;
  const rounds = values.map((value, index): Round => {
    const known = before?.rounds[index];
    if (known && alike(known.value, value) === known.value) return known;
    const names = new Map<string, Binding>([[loop!.variable, { known: value }]]);
    if (loop!.index !== undefined) names.set(loop!.index, { known: index });
    return { value, names };
  });
  here.rounds.set(loop!, { values, rounds });
  return rounds;
}

/** The values of a loop. One that cannot be told is no fault where the task does not apply anyway. */
function roundsOf(here: OnHost, task: Task, scope: Scope): readonly unknown[] | 'no' | 'maybe' {
  const { over } = task.loop!;
  let value: unknown;
  try {
    value = filledIn(here, over, scope);
  } catch (error) {
    if (applies(here, task, scope) === 'no') return 'no';
    throw error;
  }
  if (value === UNKNOWN) return applies(here, task, scope) === 'no' ? 'no' : 'maybe';
  if (Array.isArray(value)) return value;
  const at = over.at();
  here.report({
    code: 'loop-not-a-list',
    severity: 'error',
    what: `The loop of ${within(task.label)} goes over ${isMap(value) ? 'a mapping' : 'something'} that is no list.`,
    ...(at && { at }),
    mend: isMap(value) ? 'Write: loop: "{{ … | dict2items }}", and use item.key and item.value.' : 'Give it a list.',
  });
  return 'no';
}

function applies(here: OnHost, task: Task, scope: Scope): 'no' | 'perhaps' {
  try {
    return judge(here, task.when, scope) === 'no' ? 'no' : 'perhaps';
  } catch {
    return 'perhaps';
  }
}

function compileOne(
  here: OnHost,
  task: Task,
  scope: Scope,
  maybe: boolean,
  label: string | undefined,
  round: number,
): readonly CompiledTask[] {
  const verdict =
    task.when.length === 0
      ? 'yes'
      : attempt(
          here,
          () => task.when[0]?.at(),
          () => judge(here, task.when, scope),
        );
  if (verdict === undefined || verdict === 'no') return [];
  const open = maybe || verdict === 'maybe';
  const resource = compileTask(here, task, scope, open, label, round);
  return resource === 'faulty' ? [] : [{ task, resource }];
}

function shown(value: unknown, index: number): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const name = isMap(value) ? value['name'] : undefined;
  return typeof name === 'string' ? name : String(index + 1);
}
