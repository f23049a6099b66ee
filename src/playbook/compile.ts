import { type Diagnostic, type Place, type Result, result } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { matchHosts } from '../inventory/match-hosts.ts';
import type { Moving, RollOf } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import { tasksOf } from './check-notifications.ts';
import { isChosen } from './choose-tags.ts';
import type { Handler } from './compile-handlers.ts';
import { type KnownWork, workOn } from './compile-host.ts';
import type { CompiledTask } from './compile-items.ts';
import { type RolledMember, stepsOf } from './compile-roll.ts';
import { makeEngine } from './engine.ts';
import { distinct, type HostFault, perHosts } from './faults.ts';
import type { Facts } from './host-names.ts';
import type { Play, Playbook, Task } from './playbook.ts';
import { reserved } from './read-vars.ts';
import { batchesOf } from './serial.ts';
import { joinTwins } from './twins.ts';

export interface CompileInput {
  readonly playbook: Playbook;
  readonly inventory: Inventory;
  readonly extraVars: ReadonlyMap<string, unknown>;
  /** Pattern of the hosts to compile for; it never changes what is rendered for them. */
  readonly limit?: string;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** What a host was found to be like; undefined before it was asked, and then what depends on it is left open. */
  readonly facts: (host: string) => Facts | undefined;
  /** What was found when the same was compiled with other facts: it is taken out, and what is found now is added. */
  readonly known?: KnownWork;
}

/** What a playbook wants of each host. */
export interface Compiled {
  /** Plays in order; a roll is one for each of its steps. */
  readonly plays: readonly CompiledPlay[];
  /** Ids of everything that is declared on a host, whatever `--tags` chooses. */
  readonly declared: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether every task was chosen: without `--tags` and `--skip-tags`. */
  readonly complete: boolean;
  /** Nothing in it depends on a fact: with facts it comes out the very same. */
  readonly settled: boolean;
}

export interface CompiledPlay {
  readonly name: string;
  readonly at: Place;
  /** In the order of the play. */
  readonly hosts: readonly string[];
  readonly batches: readonly (readonly string[])[];
  /** Per host, in order. */
  readonly resources: ReadonlyMap<string, readonly Resource[]>;
  readonly handlers: ReadonlyMap<string, readonly Handler[]>;
  /** Per host, what comes before its first change. */
  readonly drain: ReadonlyMap<string, readonly Resource[]>;
  /** Per host the member that changes, where the play is a step of a roll. */
  readonly moving?: ReadonlyMap<string, Moving>;
  readonly roll?: RollOf;
  /** Whether it may be done at once with what the next play makes at once. */
  readonly withNext: boolean;
  /** Tasks that depend on a fact nobody asked for yet, and the hosts for which they do. */
  readonly open: readonly OpenTask[];
}

export interface OpenTask {
  readonly name: string;
  readonly at: Place;
  readonly hosts: readonly string[];
}

/** Fills in a playbook for its hosts: all resources in order, or all faults of all hosts and plays. */
export function compile(input: CompileInput): Result<Compiled> {
  const { playbook, inventory } = input;
  const chosen = input.limit === undefined ? undefined : matchHosts(inventory, 'all', input.limit);
  if (chosen && !chosen.ok) return chosen;
  const limited = chosen && new Set(chosen.value);
  const engine = makeEngine(playbook, inventory, input.extraVars);
  const known = input.known ?? new Map();
  const faults: Diagnostic[] = [...reservedNames(input)];
  const declared = new Map<string, Set<string>>();
  const seen = new Map<string, Map<string, CompiledTask>>();
  const declare = (host: string, tasks: readonly CompiledTask[]) => {
    const ids = declared.get(host) ?? new Set<string>();
    declared.set(host, ids);
    for (const { resource, task } of tasks) {
      if (resource === undefined) continue;
      ids.add(resource.id);
      const part = task.kind.part?.(resource.spec);
      if (part) ids.add(part.of);
    }
  };
  let settled = true;
  let latest: Set<string> | undefined;
  const plays = playbook.plays.flatMap((play, place): readonly CompiledPlay[] => {
    const hosts = play.hosts.filter((host) => !limited || limited.has(host));
    const found: HostFault[] = [];
    const tasks = new Map<string, readonly CompiledTask[]>();
    const handlers = new Map<string, readonly Handler[]>();
    const members: RolledMember[] = [];
    const working = new Set(hosts);
    for (const here of engine.onHosts(play, play.roll ? play.hosts : hosts, input.facts, found)) {
      const { host } = here;
      const before = seen.get(host) ?? new Map<string, CompiledTask>();
      seen.set(host, before);
      const join = (some: readonly CompiledTask[]) => {
        const kept = joinTwins(here, some, before);
        declare(host, kept);
        return kept;
      };
      const work = workOn(here, working.has(host), known);
      if (here.readsFacts()) settled = false;
      found.push(...work.faults);
      for (const member of work.members) {
        members.push(member.work ? { ...member, work: { ...member.work, tasks: join(member.work.tasks) } } : member);
      }
      if (!play.roll) {
        tasks.set(host, join(work.tasks));
        handlers.set(host, work.handlers);
      }
      if (place === playbook.plays.length - 1) {
        seen.delete(host);
        latest = sameIds(latest, declared.get(host));
        if (latest) declared.set(host, latest);
      }
    }
    faults.push(...perHosts(found, hosts.length), ...elsewhere(play, hosts));
    if (!play.roll) return [compiledPlay(play, hosts, tasks, handlers, input)];
    const roll: RollOf = { name: play.name, place };
    return stepsOf(members, play.sizes).map((step) => ({
      ...stepPlay(play, step.members, step.moving, input),
      roll,
    }));
  });
  const complete = input.tags.length === 0 && input.skipTags.length === 0;
  return result(() => ({ plays, declared, complete, settled }), distinct(faults));
}

/** Those of the host before where they are the same, so that they are there once. */
function sameIds(before: Set<string> | undefined, ids: Set<string> | undefined): Set<string> | undefined {
  if (before === undefined || ids === undefined || ids.size !== before.size) return ids;
  for (const id of ids) if (!before.has(id)) return ids;
  return before;
}

/** Everything that is looked at on a host for a plan. */
export function resourcesOn({ plays }: Compiled, host: string): readonly Resource[] {
  return plays.flatMap((play) => [
    ...(play.drain.get(host) ?? []),
    ...(play.resources.get(host) ?? []),
    ...(play.handlers.get(host) ?? []).map((handler) => handler.resource),
  ]);
}

/** Variables that have no effect, because hadeploy gives their names a value. */
function reservedNames({ inventory, extraVars }: CompileInput): readonly Diagnostic[] {
  const fault = (name: string, at: Place | undefined): Diagnostic => ({
    code: 'reserved-name',
    severity: 'warning',
    what: `The variable "${name}" has no effect: hadeploy gives that name its value.`,
    ...(at && { at }),
    mend: 'Choose another name, or take it out.',
  });
  const settings = [...inventory.hosts.values()].flatMap((host) => [...host.vars]);
  return [
    ...settings.filter(([name]) => reserved.has(name)).map(([name, { at }]) => fault(name, at)),
    ...[...extraVars.keys()].filter((name) => reserved.has(name)).map((name) => fault(name, undefined)),
  ];
}

/** One step of a roll as a play of its own. */
function stepPlay(
  play: Play,
  members: readonly RolledMember[],
  moving: ReadonlyMap<string, Moving>,
  input: CompileInput,
): CompiledPlay {
  const hosts = members.map(({ host }) => host);
  const of = <T>(get: (work: RolledMember['work'] & {}) => T) =>
    new Map(members.map(({ host, work }) => [host, get(work!)]));
  const whole = compiledPlay(
    play,
    hosts,
    of((work) => work.tasks),
    of((work) => work.handlers),
    input,
  );
  const name = `${play.name}: ${members.map(({ member }) => member).join(', ')}`;
  return { ...whole, name, batches: [hosts], drain: of((work) => work.drain), moving };
}

function compiledPlay(
  play: Play,
  hosts: readonly string[],
  tasks: ReadonlyMap<string, readonly CompiledTask[]>,
  handlers: ReadonlyMap<string, readonly Handler[]>,
  { tags, skipTags }: CompileInput,
): CompiledPlay {
  const open = new Map<Task, string[]>();
  const resources = new Map<string, readonly Resource[]>();
  for (const [host, compiled] of tasks) {
    const chosen: Resource[] = [];
    for (const { task, resource } of compiled) {
      if (resource && isChosen(resource.task.tags, tags, skipTags)) chosen.push(resource);
      if (!resource && open.get(task)?.at(-1) !== host) open.set(task, [...(open.get(task) ?? []), host]);
    }
    resources.set(host, chosen);
  }
  return {
    name: play.name,
    at: play.at,
    hosts,
    batches: batchesOf(hosts, play.sizes),
    withNext: play.withNext,
    resources,
    handlers,
    drain: new Map(),
    open: [...open].map(([task, on]) => ({ name: String(task.name?.value ?? task.kind.name), at: task.at, hosts: on })),
  };
}

/** Tasks for the first host only, when `--limit` leaves that host out. */
function elsewhere(play: Play, hosts: readonly string[]): readonly Diagnostic[] {
  const first = play.hosts[0];
  if (first === undefined || hosts.length === 0 || hosts.includes(first)) return [];
  return tasksOf(play.items)
    .filter((task) => task.runOnce)
    .map((task) => ({
      code: 'run-once-elsewhere',
      severity: 'warning',
      what: `${task.label} is for ${first} only, and that host is left out.`,
      at: task.at,
      why: '`run_once` means the first host of the play, whatever `--limit` chooses.',
    }));
}
