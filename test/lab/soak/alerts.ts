import { listen } from '../estate/bench.ts';
import type { Page, Raised } from './recording.ts';
import { RAISE_EVERY, RAISE_FOR } from './timing.ts';

/** The alert that fires from the first moment to the last. */
export const ALWAYS = 'always';

/** What the machine outside of the estate raises and is told. */
export interface Alerts {
  raised(): readonly Raised[];
  stop(): void;
}

/**
 * Is scraped as the estate's exporter `lab`, showing the time and which alerts are raised, raises a new one every half
 * minute, and takes the notifications.
 */
export async function startAlerts(own: string, note: (page: Page) => void): Promise<Alerts> {
  const raised: Raised[] = [{ number: ALWAYS, at: Date.now(), withdrawn: undefined }];
  const raise = () => {
    const at = Date.now();
    raised.push({ number: String(raised.length), at, withdrawn: at + RAISE_FOR });
  };
  // An alert that is over is shown as 0: before version 2.49 a federator goes on for five minutes with what vanished.
  const shown = () =>
    raised.map(
      ({ number, withdrawn }) => `soak_alert{number="${number}"} ${Date.now() < (withdrawn ?? Infinity) ? 1 : 0}\n`,
    );
  const servers = [
    await listen(own, 9100, (_, answer) => {
      answer.end(`soak_seconds ${Date.now() / 1000}\n${shown().join('')}`);
    }),
    await listen(own, 5001, (asked, answer) => {
      let body = '';
      asked.on('data', (bytes) => {
        body += bytes;
      });
      asked.on('end', () => {
        answer.end('ok');
        const at = Date.now();
        const from = asked.socket.remoteAddress ?? '';
        const { alerts } = JSON.parse(body) as { alerts: { labels: Record<string, string>; status: string }[] };
        for (const { labels, status } of alerts)
          note({ at, from, alert: labels['alertname'] ?? '', number: labels['number'] ?? '', status });
      });
    }),
  ];
  const timer = setInterval(raise, RAISE_EVERY);
  return {
    raised: () => raised,
    stop() {
      clearInterval(timer);
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}
