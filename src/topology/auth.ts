import type { Auth } from './topology.ts';

/** What proves who asks, as Prometheus' settings of a scrape or a write. */
export function authOf({ username, password_file, credentials_file, ...tls }: Auth): Readonly<Record<string, unknown>> {
  return {
    ...(username !== undefined && { basic_auth: { username, password_file } }),
    ...(credentials_file !== undefined && { authorization: { credentials_file } }),
    ...(Object.keys(tls).length > 0 && { tls_config: tls }),
  };
}
