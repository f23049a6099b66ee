import { Address4, Address6 } from 'ip-address';

type Address = Address4 | Address6;

/** Reads an address, with or without a prefix length (`10.0.0.1`, `10.0.0.0/24`, `2001:db8::1/64`); undefined if it is none. */
export function readAddress(value: unknown): Address | undefined {
  if (typeof value !== 'string' || /\/0\d/.test(value) || value.includes('%')) return undefined;
  if (Address4.isValid(value)) return new Address4(value);
  return Address6.isValid(value) ? new Address6(value) : undefined;
}

const isV4 = (address: Address): address is Address4 => address instanceof Address4;
const bits = (address: Address): number => (isV4(address) ? 32 : 128);
const isSingle = (address: Address): boolean => address.subnetMask === bits(address);
const isNetwork = (address: Address): boolean =>
  !isSingle(address) && address.bigInt() === address.startAddress().bigInt();
const size = (address: Address): bigint => 1n << BigInt(bits(address) - address.subnetMask);
const bare = (address: Address): string => address.correctForm();
const withPrefix = (text: string, address: Address): string => `${text}/${address.subnetMask}`;
const number = (value: bigint): number | string => (value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value));

/** Address number `n` of a network, from its start, or from its end when negative; undefined outside of it. */
export function nthAddress(address: Address, n: number): string | undefined {
  const index = n < 0 ? size(address) + BigInt(n) : BigInt(n);
  if (index < 0n || index >= size(address)) return undefined;
  const value = address.startAddress().bigInt() + index;
  return isV4(address) ? Address4.fromBigInt(value).correctForm() : Address6.fromBigInt(value).correctForm();
}

/** Whether an address or network lies within a network. */
export function isWithin(address: Address, network: Address): boolean {
  return isV4(address) === isV4(network) && address.isInSubnet(network as Address4 & Address6);
}

/** What can be asked of an address, by name, as the `ipaddr` filter of Ansible answers it: false means "not that". */
export const queries: Readonly<Record<string, (address: Address, written: string) => string | number | boolean>> = {
  '': (_, written) => written,
  address: (address) => (isNetwork(address) && size(address) > 2n && isV4(address) ? false : bare(address)),
  host: (address) =>
    isSingle(address)
      ? withPrefix(bare(address), address)
      : isNetwork(address)
        ? false
        : withPrefix(bare(address), address),
  net: (address) => (isNetwork(address) ? withPrefix(bare(address), address) : false),
  network: (address) => (isSingle(address) ? false : bare(address.startAddress())),
  subnet: (address) => withPrefix(bare(address.startAddress()), address),
  'network/prefix': (address) => withPrefix(bare(address.startAddress()), address),
  'host/prefix': (address) => (isNetwork(address) || isSingle(address) ? false : withPrefix(bare(address), address)),
  prefix: (address) => address.subnetMask,
  netmask: (address) => bare(address.subnetMaskAddress()),
  broadcast: (address) => (isV4(address) && size(address) > 2n ? bare(address.endAddress()) : false),
  size: (address) => number(size(address)),
  int: (address) => (isNetwork(address) ? withPrefix(String(address.bigInt()), address) : number(address.bigInt())),
  version: (address) => (isV4(address) ? 4 : 6),
  type: (address) => (isNetwork(address) ? 'network' : 'address'),
  private: (address, written) => (address.isPrivate() ? written : false),
  public: (address, written) => (address.isPrivate() || !isGlobal(address) ? false : written),
};

function isGlobal(address: Address): boolean {
  return !address.isLoopback() && !address.isMulticast() && !address.isLinkLocal();
}

/** What a query says of one address; undefined when no such query exists. A number is that address of the network. */
export function askAddress(
  address: Address,
  written: string,
  query: string | number,
): string | number | boolean | undefined {
  const position = typeof query === 'number' || /^-?\d+$/.test(query) ? Number(query) : undefined;
  if (position !== undefined) {
    const nth = nthAddress(address, position);
    return nth === undefined ? false : withPrefix(nth, address);
  }
  const network = readAddress(query);
  if (network) return isWithin(address, network) ? written : false;
  return Object.hasOwn(queries, query) ? queries[query as string]!(address, written) : undefined;
}

/** An address as it stands in a URL: IPv6 in brackets; other text as it is. */
export function wrapped(value: string): string {
  const address = readAddress(value);
  if (!address || isV4(address)) return value;
  const [host, prefix] = value.split('/');
  return prefix === undefined ? `[${host}]` : `[${host}]/${prefix}`;
}
