import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { Generation } from '../plan/generation.ts';
import type { HostPlay, Plan } from '../plan/plan.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Moving, RollOf } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import type { FactProbe, Hello } from './hello.ts';
import type { RunNote } from './lock/notes.ts';
import type { Connection, Target } from './ports.ts';

/** A play as the runner needs it. */
export interface JobPlay {
  readonly name: string;
  readonly batches: readonly (readonly string[])[];
  readonly resources: ReadonlyMap<string, HostPlay['resources']>;
  readonly handlers: ReadonlyMap<string, HostPlay['handlers']>;
  readonly drain?: ReadonlyMap<string, readonly Resource[]>;
  readonly moving?: ReadonlyMap<string, Moving>;
  readonly roll?: RollOf;
  readonly withNext?: boolean;
}

/** Everything that is desired, per play and host. */
export interface CompiledJob {
  readonly plays: readonly JobPlay[];
  /** Ids of everything declared per host, whatever `--tags` selects. */
  readonly declared: ReadonlyMap<string, ReadonlySet<string>>;
  /** Hosts on which nothing is removed, declared or not: a part of what belongs there is left out of the run. */
  readonly spared?: ReadonlySet<string>;
}

/** What the user allows of a roll. */
export interface Rolling {
  /** Cells of which a member may change although the others are not proved well. */
  readonly allowDegraded: ReadonlySet<string>;
  /** Cells of which a member may change before the others can do the work of all. */
  readonly skipCoverage: ReadonlySet<string>;
  /**
   * What a member that failed means for the others: nothing more is changed, what this run had finished is undone too,
   * or none of its own cell comes after it.
   */
  readonly onFailure: 'halt' | 'unwind' | 'continue-other-cells';
  /** Whether hosts that cannot be reached are left out, with the cells that have a member there. */
  readonly skipUnreachable: boolean;
}

/** No exception is made for anybody. */
export const strict: Rolling = {
  allowDegraded: new Set(),
  skipCoverage: new Set(),
  onFailure: 'halt',
  skipUnreachable: false,
};

/** What is to be deployed, compiled as far as it can be before the hosts were asked. */
export interface Job {
  readonly run: RunNote;
  /** Name under which hosts remember what this playbook made. */
  readonly playbook: string;
  readonly targets: ReadonlyMap<string, Target>;
  /** How to reach hosts that are left out of the run, should one have to prove that it is well. */
  readonly witness: (host: string) => Target | undefined;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** Whether anything on the host needs root. */
  readonly become: (host: string) => boolean;
  readonly factProbes: (host: string) => readonly FactProbe[];
  /**
   * What is wrong with a host as far as its facts tell; an error there stops the run before anything is touched. `asked`
   * is the time here before and after the question, in seconds.
   */
  readonly preflight: (
    host: string,
    facts: Hello['facts'],
    asked: { readonly from: number; readonly to: number },
  ) => readonly Diagnostic[];
  /** What is wanted of a host as far as its facts play no part; undefined for a run that wants something else than was compiled. */
  readonly foreseen?: (host: string) => readonly Resource[];
  /** Compiles with the hosts' facts. */
  readonly compile: (facts: ReadonlyMap<string, Hello['facts']>) => Result<CompiledJob>;
  /** What brings hosts back by what they keep of earlier runs, in place of what was compiled; such a job reads that. */
  readonly back?: (compiled: CompiledJob, kept: ReadonlyMap<string, readonly Generation[]>) => Result<CompiledJob>;
  /** What speaks against a plan as a whole; an error there stops the run before anything is touched. */
  readonly object?: (plan: Plan) => readonly Diagnostic[];
  /** Whether to remove what is no longer declared; a run of some tags leaves it alone. */
  readonly prune: boolean;
  readonly rolling: Rolling;
  /** How many hosts are worked on at once. */
  readonly forks: number;
}

/**
 * How a run ended. Nothing was touched when the outcome is `planned`, `declined`, `bad-input` (the project is to be
 * mended) or `unfit` (a host is).
 */
export interface Report {
  readonly outcome: 'planned' | 'declined' | 'bad-input' | 'unfit' | 'done' | 'failed';
  readonly plan?: Plan;
  readonly faults: readonly Diagnostic[];
}

/** A host that has answered. */
export interface Site {
  readonly connection: Connection;
  readonly hello: Hello;
}
