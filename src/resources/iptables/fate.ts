import { canonicalNetwork, type Family } from './address.ts';
import type { Condition, Part, Rule } from './rule.ts';

/** A TCP packet that comes to the host itself; what is not known of it is undefined. */
export interface Packet {
  readonly family: Family;
  readonly source: string;
  readonly sourcePort: number | undefined;
  readonly destination: string;
  readonly port: number;
  /** The interface it comes in by. */
  readonly input: string | undefined;
  /** What connection tracking says of it: the first packet of a connection, or a later one of the same direction. */
  readonly state: 'NEW' | 'ESTABLISHED';
}

/** What becomes of a packet in a chain; by which rule, where it is stopped or may be. */
export type Fate = { readonly stopped: 'no' } | { readonly stopped: 'surely' | 'perhaps'; readonly by: Rule };

/** Whether a condition holds; undefined where that cannot be told from the rule alone. */
type Holds = boolean | undefined;

/** What becomes of a packet, as far as the rules alone tell. */
export function fateOf(rules: readonly Rule[], packet: Packet): Fate {
  let doubt: Rule | undefined;
  let letIn = false;
  for (const rule of rules) {
    const holds = meets(rule, packet);
    const { name } = rule.target.extension;
    if (holds === false || name === 'LOG') continue;
    const stops = name === 'DROP' || name === 'REJECT';
    if (holds === true && stops) return { stopped: letIn || doubt ? 'perhaps' : 'surely', by: doubt ?? rule };
    if (holds === true) break;
    if (stops) doubt ??= rule;
    else letIn = true;
  }
  return doubt === undefined ? { stopped: 'no' } : { stopped: 'perhaps', by: doubt };
}

function meets(rule: Rule, packet: Packet): Holds {
  const { family, input } = packet;
  return all([
    under(rule.source, (value) => isIn(packet.source, value, family)),
    under(rule.destination, (value) => isIn(packet.destination, value, family)),
    under(rule.input, (value) => (input === undefined ? undefined : isNamed(input, value))),
    // What comes to the host itself goes out by no interface.
    under(rule.output, (value) => isNamed('', value)),
    under(rule.protocol, (value) => value === 'tcp'),
    ...rule.matches.map((match) => meetsPart(match, packet)),
  ]);
}

function meetsPart({ extension, given }: Part, packet: Packet): Holds {
  if (extension.name === 'comment') return true;
  if (extension.name === 'limit') return undefined;
  return all(
    [...given].map(([option, condition]) => under(condition, (value) => meetsOption(option.name, value, packet))),
  );
}

function meetsOption(name: string, value: string, packet: Packet): Holds {
  const { family, source, sourcePort, destination, port, state } = packet;
  switch (name) {
    case '--sport':
    case '--sports':
    case '--ctorigsrcport':
      return sourcePort === undefined ? undefined : isOneOf(sourcePort, value);
    case '--dport':
    case '--dports':
    case '--ctorigdstport':
      return isOneOf(port, value);
    case '--ports':
      return isOneOf(port, value) || (sourcePort === undefined ? undefined : isOneOf(sourcePort, value));
    case '--ctstate':
    case '--state':
      return value.split(',').includes(state);
    case '--ctdir':
      return value === 'ORIGINAL';
    case '--ctorigsrc':
    case '--ctrepldst':
      return isIn(source, value, family);
    case '--ctorigdst':
    case '--ctreplsrc':
      return isIn(destination, value, family);
    case '--tcp-flags':
      return hasFlags(value, state);
    default:
      return undefined;
  }
}

function hasFlags(value: string, state: Packet['state']): Holds {
  const [mask = [], set = []] = value.split(' ').map((flags) => flags.split(','));
  return all(
    mask.map((flag) => {
      if (flag === 'NONE') return true;
      const wanted = set.includes(flag);
      if (state === 'NEW') return wanted === (flag === 'SYN');
      if (flag === 'PSH' || flag === 'URG') return undefined;
      return wanted === (flag === 'ACK');
    }),
  );
}

function under(condition: Condition | undefined, judge: (value: string) => Holds): Holds {
  // An empty value is a default that says nothing.
  if (condition === undefined || condition.value === '') return true;
  const holds = judge(condition.value);
  return holds === undefined ? undefined : holds !== condition.negated;
}

function all(holds: readonly Holds[]): Holds {
  if (holds.includes(false)) return false;
  return holds.includes(undefined) ? undefined : true;
}

function isIn(address: string, network: string, family: Family): boolean {
  const [, prefix = family === 4 ? '32' : '128'] = network.split('/');
  return canonicalNetwork(`${address}/${prefix}`, family) === canonicalNetwork(network, family);
}

function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** `22`, `1024:65535`, `22,80:90`. */
function isOneOf(port: number, ranges: string): boolean {
  return ranges.split(',').some((range) => {
    const [low = 0, high = low] = range.split(':').map(Number);
    return low <= port && port <= high;
  });
}
