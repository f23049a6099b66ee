import type { Option } from './extensions.ts';
import type { Condition, Part, Rule } from './rule.ts';

/**
 * What IPv4 rules say of a packet that has no IPv4 address: a rule that asks for one never holds and is left out, a
 * rule that excludes one loses that condition. ICMP is IPv4's own in the same way. So `… -j DROP` at the end of a
 * chain drops in IPv6 too, and nobody is let in by an address that IPv6 does not have.
 */
export function mirrored(rules: readonly Rule[]): readonly Rule[] {
  return rules.flatMap((rule) => {
    const { source, destination, protocol, ...rest } = rule;
    const icmp = protocol?.value === 'icmp' ? protocol : undefined;
    const addresses = rule.matches.flatMap((match) => [...match.given].filter(([option]) => option.address));
    const foreign = [source, destination, icmp, ...addresses.map(([, given]) => given)];
    if (foreign.some((condition) => condition?.negated === false)) return [];
    const matches = rule.matches.map(withoutAddresses).filter(saysSomething);
    const kept = protocol && protocol !== icmp ? { protocol } : {};
    return [{ ...rest, ...kept, matches, target: inIpv6(rule.target) }];
  });
}

function withoutAddresses(match: Part): Part {
  return { ...match, given: new Map([...match.given].filter(([option]) => !option.address)) };
}

function saysSomething(match: Part): boolean {
  return match.given.size > 0 || match.extension.bare === true;
}

// What each refusal is called in ICMPv6 (RFC 4443, section 3.1).
const refusals = new Map([
  ['icmp-net-unreachable', 'icmp6-no-route'],
  ['icmp-host-unreachable', 'icmp6-addr-unreachable'],
  ['icmp-proto-unreachable', 'icmp6-port-unreachable'],
  ['icmp-port-unreachable', 'icmp6-port-unreachable'],
  ['icmp-net-prohibited', 'icmp6-adm-prohibited'],
  ['icmp-host-prohibited', 'icmp6-adm-prohibited'],
  ['icmp-admin-prohibited', 'icmp6-adm-prohibited'],
]);

function inIpv6(target: Part): Part {
  const given = [...target.given].map(([option, { value, negated }]): [Option, Condition] => [
    option,
    { value: target.extension.name === 'REJECT' ? (refusals.get(value) ?? value) : value, negated },
  ]);
  return { ...target, given: new Map(given) };
}
