import { describe, expect, it } from 'vitest';
import { isDeed } from '../../../../src/resources/change.ts';
import type { ChainSpec } from '../../../../src/resources/iptables/chain-spec.ts';
import { readLook, type SeenHost } from '../../../../src/resources/iptables/look.ts';
import { openedMark, seenAfter, targetOf } from '../../../../src/resources/iptables/opening.ts';
import { iptablesChain } from '../../../../src/resources/iptables-chain.ts';

const bare = readLook(`ipv6
variant iptables v1.8.11 (nf_tables)
v4 :DOCKER - [0:0]
v4 :DOCKER-USER - [0:0]
v4 -A FORWARD -j DOCKER-USER
v6 :FORWARD ACCEPT [0:0]
systemd
conntrack`);

const chain = (...peers: readonly string[]): ChainSpec => ({
  chain: 'MINE',
  rules: ['-i lan -j RETURN', ...peers.map((peer) => `-s ${peer} -p tcp --dport 80 -j RETURN`), '-j DROP'],
});
const opening = (spec: ChainSpec): ChainSpec => ({ ...spec, only: 'opening' });
const calm = { disturbed: false };
const afterOpening = { disturbed: true, brought: new Set([openedMark('MINE')]) };

/** The rules of IPv4 before and after a change, or none. */
function rulesIn(spec: ChainSpec, seen: SeenHost, now: Parameters<typeof iptablesChain.diff>[2] = calm) {
  const change = iptablesChain.diff(spec, seen, now);
  if (!isDeed(change)) return change;
  const { from, to } = change.fields.find(({ field }) => field === 'rules')!;
  return { fields: change.fields.map(({ field }) => field), from: addresses(from), to: addresses(to) };
}

function addresses(rules: unknown): string {
  return [...String(rules ?? '').matchAll(/-s \S*(\d)\/32|-j (DROP)/g)].map(([, peer, drop]) => peer ?? drop).join(' ');
}

describe('opening a chain before it is closed', () => {
  const before = seenAfter(chain('10.0.0.1', '10.0.0.2'), bare);
  const wanted = chain('10.0.0.2', '10.0.0.3');
  const between = seenAfter(targetOf(opening(wanted), before), before);

  it('adds what is new and keeps what is not wanted any more, then takes that away', () => {
    expect(rulesIn(opening(wanted), before)).toEqual({ fields: ['rules'], from: '1 2 DROP', to: '1 2 3 DROP' });
    expect(rulesIn(wanted, before, afterOpening)).toEqual({ fields: ['rules'], from: '1 2 3 DROP', to: '2 3 DROP' });
  });

  it('shows the same when it is looked at again in between, and then nothing', () => {
    expect(rulesIn(opening(wanted), between)).toEqual({ action: 'none' });
    expect(rulesIn(wanted, between)).toEqual(rulesIn(wanted, before, afterOpening));
    expect(rulesIn(wanted, between, afterOpening)).toEqual(rulesIn(wanted, before, afterOpening));
    const after = seenAfter(wanted, between);
    expect([rulesIn(opening(wanted), after), rulesIn(wanted, after)]).toEqual([{ action: 'none' }, { action: 'none' }]);
  });

  it('shuts out of some ports at once, where it is told to', () => {
    const gossip = (...peers: readonly string[]): ChainSpec => {
      const also = peers.map((peer) => `-s ${peer} -p udp --dport 94 -j RETURN`);
      return { ...chain(...peers), rules: [...also, ...chain(...peers).rules!], except_ports: [94] };
    };
    const cluster = seenAfter(gossip('10.0.0.1', '10.0.0.2'), bare);
    const less = gossip('10.0.0.2', '10.0.0.3');
    expect(rulesIn(opening(less), cluster)).toMatchObject({ from: '1 2 1 2 DROP', to: '2 3 1 2 3 DROP' });
    expect(rulesIn(less, cluster, afterOpening)).toMatchObject({ from: '2 3 1 2 3 DROP', to: '2 3 2 3 DROP' });
    const opened = seenAfter(targetOf(opening(less), cluster), cluster);
    expect(rulesIn(opening(less), opened)).toEqual({ action: 'none' });
  });

  it('has nothing to close where nothing is taken away', () => {
    const more = chain('10.0.0.1', '10.0.0.2', '10.0.0.3');
    expect(rulesIn(opening(more), before)).toMatchObject({ to: '1 2 3 DROP' });
    expect(rulesIn(more, before, afterOpening)).toEqual({ action: 'none' });
  });

  it('has nothing to open where nothing is new', () => {
    expect(rulesIn(opening(chain('10.0.0.1')), before)).toEqual({ action: 'none' });
    expect(rulesIn(chain('10.0.0.1'), before)).toMatchObject({ from: '1 2 DROP', to: '1 DROP' });
  });

  it('places a chain whole where there was none', () => {
    expect(rulesIn(opening(wanted), bare)).toMatchObject({ from: '', to: '2 3 DROP' });
    expect(rulesIn(wanted, bare, afterOpening)).toEqual({ action: 'none' });
  });

  it('goes on letting in everyone where a chain has no rules, until it closes', () => {
    const empty = seenAfter({ chain: 'MINE', rules: [] }, bare);
    expect(rulesIn(opening(wanted), empty)).toMatchObject({ from: '', to: '2 3' });
    expect(rulesIn(wanted, empty, afterOpening)).toMatchObject({ from: '2 3', to: '2 3 DROP' });
  });

  it('leaves jumps where they are until it closes', () => {
    const elsewhere: ChainSpec = { ...chain('10.0.0.1', '10.0.0.2'), jump_from: ['DOCKER-USER', 'INPUT'] };
    expect(rulesIn(opening(elsewhere), before)).toEqual({ action: 'none' });
    const closing = iptablesChain.diff(elsewhere, before, calm);
    expect(isDeed(closing) && closing.fields.map(({ field }) => field)).toEqual(['jump', 'unit']);
  });

  it('is remembered by hosts as the one chain that it is', () => {
    expect(iptablesChain.id(opening(wanted))).not.toBe(iptablesChain.id(wanted));
    const part = iptablesChain.part!(opening(wanted))!;
    expect(part.of).toBe(iptablesChain.id(wanted));
    expect(iptablesChain.part!(wanted)).toBeUndefined();
    expect(part.to(chain('10.0.0.1'))).toEqual(opening(chain('10.0.0.1')));
    expect(part.to({ chain: 'MINE', state: 'absent' })).toBeUndefined();
    expect(iptablesChain.former!(opening(wanted), before)).toEqual(iptablesChain.former!(wanted, before));
  });
});
