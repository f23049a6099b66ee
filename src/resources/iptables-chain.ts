import { type Deed, isDeed } from './change.ts';
import { compareFields, type Fields } from './compare.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import { type ChainSpec, chainSchema, refuseChain } from './iptables/chain-spec.ts';
import { seenState, wantedState } from './iptables/chain-state.ts';
import { placeSteps, proofScript, removeSteps } from './iptables/chain-steps.ts';
import { cutOff } from './iptables/cut-off.ts';
import { formerChain } from './iptables/former.ts';
import { look, readLook, type SeenHost } from './iptables/look.ts';
import { isHeld, isLive, notesOn, timerNote, udpToForget } from './iptables/notes.ts';
import { obstacle } from './iptables/obstacle.ts';
import { openedMark, seenAfter, targetOf } from './iptables/opening.ts';
import { armStep, confirmStep } from './iptables/timer.ts';
import type { Kind } from './kind.ts';
import type { Step } from './step.ts';

/**
 * A chain of the packet filter with all its rules, IPv4 and IPv6, and the jump to it. It is compared as iptables
 * prints it, placed in one transaction, and kept over reboots and restarts of Docker by units of its own.
 */
export const iptablesChain: Kind<ChainSpec, SeenHost | Fault> = {
  name: 'iptables_chain',
  summary:
    'A chain of the packet filter: its rules, IPv4 and IPv6, and the jump to it, over reboots and Docker restarts.',
  schema: chainSchema,

  refuse: (spec) => refuseChain(spec),

  id: (spec) => (spec.only === undefined ? whole(spec) : `${whole(spec)} ${spec.only}`),

  part({ only, ...spec }) {
    if (only === undefined) return undefined;
    return { of: whole(spec), to: (chain) => (chain.state === 'absent' ? undefined : { ...chain, only }) };
  },

  probe: look,

  parse: (answer) => (answer.code === 0 ? readLook(answer.stdout) : faultOf(answer)),

  diff(spec, observed, now) {
    if (observed === undefined || isFault(observed)) {
      return unreadable(`The chain ${spec.chain}`, observed ?? { fault: 'the host gave no answer' });
    }
    if (spec.state === 'absent') {
      const gone = compareFields(undefined, there(seenState(spec, observed)));
      return isDeed(gone) ? { ...gone, notes: [timerNote(spec)] } : gone;
    }
    const stop = obstacle(spec, observed, now);
    if (stop !== undefined) return stop;
    const opening = targetOf({ ...spec, only: 'opening' }, observed);
    const target = spec.only ? opening : spec;
    const seen = now.brought?.has(openedMark(spec.chain)) ? seenAfter(opening, observed) : observed;
    const change = compareFields(wantedState(target, seen), seenState(target, seen));
    if (!isDeed(change)) return change;
    const cut = isLive(change) ? cutOff(target, observed) : undefined;
    if (cut !== undefined) return cut;
    const notes = notesOn(target, observed, change);
    return notes.length > 0 ? { ...change, notes } : change;
  },

  check(spec, change, observed) {
    if (change.action === 'delete' || isFault(observed) || observed?.variant === undefined) return undefined;
    return changesRules(change) ? proofScript(targetOf(spec, observed)) : undefined;
  },

  judges: (_, change) => change.action !== 'delete' && changesRules(change),

  apply(spec, change, observed) {
    const seen = observed as SeenHost;
    if (change.action === 'delete') return withTimer(spec, seen, [], removeSteps(spec, seen));
    const target = targetOf(spec, seen);
    const udp = udpToForget(target, change) ?? [];
    const steps = placeSteps(target, seen, isLive(change), udp);
    return isHeld(change) ? withTimer(target, seen, udp, steps) : steps;
  },

  brings: ({ chain, only }) => (only ? [openedMark(chain)] : []),

  absent: ({ chain, jump_from, restore_after }) => ({
    chain,
    ...(jump_from && { jump_from }),
    ...(restore_after && { restore_after }),
    state: 'absent',
  }),

  former(spec, observed) {
    if (observed === undefined || isFault(observed)) return { lost: observed?.fault ?? 'the host gave no answer' };
    return formerChain(spec, observed);
  },
};

function whole({ chain }: ChainSpec): string {
  return `iptables_chain:${chain}`;
}

function withTimer(spec: ChainSpec, seen: SeenHost, udp: readonly number[], steps: readonly Step[]): readonly Step[] {
  return [armStep(spec, seen, udp), ...steps, confirmStep(spec)];
}

function changesRules(change: Deed): boolean {
  return change.fields.some(({ field }) => field === 'rules' || field === 'rules6');
}

function there(fields: Fields | undefined): Fields | undefined {
  return fields && Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
