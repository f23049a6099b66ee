import { type Diagnostic, type Place, Refusal } from '../diagnostics/diagnostic.ts';
import type { Rounds } from './compile-items.ts';
import type { Made } from './compile-task.ts';
import { type Filling, fill } from './fill.ts';
import type { HandlerTable } from './handler-table.ts';
import type { Estate } from './host-names.ts';
import type { Play, Task } from './playbook.ts';
import { namesOf, type Resolver, type Scope } from './scope.ts';
import { explained } from './template-faults.ts';
import type { Written } from './written.ts';

/** What compiling the tasks of one play for one host goes by. */
export interface OnHost {
  readonly estate: Estate;
  readonly resolver: Resolver;
  readonly play: Play;
  readonly handlers: HandlerTable;
  readonly host: string;
  /** The names of the play on this host. */
  readonly scope: Scope;
  /** Whether tasks that do not say so run as root. */
  readonly become: boolean;
  /** What tasks came to on the host before, round by round. */
  readonly made: Map<Task, Made[]>;
  /** The rounds of loops on the host before. */
  readonly rounds: Map<NonNullable<Task['loop']>, Rounds>;
  readonly report: (fault: Diagnostic) => void;
  /** How many faults were reported so far. */
  readonly reported: () => number;
  /** Whether anything has asked for the facts of the host so far. */
  readonly readsFacts: () => boolean;
}

/** A value filled in, or the first fault in its way as a Refusal. */
export function filledIn(here: OnHost, source: Written, scope: Scope): unknown {
  return fill(source, fillingOf(here, scope));
}

/** A value filled in; what has a fault comes out as UNKNOWN, and the faults are reported. */
export function filledInWithFaults(here: OnHost, source: Written, scope: Scope): unknown {
  const onFault: Filling['onFault'] = (refusal, where) => {
    for (const fault of explained(refusal, where.at())) here.report(fault);
  };
  return fill(source, fillingOf(here, scope, onFault));
}

function fillingOf({ resolver, estate }: OnHost, scope: Scope, onFault?: Filling['onFault']): Filling {
  return {
    templates: estate.playbook.templates,
    lookup: (name) => resolver.resolve(scope, name),
    names: () => namesOf(scope),
    onFault,
  };
}

/** What `get` gives; a Refusal is reported as faults of what stands at `place`, and gives undefined. */
export function attempt<T>(here: OnHost, place: () => Place | undefined, get: () => T): T | undefined {
  return attemptIn(here.report, place, get);
}

/** The same, with faults reported elsewhere. */
export function attemptIn<T>(report: OnHost['report'], place: () => Place | undefined, get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const fault of explained(error, place())) report(fault);
    return undefined;
  }
}
