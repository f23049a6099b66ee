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
  const active = () => raised.filter(({ withdrawn }) => withdrawn === undefined || withdrawn > Date.now());
  const servers = [
    await listen(own, 9100, (_, answer) => {
      const alerts = active().map(({ number }) => `soak_alert{number="${number}"} 1\n`);
      answer.end(`soak_seconds ${Date.now() / 1000}\n${alerts.join('')}`);
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
