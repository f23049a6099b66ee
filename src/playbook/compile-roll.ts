import { UNKNOWN } from '../jinja/jinja.ts';
import type { Moving, Proved } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import { compileHandlers, type Handler } from './compile-handlers.ts';
import { type CompiledTask, compileItems, compileRepeated } from './compile-items.ts';
import { varNames } from './host-names.ts';
import { attempt, filledIn, type OnHost } from './on-host.ts';
import type { Roll, Task } from './playbook.ts';
import { type Candidate, schedule } from './schedule.ts';
import { innerScope } from './scope.ts';
import type { BatchSize } from './serial.ts';
import { isMap, type Written } from './written.ts';

/** A member with what is to be done to it; without `work` where its host is left out of the run. */
export interface RolledMember extends Candidate, Proved {
  /** Its rank where no member of its cell does anything. */
  readonly firstRank: number;
  readonly work?: {
    readonly tasks: readonly CompiledTask[];
    readonly handlers: readonly Handler[];
    readonly drain: readonly Resource[];
  };
}

/** The members of a roll on a host. */
export function rolledMembers(here: OnHost, roll: Roll, work: boolean): readonly RolledMember[] {
  return membersOf(here, roll).map((value) => {
    const scope = innerScope(here.scope, new Map([[roll.variable, { known: value }]]));
    const inner: OnHost = { ...here, scope };
    return {
      member: value.name,
      cell: value.cell,
      host: here.host,
      rank: rankOf(inner, roll.rank),
      firstRank: rankOf(inner, roll.firstRank ?? roll.rank),
      proof: gatesOf(inner, roll.proof),
      together: gatesOf(inner, roll.together),
      coverage: gatesOf(inner, roll.coverage),
      ...(work && {
        work: {
          tasks: compileItems(inner, here.play.items, scope, false),
          handlers: compileHandlers(inner),
          drain: roll.drain.flatMap((task) => resourcesOf(inner, task)),
        },
      }),
    };
  });
}

/** A step of a roll: members that change at the same time, each on a host of its own. */
export interface Step {
  readonly members: readonly RolledMember[];
  readonly moving: ReadonlyMap<string, Moving>;
}

/** The steps in which members change, in order; members without work are only asked. */
export function stepsOf(members: readonly RolledMember[], sizes: readonly BatchSize[]): readonly Step[] {
  const working = members.filter((one) => one.work !== undefined);
  return schedule(working, sizes).map((step) => ({
    members: step,
    moving: new Map(
      step.map((one) => {
        const others = members.filter(({ cell, member }) => cell === one.cell && member !== one.member);
        const atOnce = others.every(({ firstRank }) => firstRank === one.firstRank);
        return [one.host, { ...proved(one), others: others.map(proved), atOnce }];
      }),
    ),
  }));
}

function proved({ member, cell, host, proof, together, coverage }: RolledMember): Proved {
  return { member, cell, host, proof, together, coverage };
}

interface Member {
  readonly name: string;
  readonly cell: string;
}

function membersOf(here: OnHost, roll: Roll): readonly Member[] {
  const value = attempt(
    here,
    () => roll.members.at(),
    () => filledIn(here, roll.members, here.scope),
  );
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isMember)) return value;
  const at = roll.members.at();
  here.report({
    code: 'bad-members',
    severity: 'error',
    what:
      value === UNKNOWN
        ? 'The members of a roll depend on a fact.'
        : 'The members of a roll are a list of mappings that have a name and a cell.',
    ...(at && { at }),
    why: 'Who must be well before a member changes has to be known before any host is asked.',
    mend: 'Give a list such as [{name: web-a, cell: web}].',
  });
  return [];
}

function isMember(value: unknown): value is Member {
  return isMap(value) && typeof value['name'] === 'string' && typeof value['cell'] === 'string';
}

/** Facts nobody asked for yet leave the order open; it is settled before anything is planned. */
function rankOf(here: OnHost, rank: Written | undefined): number {
  if (!rank) return 0;
  const value = attempt(
    here,
    () => rank.at(),
    () => filledIn(here, rank, here.scope),
  );
  if (value === undefined || value === UNKNOWN) return 0;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  const at = rank.at();
  here.report({
    code: 'bad-rank',
    severity: 'error',
    what: 'The rank of a member is no number.',
    ...(at && { at }),
    mend: 'Write, for example: rank: "{{ 1 if member.main else 0 }}"',
  });
  return 0;
}

function gatesOf(here: OnHost, tasks: readonly Task[]): readonly Resource[] {
  return tasks.flatMap((task) => resourcesOf(here, task));
}

function resourcesOf(here: OnHost, task: Task): readonly Resource[] {
  const scope = innerScope(here.scope, varNames(here.estate, task.vars));
  return compileRepeated(here, task, scope, false).flatMap(({ resource }) => {
    if (resource) return [resource];
    here.report({
      code: 'needs-fact',
      severity: 'error',
      what: `${task.label} depends on a fact.`,
      at: task.at,
      why: 'Members of hosts that are not to change are asked too, and their facts are not gathered.',
      mend: 'Use variables of the inventory.',
    });
    return [];
  });
}
