import type { Extension, Option } from './extensions.ts';

/** A value that may stand behind a `!`. */
export interface Condition {
  readonly value: string;
  readonly negated: boolean;
}

/** A match or target with the options given to it; values are canonical, `''` is a default that is not printed. */
export interface Part {
  readonly extension: Extension;
  readonly given: ReadonlyMap<Option, Condition>;
}

/** One rule, understood; every value is in canonical form. */
export interface Rule {
  readonly source?: Condition;
  readonly destination?: Condition;
  readonly input?: Condition;
  readonly output?: Condition;
  readonly protocol?: Condition;
  readonly matches: readonly Part[];
  readonly target: Part;
}

/** Why a rule is refused and what to write instead. */
export interface RuleFault {
  readonly why: string;
  readonly mend: string;
}

/** The rule as `iptables -S` prints it, without `-A CHAIN`. */
export function printRule(rule: Rule): string {
  return [
    ...condition('-s', rule.source),
    ...condition('-d', rule.destination),
    ...condition('-i', rule.input),
    ...condition('-o', rule.output),
    ...condition('-p', rule.protocol),
    ...rule.matches.flatMap((match) => ['-m', match.extension.name, ...options(match)]),
    '-j',
    rule.target.extension.name,
    ...options(rule.target),
  ].join(' ');
}

function options(part: Part): readonly string[] {
  return part.extension.options.flatMap((option) => {
    const given = part.given.get(option);
    return given?.value === '' ? [] : condition(option.name, given);
  });
}

function condition(name: string, given: Condition | undefined): readonly string[] {
  if (given === undefined) return [];
  return given.negated ? ['!', name, given.value] : [name, given.value];
}
