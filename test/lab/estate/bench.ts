import { createServer, type RequestListener, request, type Server } from 'node:http';
import { query } from './ask.ts';

/** An address that pushers use. */
export interface Door {
  readonly address: string;
  readonly port: number;
}

/** What the machine outside of the estate did and saw, with times in milliseconds. */
export interface Bench {
  readonly pushes: { readonly at: number; readonly door: string; readonly ok: boolean }[];
  /** Values of the deduplicated series, each the time in seconds at which it was pushed. */
  readonly seen: { readonly at: number; readonly door: string; readonly federator: string; readonly value: number }[];
  readonly pages: Page[];
  stop(): void;
}

/** One alert of a notification. */
export interface Page {
  readonly at: number;
  /** Which notification: all alerts of a group come in one. */
  readonly notification: number;
  readonly alert: string;
  /** All labels of the alert, as text. */
  readonly labels: string;
  readonly status: string;
}

/** How often a value is pushed through every door, in milliseconds. */
const PUSH_EVERY = 250;

/**
 * Pushes the time through every door again and again, looks at it in every federator each second, scrapes as `lab` and
 * takes the notifications. Each try of a push gets 800 ms, on a connection of its own.
 */
export async function startBench(own: string, doors: readonly Door[], federators: readonly string[]): Promise<Bench> {
  const bench: Omit<Bench, 'stop'> = { pushes: [], seen: [], pages: [] };
  let notification = 0;
  const servers = [
    await listen(own, 5001, (asked, answer) => {
      let body = '';
      asked.on('data', (bytes) => {
        body += bytes;
      });
      asked.on('end', () => {
        answer.end('ok');
        const { alerts } = JSON.parse(body) as { alerts: { labels: Record<string, string>; status: string }[] };
        notification += 1;
        const one = { at: Date.now(), notification };
        for (const { labels, status } of alerts)
          bench.pages.push({ ...one, alert: labels['alertname'] ?? '', labels: JSON.stringify(labels), status });
      });
    }),
    await listen(own, 9100, (_, answer) => answer.end(`lab_seconds ${Date.now() / 1000}\n`)),
  ];
  const timers = [
    ...doors.map((door) => setInterval(() => push(bench, door), PUSH_EVERY)),
    ...federators.map((federator) =>
      setInterval(() => {
        query(federator, 'pushgateway:newest:value{metric_name="lab_pushed_seconds"}').then(
          (samples) => {
            const at = Date.now();
            for (const { labels, value } of samples)
              bench.seen.push({ at, door: labels['instance'] ?? '', federator, value });
          },
          () => {},
        );
      }, 1000),
    ),
  ];
  return {
    ...bench,
    stop() {
      for (const timer of timers) clearInterval(timer);
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Serves HTTP at an address of this machine. */
export function listen(address: string, port: number, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, address, () => resolve(server));
  });
}

function push(bench: Pick<Bench, 'pushes'>, { address, port }: Door): void {
  const body = `lab_pushed_seconds ${Date.now() / 1000}\n`;
  const path = `/metrics/job/lab/instance/${address}`;
  const note = (ok: boolean) => void bench.pushes.push({ at: Date.now(), door: address, ok });
  const put = request({ host: address, port, method: 'PUT', path, timeout: 800, agent: false }, (answer) => {
    answer.resume();
    note(answer.statusCode === 200);
  });
  put.on('timeout', () => put.destroy(new Error('no answer')));
  put.on('error', () => note(false));
  put.end(body);
}

/** What came since in notifications that told nothing but what was known from earlier ones. */
export function repeated(bench: Bench, since: number): readonly Page[] {
  const told = new Map<string, string>();
  const again: Page[] = [];
  for (const one of new Set(bench.pages.map(({ notification }) => notification))) {
    const pages = bench.pages.filter(({ notification }) => notification === one);
    if (pages.every(({ at, labels, status }) => at > since && told.get(labels) === status)) again.push(...pages);
    for (const { labels, status } of pages) told.set(labels, status);
  }
  return again;
}

/** The longest time without a push that was taken, from a time on, in milliseconds. */
export function longestSilence(bench: Bench, door: string, since: number): number {
  const taken = bench.pushes.filter((one) => one.door === door && one.ok && one.at >= since).map(({ at }) => at);
  const times = [since, ...taken, Date.now()];
  return Math.max(...times.slice(1).map((at, index) => at - times[index]!));
}

/** How often a deduplicated value was older than the one before it, and how old the oldest was, in seconds. */
export function lies(bench: Bench, door: string, since: number): { readonly back: number; readonly oldest: number } {
  let back = 0;
  let oldest = 0;
  const last = new Map<string, number>();
  for (const { at, federator, value } of bench.seen.filter((one) => one.door === door && one.at >= since)) {
    if (value < (last.get(federator) ?? 0)) back += 1;
    last.set(federator, value);
    oldest = Math.max(oldest, at / 1000 - value);
  }
  return { back, oldest };
}

/** The longest time for which a federator showed no value of a door, from a time on, in milliseconds. */
export function longestGap(bench: Bench, door: string, since: number, federators: readonly string[]): number {
  return Math.max(
    ...federators.flatMap((federator) => {
      const seen = bench.seen.filter((one) => one.door === door && one.federator === federator && one.at >= since);
      const times = [since, ...seen.map(({ at }) => at), Date.now()];
      return times.slice(1).map((at, index) => at - times[index]!);
    }),
  );
}
