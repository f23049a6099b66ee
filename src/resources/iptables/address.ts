/** The two worlds of iptables: `iptables` and `ip6tables`. */
export type Family = 4 | 6;

/** An address with its prefix length, host bits cleared, as iptables prints it. */
interface Network {
  readonly address: string;
  readonly prefix: number;
}

/** Whether a text looks like an address of the other family, so that the fault can say so. */
export function isOtherFamily(text: string, family: Family): boolean {
  return readNetwork(text, family === 4 ? 6 : 4) !== undefined;
}

/** `10.0.0.5/24` → `10.0.0.0/24`, `fd00::1` → `fd00::1/128`; undefined when it is no address or network of this family. */
export function canonicalNetwork(text: string, family: Family): string | undefined {
  const network = readNetwork(text, family);
  return network && `${network.address}/${network.prefix}`;
}

/** As `canonicalNetwork`, but a single address stands without its prefix: the way of connection tracking. */
export function canonicalTracked(text: string, family: Family): string | undefined {
  const network = readNetwork(text, family);
  if (network === undefined || network.prefix === 0) return undefined;
  return network.prefix === (family === 4 ? 32 : 128) ? network.address : `${network.address}/${network.prefix}`;
}

function readNetwork(text: string, family: Family): Network | undefined {
  const [address = '', mask, ...rest] = text.split('/');
  const octets = family === 4 ? octetsOf4(address) : octetsOf6(address);
  if (octets === undefined || rest.length > 0) return undefined;
  const prefix = mask === undefined ? octets.length * 8 : prefixOf(mask, family);
  if (prefix === undefined) return undefined;
  const kept = octets.map((octet, i) => octet & (0xff00 >> Math.max(0, Math.min(8, prefix - i * 8))) & 0xff);
  return { address: family === 4 ? kept.join('.') : text6(kept), prefix };
}

function prefixOf(mask: string, family: Family): number | undefined {
  if (/^(0|[1-9]\d{0,2})$/.test(mask)) return Number(mask) <= (family === 4 ? 32 : 128) ? Number(mask) : undefined;
  const octets = family === 4 ? octetsOf4(mask) : octetsOf6(mask);
  const bits = octets?.map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return bits !== undefined && /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

function octetsOf4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
    ? parts.map(Number)
    : undefined;
}

function octetsOf6(text: string): readonly number[] | undefined {
  const plain = shorten(text);
  if (plain === undefined) return undefined;
  const [head = '', tail] = plain.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}

function text6(octets: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((octets[i * 2]! << 8) | octets[i * 2 + 1]!).toString(16));
  const zeros = groups.slice(0, 5).every((group) => group === '0');
  const last4 = octets.slice(12).join('.');
  // inet_ntop writes the mapped and the old compatible range with a dotted end.
  if (zeros && groups[5] === 'ffff') return `::ffff:${last4}`;
  if (zeros && groups[5] === '0' && groups[6] !== '0') return `::${last4}`;
  return shorten(groups.join(':'))!;
}

/** The URL standard prescribes the same short form of an IPv6 address as inet_ntop, bar the dotted ends. */
function shorten(text: string): string | undefined {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !URL.canParse(`http://[${text}]`)) return undefined;
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}
