import { describe, expect, it } from 'vitest';
import type { ChainSpec } from '../../../../src/resources/iptables/chain-spec.ts';
import { cutOff } from '../../../../src/resources/iptables/cut-off.ts';
import { readLook } from '../../../../src/resources/iptables/look.ts';
import { iptablesChain } from '../../../../src/resources/iptables-chain.ts';

const looked = (came: string) => `ipv6
variant iptables v1.8.11 (nf_tables)
v4 :INPUT ACCEPT [0:0]
v6 :INPUT ACCEPT [0:0]
systemd
${came === '' ? '' : `came ${came}\n`}`;
const from4 = '192.0.2.7 50123 10.0.0.1 22 eth0';
const from6 = 'fd00::7 50123 fd00::1 2222 ';
const chain = (rules: readonly string[], more: Partial<ChainSpec> = {}): ChainSpec => ({
  chain: 'GUARD',
  jump_from: 'INPUT',
  rules: [...rules],
  ...more,
});

/** `lets in`, or whether it stops us and by which rule. */
function judged(rules: readonly string[], came = from4, more: Partial<ChainSpec> = {}): string {
  const change = cutOff(chain(rules, more), readLook(looked(came)));
  if (change === undefined) return 'lets in';
  if (change.action !== 'blocked') throw new Error(change.action);
  const [, rule] = /the rule "(.*?)"[.:]/.exec(change.why) ?? [];
  return `${change.what.includes('may stop') ? 'perhaps' : 'surely'}: ${rule}`;
}

const established = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';

describe('rules that would cut off SSH', () => {
  it.each<[name: string, rules: readonly string[], judgement: string]>([
    ['nothing at all', [], 'lets in'],
    ['only permissions', ['-s 10.0.0.2 -p vrrp -j ACCEPT'], 'lets in'],
    ['a drop of everything', ['-j DROP'], 'surely: -j DROP'],
    ['a refusal', ['-p tcp -j REJECT'], 'surely: -p tcp -j REJECT --reject-with icmp-port-unreachable'],
    ['a log before a drop', ['-p tcp --dport 22 -j LOG', '-j DROP'], 'surely: -j DROP'],
    ['our address let in', ['-s 192.0.2.7 -j RETURN', '-j DROP'], 'lets in'],
    ['our network let in', ['-s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT', '-j DROP'], 'lets in'],
    ['another network let in', ['-s 192.0.3.0/24 -j ACCEPT', '-j DROP'], 'surely: -j DROP'],
    ['everyone but us let in', ['! -s 192.0.2.7 -j ACCEPT', '-j DROP'], 'surely: -j DROP'],
    ['everyone but others dropped', ['! -s 192.0.2.0/24 -j DROP'], 'lets in'],
    ['another port let in', ['-p tcp --dport 2222 -j ACCEPT', '-j DROP'], 'surely: -j DROP'],
    ['a range of ports', ['-p tcp --dport 20:30 -j ACCEPT', '-j DROP'], 'lets in'],
    ['a list of ports', ['-p tcp -m multiport --dports 80,20:30 -j ACCEPT', '-j DROP'], 'lets in'],
    ['either port', ['-p tcp -m multiport --ports 22 -j ACCEPT', '-j DROP'], 'lets in'],
    ['another protocol dropped', ['-p udp -j DROP', '! -p tcp -j DROP'], 'lets in'],
    ['our port dropped after the interface', ['-i eth+ -j ACCEPT', '-j DROP'], 'lets in'],
    ['another interface', ['-i lo -j ACCEPT', '-j DROP'], 'surely: -j DROP'],
    ['an interface to go out by', ['-o eth0 -j ACCEPT', '! -o eth0 -j DROP'], 'surely: ! -o eth0 -j DROP'],
    ['our destination', ['-d 10.0.0.1 -j ACCEPT', '-j DROP'], 'lets in'],
    ['only what is established', [established, '-j DROP'], 'surely: -j DROP'],
    ['what is established, and new ones', [established, '-p tcp --dport 22 --syn -j ACCEPT', '-j DROP'], 'lets in'],
    ['only new ones', ['-p tcp -m state --state NEW -j ACCEPT', '-j DROP'], 'surely: -j DROP'],
    ['what is invalid dropped', ['-m conntrack --ctstate INVALID -j DROP'], 'lets in'],
    ['new ones dropped', ['-p tcp --syn -j DROP'], 'surely: -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'],
    ['later ones dropped', ['-p tcp --tcp-flags ACK ACK -j DROP'], 'surely: -p tcp -m tcp --tcp-flags ACK ACK -j DROP'],
    ['what is answered', ['-m conntrack --ctdir REPLY -j DROP'], 'lets in'],
    ['where a connection began', ['-m conntrack --ctorigsrc 192.0.2.0/24 -j ACCEPT', '-j DROP'], 'lets in'],
    ['so many a minute let in', ['-m limit --limit 5/min -j ACCEPT', '-j DROP'], 'perhaps: -j DROP'],
    ['so many a minute dropped', ['-m limit --limit 5/min -j DROP'], 'perhaps: -m limit --limit 5/min -j DROP'],
    [
      'some source ports dropped',
      ['-p tcp --sport 1024: -j DROP'],
      'perhaps: -p tcp -m tcp --sport 1024:65535 -j DROP',
    ],
    ['a comment on the permission', ['-p tcp --dport 22 -m comment --comment ssh -j ACCEPT', '-j DROP'], 'lets in'],
  ])('%s', (_, rules, judgement) => {
    expect(judged(rules)).toBe(judgement);
  });

  it('are judged in the family we come by, also where they follow from those of IPv4', () => {
    expect(judged(['-s 192.0.2.0/24 -j ACCEPT', '-j DROP'], from6)).toBe('surely: -j DROP');
    expect(judged(['-p tcp --dport 2222 -j ACCEPT', '-j DROP'], from6)).toBe('lets in');
    expect(judged(['-j DROP'], from6, { rules6: ['-s fd00::/16 -j ACCEPT', '-j DROP'] })).toBe('lets in');
  });

  it('are doubtful where the host does not tell by which interface we come', () => {
    expect(judged(['-i eth0 -j ACCEPT', '-j DROP'], from6)).toBe('perhaps: -j DROP');
    expect(judged(['-i eth0 -j ACCEPT', '-j DROP'], 'fe80::7%eth0 5 fe80::1%eth0 22 ')).toBe('lets in');
  });

  it('matter only for what comes to the host itself, and where the host tells how we came', () => {
    expect(judged(['-j DROP'], from4, { jump_from: 'FORWARD' })).toBe('lets in');
    expect(judged(['-j DROP'], from4, { jump_from: ['FORWARD', 'INPUT'] })).toBe('surely: -j DROP');
    expect(judged(['-j DROP'], '')).toBe('lets in');
  });

  it('are refused in the plan, with the rule to add', () => {
    const spec = chain([established, '-j DROP']);
    expect(iptablesChain.diff(spec, readLook(looked(from4)), { disturbed: false })).toEqual({
      action: 'blocked',
      code: 'cuts-off-ssh',
      what: 'The chain GUARD stops SSH from 192.0.2.7 to port 22, by which hadeploy comes in.',
      why: 'It meets the rule "-j DROP". What is established goes on, but no later run would come in.',
      mend: 'Put before it in rules: "-s 192.0.2.7/32 -p tcp --dport 22 -j RETURN".',
    });
    expect(judged([established, '-s 192.0.2.7/32 -p tcp --dport 22 -j RETURN', '-j DROP'])).toBe('lets in');
  });
});
