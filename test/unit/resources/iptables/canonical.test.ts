import { describe, expect, it } from 'vitest';
import type { Family } from '../../../../src/resources/iptables/address.ts';
import { observedText, readRules, rulesText } from '../../../../src/resources/iptables/canonical.ts';

function canonical(text: string, family: Family = 4): string {
  const read = readRules([text], family, 'MINE');
  return read.ok ? rulesText(read.rules) : `refused: ${read.fault.why} | ${read.fault.mend}`;
}

describe('the canonical form of a rule', () => {
  it.each([
    ['-s 10.0.0.2 -p tcp --dport 9094 -j RETURN', '-s 10.0.0.2/32 -p tcp -m tcp --dport 9094 -j RETURN'],
    ['-A MINE ! -o monitoring -j RETURN', '! -o monitoring -j RETURN'],
    ['--jump DROP --source=10.1.2.3/255.255.0.0', '-s 10.1.0.0/16 -j DROP'],
    [
      '-p tcp -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN',
      '-p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
    ],
    ['-s 10.0.0.1,10.0.0.2 -j RETURN', '-s 10.0.0.1/32 -j RETURN\n-s 10.0.0.2/32 -j RETURN'],
    ['-p tcp --syn -j DROP', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'],
    ['-j REJECT', '-j REJECT --reject-with icmp-port-unreachable'],
    ["-m comment --comment 'from the peer' -j RETURN", '-m comment --comment "from the peer" -j RETURN'],
    ['-m comment --comment peer -j RETURN', '-m comment --comment peer -j RETURN'],
    ['-m conntrack --ctorigdst 10.0.0.9/32 -j RETURN', '-m conntrack --ctorigdst 10.0.0.9 -j RETURN'],
    ['-p 17 --dport :1024 -j RETURN', '-p udp -m udp --dport 0:1024 -j RETURN'],
    ['-p udp ! --sport :11 -j DROP', '-p udp -m udp --sport 12:65535 -j DROP'],
    ['-p vrrp -j ACCEPT', '-p 112 -j ACCEPT'],
    ['-s 0.0.0.0/0 -p all -j DROP', '-j DROP'],
    ['-m limit --limit 300/hour --limit-burst 5 -j LOG --log-level warning', '-m limit --limit 5/min -j LOG'],
    ['-p icmp --icmp-type echo-request -j RETURN', '-p icmp -m icmp --icmp-type 8 -j RETURN'],
  ])('of %s', (written, expected) => {
    expect(canonical(written)).toBe(`${expected}\n`);
  });

  it.each([
    ['-s 2001:DB8:0:0:1:0:0:1 -j RETURN', '-s 2001:db8::1:0:0:1/128 -j RETURN'],
    ['-s fe80::1/ffff:: -j DROP', '-s fe80::/16 -j DROP'],
    ['-s ::ffff:1.2.3.4 -j DROP', '-s ::ffff:1.2.3.4/128 -j DROP'],
    ['-p icmpv6 --icmpv6-type packet-too-big -j RETURN', '-p ipv6-icmp -m icmp6 --icmpv6-type 2 -j RETURN'],
    ['-j REJECT', '-j REJECT --reject-with icmp6-port-unreachable'],
  ])('in IPv6 of %s', (written, expected) => {
    expect(canonical(written, 6)).toBe(`${expected}\n`);
  });

  it.each([
    ['-p tcp --dport http -j DROP', '--dport cannot be "http".', 'numbers'],
    ['-p tcp --dprot 80 -j DROP', 'none of the options', 'Did you mean "--dport"'],
    ['--dport 80 -j DROP', '--dport belongs to -p tcp, which does not stand before it.', '-p tcp --dport'],
    ['--ctstate NEW -j DROP', '--ctstate belongs to -m conntrack', '-m conntrack'],
    ['-s fd00::1 -j DROP', 'is an IPv6 address', 'rules6'],
    ['-s prom-b -j DROP', 'not an IPv4 address', 'as numbers'],
    ['-s 10.1 -j DROP', 'not an IPv4 address', 'as numbers'],
    ['! -s 10.0.0.1,10.0.0.2 -j DROP', 'before a list', 'one address'],
    ['-s 10.0.0.1', 'no -j', 'Say -j'],
    ['-j OTHER', '-j OTHER is none', 'Use one of'],
    ['-j drop', '-j drop is none', 'Did you mean "DROP"'],
    ['-m commment --comment x -j DROP', '-m commment is none', 'Did you mean "comment"'],
    ['-m recent --set -j DROP', '-m recent is none', 'Use one of'],
    ['-m comment --comment two words -j DROP', '"words" after "two"', 'Quote'],
    ['-m comment --comment "open -j DROP', 'quote is left open', 'Close'],
    ['-A OTHER -j DROP', '-A is none', ''],
    ['-p tcp -p udp -j DROP', '-p stands there twice', 'two rules'],
    ['-p udp -j REJECT --reject-with tcp-reset', 'needs -p tcp', '-p tcp'],
    ['-m multiport --dports 1,2 -j DROP', 'needs -p tcp or udp', '-p tcp'],
    ['-p ipv6-icmp -j DROP', 'never occurs in IPv4', 'icmp'],
    ['-i a-very-long-interface -j DROP', 'not the name of an interface', '15'],
    ['-p constructor -j DROP', 'not a protocol', 'number'],
    ['-p icmp --icmp-type constructor -j DROP', 'cannot be', 'echo-request'],
    ['-j', '-j has no value', ''],
    ['', 'no -j', ''],
  ])('refuses %s', (written, why, mend) => {
    const refusal = canonical(written);
    expect(refusal).toContain('refused: ');
    expect(refusal).toContain(why);
    expect(refusal).toContain(mend);
  });

  it('keeps an observed line that hadeploy would not have written, so that it differs', () => {
    const lines = ['-A MINE -m mark --mark 0x5 -j DROP', '-A MINE -p vrrp -j DROP'];
    expect(observedText(lines, 4, 'MINE')).toBe('-m mark --mark 0x5 -j DROP\n-p 112 -j DROP\n');
  });
});
