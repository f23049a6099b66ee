/** Addresses in a row: a network, or one address alone. */
export interface Network {
  /** Number of its first address. */
  readonly first: number;
  /** How many addresses it has. */
  readonly size: number;
  /** Number of the address that was written, which need not be the first one. */
  readonly address: number;
}

/** The number of an IPv4 address; undefined for any other text. */
export function addressNumber(text: string): number | undefined {
  const parts = /^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/.exec(text)?.slice(1);
  // A leading zero would be octal to some programs.
  if (!parts?.every((part) => Number(part) < 256 && String(Number(part)) === part)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The network of `10.0.0.0/24`, `10.0.0.5/24` or, alone, `10.0.0.5`; undefined for any other text. */
export function readNetwork(text: string): Network | undefined {
  const found = /^([0-9.]+)(?:\/([0-9]|[12][0-9]|3[0-2]))?$/.exec(text);
  const address = addressNumber(found?.[1] ?? '');
  if (address === undefined) return undefined;
  const size = 2 ** (32 - Number(found?.[2] ?? 32));
  return { first: address - (address % size), size, address };
}

/** Whether two networks have an address in common. */
export function overlap(a: Network, b: Network): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** A network as text, with the length of its prefix. */
export function networkText({ first, size }: Network): string {
  return `${addressText(first)}/${32 - Math.log2(size)}`;
}

/** An address as text. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Whether an address is in one of the networks that nobody reaches from the internet (RFC 1918, RFC 6598). */
export function isPrivate(address: number): boolean {
  return PRIVATE.some((network) => overlap(network, { first: address, size: 1, address }));
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map((text) => readNetwork(text)!);
