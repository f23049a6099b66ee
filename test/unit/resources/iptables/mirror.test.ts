import { expect, it } from 'vitest';
import { readRules, rulesText } from '../../../../src/resources/iptables/canonical.ts';
import { mirrored } from '../../../../src/resources/iptables/mirror.ts';

function mirror(...rules: readonly string[]): string {
  const read = readRules(rules, 4, 'MINE');
  if (!read.ok) throw new Error(read.fault.why);
  return rulesText(mirrored(read.rules));
}

it.each([
  [
    'leaves out who is let in by an IPv4 address',
    ['-s 10.0.0.2 -p tcp --dport 9094 -j RETURN', '-j DROP'],
    '-j DROP\n',
  ],
  ['keeps what names no address', ['! -o monitoring -j RETURN'], '! -o monitoring -j RETURN\n'],
  [
    'drops in IPv6 what is dropped for all but an IPv4 network',
    ['! -s 10.0.0.0/8 -p tcp --dport 9090 -j DROP'],
    '-p tcp -m tcp --dport 9090 -j DROP\n',
  ],
  ['leaves out ICMP, which IPv6 does not have', ['-p icmp -j RETURN', '! -p icmp -j DROP'], '-j DROP\n'],
  ['leaves out a tracked IPv4 destination', ['-m conntrack --ctorigdst 10.0.0.9 -j RETURN'], ''],
  [
    'loses only the excluded address of a match',
    ['-m conntrack ! --ctorigdst 10.0.0.9 --ctdir REPLY -j RETURN'],
    '-m conntrack --ctdir REPLY -j RETURN\n',
  ],
  ['loses a match of which nothing is left', ['-m conntrack ! --ctorigdst 10.0.0.9 -j DROP'], '-j DROP\n'],
  [
    'refuses in ICMPv6',
    ['-j REJECT', '-j REJECT --reject-with icmp-host-prohibited', '-p tcp -j REJECT --reject-with tcp-reset'],
    '-j REJECT --reject-with icmp6-port-unreachable\n-j REJECT --reject-with icmp6-adm-prohibited\n-p tcp -j REJECT --reject-with tcp-reset\n',
  ],
])('IPv6 rules made of IPv4 rules: %s', (_, rules, expected) => {
  expect(mirror(...rules)).toBe(expected);
});
