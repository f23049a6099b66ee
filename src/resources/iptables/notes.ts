import type { Deed } from '../change.ts';
import { type ChainSpec, parentsOf, wantedRules } from './chain-spec.ts';
import type { SeenHost } from './look.ts';
import { restoreAfter, witnesses } from './timer.ts';
import { udpPorts } from './udp.ts';

/** Whether a change concerns what filters now: the rules or the jumps. */
export function isLive(change: Deed): boolean {
  return change.fields.some(({ field }) => field === 'rules' || field === 'rules6' || field === 'jump');
}

/** Whether the host is to put a change back unless it is confirmed; or an earlier one still, which may stay now. */
export function isHeld(change: Deed): boolean {
  return isLive(change) || change.fields.some(({ field }) => field === 'confirmed');
}

/** The UDP ports whose flows must start anew: those named in the new or the old rules; undefined when too many. */
export function udpToForget(spec: ChainSpec, change: Deed): readonly number[] | undefined {
  if (!isLive(change)) return [];
  const { rules, rules6 } = wantedRules(spec);
  const before = change.fields.flatMap(({ field, from }) => (field.startsWith('rules') ? [String(from ?? '')] : []));
  return udpPorts([rules, rules6, ...before].join(''));
}

/** What becomes of a change that nobody confirms. */
export function timerNote(spec: ChainSpec): string {
  return `put back after ${restoreAfter(spec)} s unless confirmed by ${witnesses(spec)}`;
}

/** What a reader of the plan should know beside the fields. */
export function notesOn(spec: ChainSpec, seen: SeenHost, change: Deed): readonly string[] {
  const notes: string[] = [];
  if (isHeld(change)) notes.push(timerNote(spec));
  if (seen.variant === undefined) notes.push('iptables is not there yet; an earlier task must install it');
  const ports = udpToForget(spec, change);
  if (ports === undefined) {
    notes.push('the rules name too many UDP ports to forget their flows: those in use keep the permission they have');
  } else if (ports.length > 0 && seen.variant !== undefined) {
    notes.push(
      seen.conntrack
        ? `flows to UDP port ${ports.join(', ')} start anew, so that no old permission outlives the change`
        : `without the package conntrack, flows to UDP port ${ports.join(', ')} that are in use keep the permission they have`,
    );
  }
  if (seen.docker === 'chainless') {
    notes.push('Docker runs without its own chains: somebody flushed them (restart Docker), or it is set to make none');
  }
  if (
    parentsOf(spec).includes('DOCKER-USER') &&
    seen.v4.chains.has('DOCKER') &&
    seen.v6?.chains.has('DOCKER') === false
  ) {
    notes.push(
      'Docker keeps no IPv6 rules here: a port published on every address is reached over IPv6 past this chain; publish it as 0.0.0.0:PORT:PORT',
    );
  }
  if (
    seen.came === undefined &&
    isLive(change) &&
    parentsOf(spec).includes('INPUT') &&
    / -j (DROP|REJECT)/.test(` ${wantedRules(spec).rules}`)
  ) {
    notes.push('it drops traffic to the host itself: make sure that a rule before lets your SSH connection in');
  }
  return notes;
}
