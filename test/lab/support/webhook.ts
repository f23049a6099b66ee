import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A notification as Alertmanager posts it. */
export interface Notification {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** A receiver of notifications on this machine. */
export interface Webhook {
  readonly url: string;
  /** What arrived about an alert, oldest first. */
  about(alertname: string): readonly Notification[];
  close(): void;
}

/** Listens on an address of this machine that the hosts reach, and keeps every notification. */
export function listen(address: string): Promise<Webhook> {
  const arrived: Notification[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      arrived.push(JSON.parse(body) as Notification);
      response.end();
    });
  });
  return new Promise((settle, reject) => {
    server.on('error', reject);
    server.listen(0, address, () => {
      settle({
        url: `http://${address}:${(server.address() as AddressInfo).port}/`,
        about: (name) => arrived.filter(({ alerts }) => alerts.some(({ labels }) => labels['alertname'] === name)),
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}
