import type { Answer } from '../posix/frame.ts';
import type { Script } from '../posix/script.ts';
import type { Schema } from '../schema/schema.ts';
import type { Change, Deed } from './change.ts';
import type { HttpAnswer, HttpAsk, Step } from './step.ts';

/** What a look at a resource brings: the answer of a script, or of one HTTP question. */
export type Reply = Answer | HttpAnswer;

/** What a kind may know beyond its spec when it decides. */
export interface Circumstances {
  /** Why a handler must act whatever is observed: `notified by "Docker settings"`. */
  readonly notified?: string;
  /** What earlier changes bring to the host until then, as their kinds say it: `image prom/prometheus:v2.53.3`. */
  readonly brought?: ReadonlySet<string>;
  /** Something earlier in the same play will change on this host, so a condition that holds now may not hold then. */
  readonly disturbed: boolean;
}

/** The spec that describes what was observed (`except`: all but this), or why there is none. */
export type Former<Spec> = { readonly spec: Spec; readonly except?: string } | { readonly lost: string };

/**
 * A kind of resource, told in the order of its data's life. Everything but the scripts' effect is pure. `Observed` is
 * flat and undefined when absent. A kind is one file, one line in index.ts and one table of cases.
 */
export interface Kind<Spec, Observed, R extends Reply = Answer> {
  /** The key in a task. */
  readonly name: string;
  /** One sentence for `hadeploy explain`. */
  readonly summary: string;
  readonly schema: Schema<Spec>;
  /** It waits and changes nothing, so it may be asked of hosts that are not to change. */
  readonly gate?: true;
  /** Seconds that a gate takes to come true though all is well. */
  takes?(spec: Spec): number | undefined;
  /** Of a gate that does not hold: whether the answer says for certain that nothing is there that could answer. */
  nobody?(observed: Observed | undefined): boolean;
  /** It is a deed that leaves no state of its own, so another host may do it for this one. */
  readonly delegable?: true;
  /** A spec that is only right as a handler (a restart is a deed, not a state), or a contradiction the schema cannot say. */
  refuse?(
    spec: Spec,
    as: 'task' | 'handler',
  ): { readonly what: string; readonly why: string; readonly mend: string } | undefined;
  /** Unique on a host: `file:/etc/hosts`. */
  id(spec: Spec): string;
  /** Read-only: a script inside the host's one probe, or one HTTP question beside it. */
  probe(spec: Spec): R extends Answer ? Script : HttpAsk;
  parse(reply: R, spec: Spec): Observed | undefined;
  diff(spec: Spec, observed: Observed | undefined, now: Circumstances): Change;
  /**
   * What a field of its changes tells where that is no plain state: `content` of a file, which is not kept where others
   * may read it, or a `deed`, whose `to` says what is done and not what is so then.
   */
  tells?(field: string): 'content' | 'deed' | undefined;
  /** Read-only proof of the new state by the program that will use it, made on the host before anything is touched. */
  check?(spec: Spec, change: Deed, observed: Observed | undefined): Script | undefined;
  /** Whether there is anything to check about a change, as soon as it can be; for kinds that have a check. */
  judges?(spec: Spec, change: Deed): boolean;
  apply(spec: Spec, change: Deed, observed: Observed | undefined): readonly Step[];
  /**
   * Where several tasks work at one thing: the id of the whole, under which hosts remember it, and what this task is to
   * do when all of it is to become some spec; undefined for nothing.
   */
  part?(spec: Spec): { readonly of: string; to(whole: Spec): Spec | undefined } | undefined;
  /**
   * What the host has, or has no longer, once the change is made, for kinds that would else see to it themselves. Of a
   * kind without it nobody knows.
   */
  brings?(spec: Spec, change: Deed): readonly string[];
  /** What to converge to once it is no longer declared; undefined for what hadeploy leaves behind. */
  absent?(spec: Spec): Spec | undefined;
  /**
   * What to converge to so that it is again exactly as it was observed, bytes and all; `absent` where it was not there.
   * A kind without it cannot be put back; undefined for a spec that is a deed, which leaves no state of its own.
   */
  former?(spec: Spec, observed: Observed | undefined): Former<Spec> | undefined;
}

/** A kind whose types were forgotten, as the core handles it. */
// biome-ignore lint/suspicious/noExplicitAny: the list of kinds is heterogeneous; a kind only ever meets its own spec.
export type AnyKind = Kind<any, any, any>;
