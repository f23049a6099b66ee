import type { Filter, NamedValues, Test, Value } from '../jinja/jinja.ts';
import { readYaml } from '../yaml/yaml.ts';
import { askAddress, isWithin, nthAddress, queries, readAddress, wrapped } from './ipaddr.ts';

/** The filters that templates have beside those of Jinja2: addresses, as Ansible names them, and reading YAML. */
export const filters: Readonly<Record<string, Filter>> = {
  ipaddr: (value, args, named) => askAll(value, query(args, named), () => true),
  ipv4: (value, args, named) => askAll(value, query(args, named), (version) => version === 4),
  ipv6: (value, args, named) => askAll(value, query(args, named), (version) => version === 6),
  ipwrap: (value) => (typeof value === 'string' ? wrapped(value) : Array.isArray(value) ? value.map(wrapOne) : value),
  nthhost: (value, [n]) => {
    const address = readAddress(value);
    return (address && typeof n === 'number' ? nthAddress(address, n) : undefined) ?? false;
  },
  from_yaml: (value) => {
    const read = readYaml('the text', textIn(value));
    if (read.ok) return read.value.value as Value;
    throw new Error(read.faults.map((fault) => fault.what).join(' '));
  },
};

/** Tests of addresses. */
export const tests: Readonly<Record<string, Test>> = {
  ip: (value) => readAddress(value) !== undefined && !String(value).includes('/'),
  in_network: (value, [network]) => {
    const within = readAddress(network);
    if (!within) throw new Error(`"${String(network)}" is not a network.`);
    const address = readAddress(value);
    return address !== undefined && isWithin(address, within);
  },
};

function query(args: readonly Value[], named: NamedValues): string | number {
  const asked = args[0] ?? named['query'] ?? '';
  if (typeof asked === 'string' || typeof asked === 'number') return asked;
  throw new Error('what is asked of an address must be text or a number.');
}

/** The answer for one address; for a list, the answers that are not "no". */
function askAll(value: Value, asked: string | number, wanted: (version: 4 | 6) => boolean): Value {
  if (Array.isArray(value)) return value.map((one: Value) => askAll(one, asked, wanted)).filter((one) => one !== false);
  const address = readAddress(value);
  const answer = address ? askAddress(address, String(value), asked) : checkQuery(asked);
  if (answer === undefined) throw unknownQuery(asked);
  return address && wanted(queries['version']!(address, '') as 4 | 6) ? answer : false;
}

function checkQuery(asked: string | number): false {
  const isKnown =
    typeof asked === 'number' || /^-?\d+$/.test(asked) || readAddress(asked) || Object.hasOwn(queries, asked);
  if (!isKnown) throw unknownQuery(asked);
  return false;
}

function unknownQuery(asked: string | number): Error {
  const known = Object.keys(queries).filter((name) => name !== '');
  return new Error(`"${asked}" cannot be asked of an address; known are ${known.join(', ')}, a number, or a network.`);
}

function wrapOne(value: Value): Value {
  return typeof value === 'string' ? wrapped(value) : value;
}

function textIn(value: Value): string {
  if (typeof value === 'string') return value;
  throw new Error('it reads text.');
}
