// Readers of option values: the canonical text, or undefined when the value cannot be accepted.

/** `9094`, `9000:9100`, `:1024`, `1024:`; names of services differ between hosts and are not accepted. */
export function portRange(text: string): string | undefined {
  const [low = '', high, ...rest] = text.split(':');
  if (rest.length > 0 || text === ':') return undefined;
  const from = low === '' ? '0' : port(low);
  const to = high === undefined ? from : high === '' ? '65535' : port(high);
  if (from === undefined || to === undefined || Number(from) > Number(to)) return undefined;
  if (from === '0' && to === '65535') return undefined;
  return from === to ? from : `${from}:${to}`;
}

/** All ports but these, where that is one range: builds of iptables differ in whether they print `! 0:11` or `12:65535`. */
export function otherPorts(range: string): string | undefined {
  const [low, high] = range.split(':').map(Number);
  if (high === undefined) return undefined;
  if (low === 0) return portRange(`${high + 1}:`);
  return high === 65535 ? portRange(`:${low! - 1}`) : undefined;
}

/** Up to 15 ports (a range counts as two), separated by commas, in the order given. */
export function portList(text: string): string | undefined {
  const ranges = text.split(',').map((one) => (/^\d+(:\d+)?$/.test(one) ? portRange(one) : undefined));
  const slots = ranges.reduce((sum, one) => sum + (one?.includes(':') ? 2 : 1), 0);
  return ranges.includes(undefined) || slots > 15 ? undefined : ranges.join(',');
}

function port(text: string): string | undefined {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65535 ? text : undefined;
}

/** A list of words in the one order in which iptables prints them; each at most once. */
export function flags(order: readonly string[]): (text: string) => string | undefined {
  return (text) => {
    const given = text.toUpperCase().split(',');
    if (new Set(given).size !== given.length || given.some((flag) => !order.includes(flag))) return undefined;
    return order.filter((flag) => given.includes(flag)).join(',');
  };
}

const tcpFlagOrder = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

/** One side of `--tcp-flags`: flags, `ALL` or `NONE`. */
export function tcpFlags(text: string): string | undefined {
  if (text.toUpperCase() === 'NONE') return 'NONE';
  return text.toUpperCase() === 'ALL' ? tcpFlagOrder.join(',') : flags(tcpFlagOrder)(text);
}

/** An ICMP type by number (`8`, `3/4`) or by one of the names given. */
export function icmpType(names: Readonly<Record<string, string>>): (text: string) => string | undefined {
  return (text) => {
    const [type = '', code, ...rest] = (Object.hasOwn(names, text) ? names[text]! : text).split('/');
    if (rest.length > 0 || !isByte(type) || (code !== undefined && !isByte(code))) return undefined;
    return code === undefined ? type : `${type}/${code}`;
  };
}

function isByte(text: string): boolean {
  return /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) < 256;
}

// The kernel keeps a limit as the pause between two packets in units of 0.1 ms (XT_LIMIT_SCALE).
const rateUnits = [
  { name: 'day', pause: 864_000_000 },
  { name: 'hour', pause: 36_000_000 },
  { name: 'min', pause: 600_000 },
  { name: 'sec', pause: 10_000 },
] as const;

/** `5/minute` → `5/min`, `300/hour` → `5/min`: the largest unit that tells the rate without loss, as iptables picks it. */
export function rate(text: string): string | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})\/(day|hour|minute|min|second|sec)s?$/.exec(text) ?? [];
  const given = rateUnits.find(({ name }) => unit.startsWith(name));
  if (given === undefined) return undefined;
  const pause = Math.floor(given.pause / Number(count));
  if (pause === 0) return undefined;
  const coarser = rateUnits.findIndex(
    (one, i) => i > 0 && (pause > one.pause || quotient(one.pause, pause) < one.pause % pause),
  );
  const shown = rateUnits[coarser < 0 ? 3 : coarser - 1]!;
  return `${quotient(shown.pause, pause)}/${shown.name}`;
}

function quotient(a: number, b: number): number {
  return Math.floor(a / b);
}

/** A positive whole number up to `max`; the default is left out, as iptables leaves it out (`''`). */
export function wholeNumber(max: number, silent?: string): (text: string) => string | undefined {
  return (text) => {
    if (!/^(0|[1-9]\d{0,8})$/.test(text) || Number(text) > max) return undefined;
    return text === silent ? '' : text;
  };
}

/** Free text of up to `max` bytes without control characters. */
export function freeText(max: number): (text: string) => string | undefined {
  return (text) =>
    text !== '' && !/[\x00-\x1f\x7f]/.test(text) && new TextEncoder().encode(text).length <= max ? text : undefined;
}
