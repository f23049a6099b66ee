import fc from 'fast-check';
import type { Family } from '../../../../src/resources/iptables/address.ts';

type Words = fc.Arbitrary<string>;

/** Rules as people write them, in any order and spelling that iptables takes; every one of them is valid. */
export function anyRule(family: Family): Words {
  return fc.constantFrom<Protocol>('tcp', 'udp', 'icmp', 'other', 'none').chain((protocol) =>
    fc
      .tuple(
        maybe(addressed('-s', '--source', family)),
        maybe(addressed('-d', '--dst', family)),
        maybe(negatable(['-i', '--in-interface'], interfaces)),
        maybe(negatable(['-o', '--out-interface'], interfaces)),
        protocolWords(protocol, family),
        fc.shuffledSubarray(['conntrack', 'state', 'comment', 'limit', 'multiport'] as const),
        fc.tuple(conntrack(family), state, comment, limit, multiport),
        maybe(protocolOptions(protocol, family)),
        target(protocol, family),
        fc.nat(5),
      )
      .map(([source, destination, input, output, proto, names, parts, options, jump, position]) => {
        const [ct, st, note, pace, many] = parts;
        const texts = { conntrack: ct, state: st, comment: note, limit: pace, multiport: many };
        const usable = names.filter((name) => name !== 'multiport' || protocol === 'tcp' || protocol === 'udp');
        const matches = usable.slice(0, 3).map((name) => texts[name]);
        // Beside multiport, iptables takes a --dport without its own -m for an abbreviation of --dports.
        const own = matches.includes(many) && /^(! )?--/.test(options) ? `-m ${protocol} ${options}` : options;
        matches.splice(Math.min(position, matches.length), 0, own);
        const words = [source, destination, input, output, proto, ...matches];
        // A target may stand anywhere; its own options must follow it.
        words.splice(position === 0 ? 0 : words.length, 0, jump);
        return words.filter((text) => text !== '').join(' ');
      }),
  );
}

type Protocol = 'tcp' | 'udp' | 'icmp' | 'other' | 'none';

const maybe = (words: Words): Words => fc.oneof(fc.constant(''), words);
const interfaces = fc.constantFrom('eth0', 'monitoring', 'br-1a2b3c', 'wg+', 'eth0.100');
const port = fc.integer({ min: 1, max: 65_535 });
const portRange = fc.oneof(
  port.map(String),
  fc.tuple(port, port).map(([a, b]) => (a === b ? `${a}` : `${Math.min(a, b)}:${Math.max(a, b)}`)),
  fc.integer({ min: 1, max: 65_534 }).map((p) => `:${p}`),
  port.map((p) => `${p}:`),
);

function negatable(names: readonly string[], value: Words): Words {
  return fc
    .tuple(fc.constantFrom('', '! '), fc.constantFrom(...names), value)
    .map(([not, name, text]) => `${not}${name} ${text}`);
}

function address(family: Family): Words {
  if (family === 4) {
    return fc
      .tuple(
        fc.ipV4(),
        fc.oneof(
          fc.constant(''),
          fc.integer({ min: 1, max: 32 }).map((bits) => `/${bits}`),
          fc.constant('/255.255.240.0'),
        ),
      )
      .map(([ip, mask]) => ip + mask);
  }
  return fc
    .tuple(
      fc.ipV6(),
      fc.oneof(
        fc.constant(''),
        fc.integer({ min: 1, max: 128 }).map((bits) => `/${bits}`),
      ),
    )
    .map(([ip, mask]) => ip + mask);
}

function addressed(short: string, long: string, family: Family): Words {
  const list = fc.array(address(family), { minLength: 1, maxLength: 1 }).map((all) => all.join(','));
  return negatable([short, long], list);
}

function protocolWords(protocol: Protocol, family: Family): Words {
  if (protocol === 'none') return fc.constantFrom('', '-p all');
  if (protocol === 'other')
    return negatable(['-p', '--protocol'], fc.constantFrom('esp', 'ah', 'sctp', 'udplite', '47', '112', '253', 'vrrp'));
  if (protocol === 'icmp')
    return family === 4
      ? fc.constantFrom('-p icmp', '-p 1', '--proto ICMP')
      : fc.constantFrom('-p icmpv6', '-p ipv6-icmp', '-p 58');
  return fc.constantFrom(`-p ${protocol}`, `--protocol ${protocol === 'tcp' ? 6 : 17}`);
}

function protocolOptions(protocol: Protocol, family: Family): Words {
  if (protocol === 'icmp') {
    return family === 4
      ? negatable(
          ['--icmp-type', '-m icmp --icmp-type'],
          fc.constantFrom('8', '3/4', 'echo-request', 'fragmentation-needed'),
        ).map(notAtMatch)
      : negatable(
          ['--icmpv6-type', '-m icmp6 --icmpv6-type'],
          fc.constantFrom('128', '1/4', 'packet-too-big', 'echo-reply'),
        ).map(notAtMatch);
  }
  if (protocol !== 'tcp' && protocol !== 'udp') return fc.constant('');
  const flags =
    protocol === 'tcp'
      ? maybe(negatable(['--syn', '--tcp-flags ACK,SYN SYN', '--tcp-flags ALL NONE'], fc.constant('')))
      : fc.constant('');
  return fc
    .tuple(
      fc.constantFrom('', `-m ${protocol} `),
      fc
        .tuple(maybe(negatable(['--dport'], portRange)), maybe(negatable(['--sport'], portRange)), flags)
        .chain((all) => fc.shuffledSubarray(all, { minLength: 3 })),
    )
    .map(([match, options]) => (match + options.join(' ')).trim().replace(/^(-m .*)--dport/, '$1--destination-port'));
}

// "! -m icmp --icmp-type 8" is written "-m icmp ! --icmp-type 8".
function notAtMatch(text: string): string {
  return text.replace(/^! (-m \S+) /, '$1 ! ');
}

function conntrack(family: Family): Words {
  const options = [
    negatable(
      ['--ctstate'],
      fc
        .shuffledSubarray(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'DNAT'], { minLength: 1 })
        .map((all) => all.join(',')),
    ),
    negatable(['--ctorigdst'], address(family)),
    negatable(['--ctorigsrc'], address(family)),
    negatable(['--ctorigdstport'], port.map(String)),
    fc.constantFrom('--ctdir REPLY', '--ctdir ORIGINAL'),
  ];
  return fc
    .tuple(...options)
    .chain((all) => fc.shuffledSubarray(all, { minLength: 1 }))
    .map((all) => `-m conntrack ${all.join(' ')}`);
}

const state = negatable(
  ['--state'],
  fc.shuffledSubarray(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'], { minLength: 1 }).map((all) => all.join(',')),
).map((text) => `-m state ${text}`);
const comment = fc
  .constantFrom('peer', '"two words"', '"it is \\"so\\""', '"a/b: 5%"', 'dots.and-dashes', '"schön"')
  .map((text) => `-m comment --comment ${text}`);
const limit = fc
  .tuple(
    fc.integer({ min: 1, max: 200 }),
    fc.constantFrom('second', 'sec', 'minute', 'min', 'hour'),
    fc.constantFrom('', ' --limit-burst 5', ' --limit-burst 20'),
  )
  .map(([count, unit, burst]) => `-m limit --limit ${count}/${unit}${burst}`);
const multiport = negatable(
  ['--dports', '--sports', '--ports'],
  fc.array(port, { minLength: 1, maxLength: 5 }).map((all) => all.join(',')),
).map((text) => `-m multiport ${text}`);

function target(protocol: Protocol, family: Family): Words {
  const plain = fc.constantFrom(
    'RETURN',
    'DROP',
    'ACCEPT',
    'REJECT',
    'LOG',
    'LOG --log-prefix "in: " --log-level info',
    'LOG --log-level 4',
  );
  const reject =
    family === 4
      ? fc.constantFrom('icmp-host-prohibited', 'icmp-net-unreachable')
      : fc.constantFrom('icmp6-adm-prohibited', 'icmp6-no-route');
  const reset = protocol === 'tcp' ? [fc.constant('REJECT --reject-with tcp-reset')] : [];
  return fc
    .oneof(
      plain,
      reject.map((how) => `REJECT --reject-with ${how}`),
      ...reset,
    )
    .map((text) => `-j ${text}`);
}
