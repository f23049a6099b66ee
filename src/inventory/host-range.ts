/** The hosts that a name of an inventory stands for, or what is wrong with it. */
export type Expansion =
  | { readonly names: readonly string[]; readonly port: number | undefined }
  | { readonly fault: string; readonly mend?: string };

/** A range may not make more hosts than this; nobody means to. */
const MOST_HOSTS = 10_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LABEL = /^(?:\w|\[[\w:]+\])(?:[\w-]|\[[\w:]+\])*(?<![_-])$/u;

/** Expands `web[01:20:2].example.org` and `mon-[a:c]`, and takes a port off `host:2222` and `[2001:db8::1]:2222`. */
export function expandHosts(pattern: string): Expansion {
  const { address, port } = splitPort(pattern);
  if (isIpv6(address)) return { names: [address], port };
  if (port === undefined && pattern.endsWith(':')) {
    return { fault: `The host name "${pattern}" ends in a colon.`, mend: 'Remove it, or give a port after it.' };
  }
  const names = expandRanges(address);
  return 'fault' in names ? names : { names: names.list, port };
}

/** Whether a text is a host name, an address or a range of them, with or without a port: not a list of patterns. */
export function isAddress(text: string): boolean {
  const { address } = splitPort(text);
  return isIpv6(address) || isHostName(address);
}

/** Eight groups of hex digits, or fewer around one `::`; the last two may be written as an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.replace(/(?<=:)(?:\d{1,3}\.){3}\d{1,3}$/, '0:0').split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const hasRightLength = halves.length === 2 ? groups.length < 8 : halves.length === 1 && groups.length === 8;
  return hasRightLength && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
}

function isHostName(text: string): boolean {
  return text.split(/\.(?![^[]*\])/).every((label) => LABEL.test(label));
}

function splitPort(text: string): { readonly address: string; readonly port: number | undefined } {
  const match = /^\[(.+)\]:(\d+)$/.exec(text) ?? /^((?:[^:[\]]|\[[^\]]*\])*):(\d+)$/.exec(text);
  const address = match?.[1];
  if (address === undefined || !(isIpv6(address) || isHostName(address))) return { address: text, port: undefined };
  return { address, port: Number(match![2]) };
}

function expandRanges(text: string): { readonly list: readonly string[] } | { readonly fault: string; mend?: string } {
  const match = /^([^[]*)\[([^\]]*)\](.*)$/.exec(text);
  if (!match) return text.includes('[') ? bad(text, 'has a bracket that is not closed') : { list: [text] };
  const [, head = '', range = '', tail = ''] = match;
  const values = valuesOf(range);
  if (typeof values === 'string') return bad(text, values);
  const rest = expandRanges(tail);
  if ('fault' in rest) return bad(text, rest.fault);
  if (values.length * rest.list.length > MOST_HOSTS) return bad(text, `stands for more than ${MOST_HOSTS} hosts`);
  return { list: values.flatMap((value) => rest.list.map((end) => head + value + end)) };
}

function bad(text: string, complaint: string): { readonly fault: string; readonly mend: string } {
  const mend = 'A range is [first:last] or [first:last:step] of numbers or single letters: web[01:20], mon-[a:c].';
  return { fault: `The host range "${text}" ${complaint}.`, mend };
}

/** The values of `first:last` or `first:last:step`, or the complaint about them. */
function valuesOf(range: string): readonly string[] | string {
  const [first = '', last = '', step = '1', more] = range.split(':');
  if (!range.includes(':') || more !== undefined) return 'is not of the form [first:last]';
  if (last === '') return 'has no end';
  if (!/^[1-9]\d*$/.test(step)) return 'has a step that is not a positive number';
  if (/^[a-zA-Z]$/.test(first) && /^[a-zA-Z]$/.test(last)) {
    const letters = sequence(LETTERS.indexOf(first), LETTERS.indexOf(last), Number(step)).map((i) => LETTERS[i]!);
    return letters.length > 0 ? letters : 'ends before it begins';
  }
  const begin = first === '' ? '0' : first;
  if (!/^\d{1,9}$/.test(begin) || !/^\d{1,9}$/.test(last)) return 'is not of numbers or single letters';
  const isPadded = begin.startsWith('0') && begin.length > 1;
  if (isPadded && begin.length !== last.length) return 'must have first and last of one length where it has zeros';
  if (Number(begin) > Number(last)) return 'ends before it begins';
  if ((Number(last) - Number(begin)) / Number(step) > MOST_HOSTS) return `stands for more than ${MOST_HOSTS} hosts`;
  const numbers = sequence(Number(begin), Number(last), Number(step));
  return numbers.map((value) => (isPadded ? String(value).padStart(begin.length, '0') : String(value)));
}

function sequence(first: number, last: number, step: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => first + i * step);
}
