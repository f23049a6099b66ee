import type { Answer } from '../../../posix/frame.ts';
import type { Script } from '../../../posix/script.ts';
import type { Finding, RuleText, Survey } from '../rule.ts';

/** Seconds since 1970 on this machine, before a host was asked and after it answered. */
export interface Asked {
  readonly from: number;
  readonly to: number;
}

/** What a judgement is about, beside the fact itself. */
export interface Subject {
  readonly survey: Survey;
  readonly host: string;
  readonly asked: Asked;
  /** What other hosts that were asked before have answered to the same question. */
  readonly others: ReadonlyMap<string, unknown>;
}

/** One place where what a host is like breaks a rule. */
export interface HostFinding extends Finding {
  readonly rule: RuleText;
}

/** A question to hosts with the rules that its answer can break. */
export interface HostCheck<Fact> {
  /** Name of the fact. */
  readonly name: string;
  readonly rules: readonly RuleText[];
  /** A read-only script that ends well whatever the host lacks; undefined where the host need not be asked. */
  ask(survey: Survey, host: string): Script | undefined;
  /** Never fails: what the host did not say is left out. */
  parse(answer: Answer): Fact;
  judge(fact: Fact, subject: Subject): readonly HostFinding[];
}

/** A check whose fact nobody else looks into. */
export type AnyHostCheck = HostCheck<unknown>;

/** A check as one of many; its own parser made the fact that it judges. */
export function hostCheck<Fact>(check: HostCheck<Fact>): AnyHostCheck {
  return { ...check, judge: (fact, subject) => check.judge(fact as Fact, subject) };
}

/** The lines of an answer whose first word is this one, without it. */
export function linesOf({ stdout }: Answer, word: string): readonly string[] {
  return stdout
    .split('\n')
    .flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []));
}
