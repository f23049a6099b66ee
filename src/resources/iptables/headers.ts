import { canonicalNetwork, type Family, isOtherFamily } from './address.ts';
import type { RuleFault } from './rule.ts';

/** The conditions that a rule has at most once, without any match. */
export type Header = 'source' | 'destination' | 'input' | 'output' | 'protocol';

/** How they are written. */
export const headers: Readonly<Record<string, Header>> = {
  '-s': 'source',
  '--source': 'source',
  '--src': 'source',
  '-d': 'destination',
  '--destination': 'destination',
  '--dst': 'destination',
  '-i': 'input',
  '--in-interface': 'input',
  '-o': 'output',
  '--out-interface': 'output',
  '-p': 'protocol',
  '--protocol': 'protocol',
  '--proto': 'protocol',
};

/** The canonical value of a header: a comma list for addresses, `''` when it holds for everything. */
export function readHeader(header: Header, text: string, negated: boolean, family: Family): string | RuleFault {
  const value =
    header === 'protocol'
      ? readProtocol(text, family)
      : header === 'input' || header === 'output'
        ? readInterface(text)
        : readNetworks(text, family);
  if (typeof value !== 'string' || !negated) return value;
  if (value === '') return { why: `"! ${text}" holds for nothing.`, mend: 'Leave the rule out.' };
  if (value.includes(',')) return { why: '"!" cannot stand before a list.', mend: 'Name one address or network.' };
  return value;
}

function readNetworks(text: string, family: Family): string | RuleFault {
  const networks: string[] = [];
  for (const word of text.split(',')) {
    const network = canonicalNetwork(word, family);
    if (network === undefined) return addressFault(word, family);
    networks.push(network);
  }
  const everywhere = networks.some((network) => network.endsWith('/0'));
  if (everywhere && networks.length > 1) {
    return { why: `"${text}" holds for every address.`, mend: 'Leave the list out, or take /0 out of it.' };
  }
  return everywhere ? '' : networks.join(',');
}

function addressFault(word: string, family: Family): RuleFault {
  if (isOtherFamily(word, family)) {
    return family === 4
      ? { why: `"${word}" is an IPv6 address.`, mend: 'Put the rule into rules6.' }
      : { why: `"${word}" is an IPv4 address.`, mend: 'Put the rule into rules.' };
  }
  return {
    why: `"${word}" is not an IPv${family} address or network.`,
    mend: 'Write addresses as numbers: iptables would look a name up once and keep what it found.',
  };
}

function readInterface(text: string): string | RuleFault {
  return /^[A-Za-z0-9_.:@-]{1,15}$|^[A-Za-z0-9_.:@-]{1,14}\+$/.test(text)
    ? text
    : {
        why: `"${text}" is not the name of an interface.`,
        mend: 'Write up to 15 characters, "+" at the end for any ending.',
      };
}

// Names that every build of iptables knows by itself; the others depend on /etc/protocols, so their numbers are used.
const builtIn = new Map<string, string>(
  Object.entries({
    '6': 'tcp',
    '17': 'udp',
    '1': 'icmp',
    '58': 'ipv6-icmp',
    icmpv6: 'ipv6-icmp',
    '50': 'esp',
    '51': 'ah',
    '132': 'sctp',
    '136': 'udplite',
    vrrp: '112',
    gre: '47',
    igmp: '2',
    ospf: '89',
    dccp: '33',
  }),
);

function readProtocol(text: string, family: Family): string | RuleFault {
  const word = text.toLowerCase();
  if (word === 'all' || word === '0') return '';
  const name = builtIn.get(word) ?? word;
  const known = [...builtIn.values()].includes(name) || (/^[1-9]\d{0,2}$/.test(name) && Number(name) < 256);
  if (!known)
    return { why: `"${text}" is not a protocol that hadeploy knows.`, mend: 'Write the number of the protocol.' };
  if (name === (family === 4 ? 'ipv6-icmp' : 'icmp')) {
    return { why: `"${text}" never occurs in IPv${family}.`, mend: `Write ${family === 4 ? 'icmp' : 'ipv6-icmp'}.` };
  }
  return name;
}
