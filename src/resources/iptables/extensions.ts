import { canonicalTracked, type Family } from './address.ts';
import { flags, freeText, icmpType, otherPorts, portList, portRange, rate, tcpFlags, wholeNumber } from './values.ts';
import { quoteWord } from './words.ts';

/** One option of a match or target: how it is written and what becomes of its value. */
export interface Option {
  /** The long name that iptables prints, `--dport`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Number of words it takes; 1 when absent. */
  readonly takes?: 2;
  readonly negatable?: true;
  /** The value that says without "!" what this value says with it, where there is one. */
  readonly opposite?: (value: string) => string | undefined;
  /** For the fault: what a value must be. */
  readonly wants: string;
  /** The value holds an address, so it means something in one family only. */
  readonly address?: true;
  /** The canonical value, `''` for a default that iptables does not print, undefined for one that cannot be accepted. */
  read(words: readonly string[], family: Family): string | undefined;
}

/** A match (`-m`) or a target (`-j`) whose canonical form is known; options stand in the order that iptables prints. */
export interface Extension {
  readonly name: string;
  readonly options: readonly Option[];
  /** Needs one of these as `-p`. */
  readonly protocols?: readonly string[];
  /** May stand without any option. */
  readonly bare?: true;
}

const one =
  (read: (text: string, family: Family) => string | undefined) => (words: readonly string[], family: Family) =>
    read(words[0]!, family);

const ports = (name: string, alias: string): Option => ({
  name,
  aliases: [alias],
  negatable: true,
  opposite: otherPorts,
  wants: 'a port or a range such as 9094 or 9000:9100 (numbers: names differ between hosts)',
  read: one(portRange),
});

const portLists = (name: string, alias?: string): Option => ({
  name,
  ...(alias ? { aliases: [alias] } : {}),
  negatable: true,
  wants: 'up to 15 ports such as 9090,9093:9094 (numbers: names differ between hosts)',
  read: one(portList),
});

const tracked = (name: string): Option => ({
  name,
  negatable: true,
  address: true,
  wants: 'one address or network of this family',
  read: one(canonicalTracked),
});

const states = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'];
const icmpNames = {
  'echo-reply': '0',
  'destination-unreachable': '3',
  'network-unreachable': '3/0',
  'host-unreachable': '3/1',
  'port-unreachable': '3/3',
  'fragmentation-needed': '3/4',
  'echo-request': '8',
  'time-exceeded': '11',
  'parameter-problem': '12',
};
const icmp6Names = {
  'destination-unreachable': '1',
  'packet-too-big': '2',
  'time-exceeded': '3',
  'parameter-problem': '4',
  'echo-request': '128',
  'echo-reply': '129',
  'router-solicitation': '133',
  'router-advertisement': '134',
  'neighbour-solicitation': '135',
  'neighbour-advertisement': '136',
};

/** The matches whose printed form is known, by name. */
export const matches: readonly Extension[] = [
  {
    name: 'tcp',
    protocols: ['tcp'],
    bare: true,
    options: [
      ports('--sport', '--source-port'),
      ports('--dport', '--destination-port'),
      {
        name: '--tcp-flags',
        takes: 2,
        negatable: true,
        wants: 'two lists of flags such as SYN,ACK SYN',
        read: ([mask, set]) => {
          const [a, b] = [tcpFlags(mask!), tcpFlags(set!)];
          return a === undefined || b === undefined ? undefined : `${a} ${b}`;
        },
      },
    ],
  },
  {
    name: 'udp',
    protocols: ['udp'],
    bare: true,
    options: [ports('--sport', '--source-port'), ports('--dport', '--destination-port')],
  },
  {
    name: 'icmp',
    protocols: ['icmp'],
    options: [
      {
        name: '--icmp-type',
        negatable: true,
        wants: `a type such as 8, 3/4, ${Object.keys(icmpNames).join(', ')}`,
        read: one(icmpType(icmpNames)),
      },
    ],
  },
  {
    name: 'icmp6',
    protocols: ['ipv6-icmp'],
    options: [
      {
        name: '--icmpv6-type',
        negatable: true,
        wants: `a type such as 128, 1/4, ${Object.keys(icmp6Names).join(', ')}`,
        read: one(icmpType(icmp6Names)),
      },
    ],
  },
  {
    name: 'conntrack',
    options: [
      {
        name: '--ctstate',
        negatable: true,
        wants: `states out of ${states.join(', ')}, SNAT, DNAT`,
        read: one(flags([...states, 'SNAT', 'DNAT'])),
      },
      tracked('--ctorigsrc'),
      tracked('--ctorigdst'),
      tracked('--ctreplsrc'),
      tracked('--ctrepldst'),
      { name: '--ctorigsrcport', negatable: true, wants: 'a port or a range of ports', read: one(portRange) },
      { name: '--ctorigdstport', negatable: true, wants: 'a port or a range of ports', read: one(portRange) },
      { name: '--ctdir', wants: 'ORIGINAL or REPLY', read: one(flags(['ORIGINAL', 'REPLY'])) },
    ],
  },
  {
    name: 'state',
    options: [
      { name: '--state', negatable: true, wants: `states out of ${states.join(', ')}`, read: one(flags(states)) },
    ],
  },
  {
    name: 'multiport',
    protocols: ['tcp', 'udp', 'udplite', 'sctp', 'dccp'],
    options: [
      portLists('--sports', '--source-ports'),
      portLists('--dports', '--destination-ports'),
      portLists('--ports'),
    ],
  },
  {
    name: 'limit',
    options: [
      { name: '--limit', wants: 'a rate such as 5/min', read: one(rate) },
      { name: '--limit-burst', wants: 'a number up to 10000', read: one(wholeNumber(10_000, '5')) },
    ],
  },
  {
    name: 'comment',
    options: [
      { name: '--comment', wants: 'a text of up to 240 bytes on one line', read: one((text) => quoted(text, 240)) },
    ],
  },
];

const rejections = {
  4: ['net-unreachable', 'host-unreachable', 'proto-unreachable', 'port-unreachable']
    .concat(['net-prohibited', 'host-prohibited', 'admin-prohibited'])
    .map((name) => `icmp-${name}`),
  6: ['no-route', 'adm-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'].map(
    (name) => `icmp6-${name}`,
  ),
} as const;

const levels = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'];

/** The targets a rule may have, by name. */
export const targets: readonly Extension[] = [
  { name: 'RETURN', bare: true, options: [] },
  { name: 'DROP', bare: true, options: [] },
  { name: 'ACCEPT', bare: true, options: [] },
  {
    name: 'REJECT',
    bare: true,
    options: [
      {
        name: '--reject-with',
        wants: `tcp-reset, ${rejections[4].join(', ')}; for IPv6 ${rejections[6].join(', ')}`,
        read: ([kind], family) => (kind === 'tcp-reset' || rejections[family].includes(kind!) ? kind : undefined),
      },
    ],
  },
  {
    name: 'LOG',
    bare: true,
    options: [
      { name: '--log-prefix', wants: 'a text of up to 29 bytes', read: one((text) => quoted(text, 29)) },
      {
        name: '--log-level',
        wants: `a level out of ${levels.join(', ')}`,
        read: ([level]) => {
          const number = levels.includes(level!) ? String(levels.indexOf(level!)) : level!;
          return wholeNumber(7, '4')(number);
        },
      },
    ],
  },
];

function quoted(text: string, max: number): string | undefined {
  const accepted = freeText(max)(text);
  return accepted === undefined ? undefined : quoteWord(accepted);
}
