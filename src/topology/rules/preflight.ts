import type { Diagnostic, Result } from '../../diagnostics/diagnostic.ts';
import type { Answer } from '../../posix/frame.ts';
import type { Script } from '../../posix/script.ts';
import { memberPlaces } from './cells.ts';
import { bridgeCheck } from './preflight/bridge.ts';
import { clockCheck } from './preflight/clock.ts';
import { dockerCheck } from './preflight/docker.ts';
import { firewallManagerCheck } from './preflight/firewall-manager.ts';
import type { AnyHostCheck, Asked } from './preflight/host-check.ts';
import { memoryCheck } from './preflight/memory.ts';
import { networkCheck } from './preflight/network.ts';
import { portCheck } from './preflight/ports-in-use.ts';
import { secretFileCheck } from './preflight/secret-files.ts';
import { storedDataCheck } from './preflight/stored-data.ts';
import { vipHolderCheck } from './preflight/vip-holder.ts';
import type { RuleText, Survey } from './rule.ts';

const checks: readonly AnyHostCheck[] = [
  dockerCheck,
  memoryCheck,
  storedDataCheck,
  networkCheck,
  bridgeCheck,
  portCheck,
  vipHolderCheck,
  clockCheck,
  firewallManagerCheck,
  secretFileCheck,
];

/** Every rule that only a host can tell to be broken. */
export const preflightRules: readonly RuleText[] = checks.flatMap(({ rules }) => rules);

/** A fact and the read-only script that finds it; its parser never fails. */
export interface PreflightProbe {
  readonly name: string;
  readonly script: Script;
  parse(answer: Answer): Result<unknown>;
}

/** What a host of the estate is asked before anything is changed; nothing for a host that has no part in it. */
export function preflightProbes(survey: Survey, host: string): readonly PreflightProbe[] {
  if (!memberPlaces(survey.topology).has(host)) return [];
  return checks.flatMap(({ name, ask, parse }) => {
    const script = ask(survey, host);
    if (script === undefined) return [];
    return [{ name, script, parse: (answer) => ({ ok: true, value: parse(answer), warnings: [] }) }];
  });
}

/**
 * All that is wrong with a host as far as its answers tell; facts that are missing are not judged. `asked` is the time
 * here before and after the host told its own; `before` are the facts of hosts that answered already.
 */
export function preflight(
  survey: Survey,
  host: string,
  facts: Readonly<Record<string, unknown>>,
  asked: Asked,
  before: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(),
): readonly Diagnostic[] {
  if (!memberPlaces(survey.topology).has(host)) return [];
  return checks.flatMap(({ name, judge }) => {
    if (facts[name] === undefined) return [];
    const others = new Map([...before].map(([one, said]) => [one, said[name]]));
    const found = judge(facts[name], { survey, host, asked, others });
    return found.map(({ rule: { code, severity, why, mend }, ...finding }) => {
      return { code, severity, why, mend, host, ...finding };
    });
  });
}
