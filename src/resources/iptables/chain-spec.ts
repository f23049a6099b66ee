import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { readRules, rulesText } from './canonical.ts';
import { mirrored } from './mirror.ts';
import type { Rule } from './rule.ts';

const parents = { enum: ['DOCKER-USER', 'INPUT', 'FORWARD', 'OUTPUT'] } as const;

/** What a task may say. */
export const chainSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['chain'],
  properties: {
    chain: {
      type: 'string',
      pattern: '^[A-Za-z][A-Za-z0-9_-]{0,27}$',
      description:
        'The chain in the table filter that belongs to this task alone: IPv4 and IPv6, every rule of it, and all jumps to it.',
      examples: ['MONITORING'],
    },
    jump_from: {
      anyOf: [parents, { type: 'array', items: parents, minItems: 1, uniqueItems: true }],
      description:
        'Where the jump to it stands, as the first rule. DOCKER-USER (the default) sees what is forwarded to and from containers, also through published ports; INPUT sees what is meant for the host itself.',
      examples: ['DOCKER-USER', ['INPUT', 'DOCKER-USER']],
    },
    rules: {
      type: 'array',
      items: { type: 'string' },
      description:
        "The IPv4 rules in order, in iptables' own words without `-A CHAIN`; RETURN goes on with the rules after the jump.",
      examples: [['! -o monitoring -j RETURN', '-s 10.0.0.2 -p tcp --dport 9094 -j RETURN', '-j DROP']],
    },
    rules6: {
      type: 'array',
      items: { type: 'string' },
      description:
        'The IPv6 rules. Left out, they are what `rules` say of a packet without an IPv4 address: a rule that asks for an IPv4 address or ICMP is left out, a condition that excludes one always holds.',
      examples: [['-p tcp --dport 9094 -j DROP']],
    },
    only: {
      const: 'opening',
      description:
        'What this task is to do of it: `opening` lets in what the new rules let in, and goes on letting in what the old ones did. Another task with the same chain, after everything that uses it, then takes that away. Where there is no chain yet, it is placed whole at once.',
      examples: ['opening'],
    },
    except_ports: {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: 65535 },
      description:
        'With `only: opening`: ports to which what the old rules let in is shut out at once all the same, as for the gossip of a cluster, whose members must not meet one that was taken out of it while they change.',
      examples: [[9094]],
    },
    confirm: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['from', 'to', 'port'],
        properties: {
          from: { type: 'string', description: 'A host of the inventory.', examples: ['mon-b'] },
          to: { type: 'string', description: 'The address it connects to.', examples: ['10.0.0.11'] },
          port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The TCP port.', examples: [9090] },
        },
      },
      description:
        'Connections that must come through after a change, beside a new login, or the host puts the chain back. A port that is closed is as good as an open one; a host that cannot be reached over SSH has no say.',
      examples: [[{ from: 'mon-b', to: '10.0.0.11', port: 9090 }]],
    },
    restore_after: {
      type: 'integer',
      minimum: 5,
      maximum: 3600,
      description:
        'Seconds until the host by itself puts back a change that nobody has confirmed; 90 when not given. A unit of systemd there sees to it, so it works when hadeploy has died, or cannot log in any more; a reboot before that keeps the change.',
      examples: [90],
    },
    state: {
      enum: ['present', 'absent'],
      description: 'absent takes away the chain, its jumps, its units and its files.',
      examples: ['present'],
    },
  },
} as const satisfies JSONSchema;

/** What a task may say, typed. */
export type ChainSpec = FromSchema<typeof chainSchema>;

/** A chain from which a jump may come. */
export type Parent = (typeof parents.enum)[number];

/** Where the jump stands. */
export function parentsOf(spec: ChainSpec): readonly Parent[] {
  const named = spec.jump_from ?? 'DOCKER-USER';
  return typeof named === 'string' ? [named] : named;
}

/** The rules of both families in canonical form, one a line. */
interface WantedRules {
  readonly rules: string;
  readonly rules6: string;
}

// A look at a chain asks for them a dozen times.
const known = new WeakMap<ChainSpec, WantedRules>();

/** The rules that a spec wants. It was refused before if they cannot be read. */
export function wantedRules(spec: ChainSpec): WantedRules {
  const before = known.get(spec);
  if (before) return before;
  const rules = understood(spec, 4);
  const rules6 = spec.rules6 === undefined ? mirrored(rules) : understood(spec, 6);
  const wanted = { rules: rulesText(rules), rules6: rulesText(rules6) };
  known.set(spec, wanted);
  return wanted;
}

function understood(spec: ChainSpec, family: 4 | 6): readonly Rule[] {
  const read = readRules((family === 4 ? spec.rules : spec.rules6) ?? [], family, spec.chain);
  return read.ok ? read.rules : [];
}

// Chains and targets of iptables itself, and Docker's namespace, which dockerd clears as it likes.
const taken = /^(INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING|ACCEPT|DROP|RETURN|QUEUE|REJECT|LOG|DOCKER.*)$/;

/** Why a spec cannot be taken, or undefined. */
export function refuseChain(
  spec: ChainSpec,
): { readonly what: string; readonly why: string; readonly mend: string } | undefined {
  if (taken.test(spec.chain)) {
    const why = `iptables or Docker has a chain or target called ${spec.chain} already.`;
    return {
      what: `The chain cannot be called ${spec.chain}.`,
      why,
      mend: 'Choose a name of your own, such as MONITORING.',
    };
  }
  if (spec.state === 'absent') {
    if (spec.only === undefined) return undefined;
    const what = `The task only opens the chain ${spec.chain}, and takes it away.`;
    return { what, why: 'Taking a chain away is no opening.', mend: 'Remove `only:`, or `state:`.' };
  }
  if (spec.rules === undefined) {
    const why = 'The chain belongs to the task as a whole, so a chain without rules is an empty one.';
    return {
      what: `No rules are given for the chain ${spec.chain}.`,
      why,
      mend: 'Add `rules:`; `rules: []` for an empty chain.',
    };
  }
  for (const [field, family] of [
    ['rules', 4],
    ['rules6', 6],
  ] as const) {
    const read = readRules(spec[field] ?? [], family, spec.chain);
    if (read.ok) continue;
    const what = `Rule ${read.number} in ${field} of the chain ${spec.chain} cannot be taken: "${read.text}".`;
    return { what, why: read.fault.why, mend: read.fault.mend };
  }
  return undefined;
}
