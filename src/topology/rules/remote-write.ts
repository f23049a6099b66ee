import type { Place } from '../../diagnostics/diagnostic.ts';
import type { RemoteWrite, Topology } from '../topology.ts';
import type { Rule } from './rule.ts';

interface Writer {
  /** Name of the pair. */
  readonly name: string;
  readonly to: RemoteWrite;
  at(key: string): Place;
}

/** The pairs that write to a store. */
function writers({ scrapers, at }: Topology): readonly Writer[] {
  return scrapers.flatMap(({ name, remote_write: to }) =>
    to === undefined ? [] : [{ name, to, at: (key: string) => at(['scrapers', name, 'remote_write', key]) }],
  );
}

/** Where each store takes writes. A proxy in front may put more before it, and VictoriaMetrics has shorter forms. */
const PATHS = {
  mimir: { takes: /\/push$/, usual: '/api/v1/push' },
  thanos: { takes: /\/receive$/, usual: '/api/v1/receive' },
  victoriametrics: { takes: /\/write$/, usual: '/api/v1/write' },
} as const;

const remoteWritePath: Rule = {
  code: 'remote-write-path',
  severity: 'warning',
  title: 'The address that scrapers write to has the path at which its store takes writes.',
  why: 'A store answers other paths with 404, and Prometheus drops for good what was answered so.',
  mend: 'Write the whole address, with its path.',
  more: 'Mimir takes writes at /api/v1/push, Thanos Receive at /api/v1/receive (its port for it is 19291), VictoriaMetrics at /api/v1/write, or at /insert/TENANT/prometheus/api/v1/write of vminsert. Looked at is the last part, because proxies may add others before it.',
  find: ({ topology }) =>
    writers(topology).flatMap(({ name, to, at }) => {
      const path = to.url.replace(/^https?:\/\/[^/?#]*/, '').replace(/[?#].*$/s, '');
      const { takes, usual } = PATHS[to.kind];
      if (takes.test(path.replace(/\/$/, ''))) return [];
      return [
        { what: `${name} writes to ${path || '/'} of ${to.kind}, which takes writes at ${usual}.`, at: at('url') },
      ];
    }),
};

const remoteWriteTenant: Rule = {
  code: 'remote-write-tenant',
  severity: 'error',
  title: 'A tenant is named for Mimir and Thanos alone.',
  why: 'VictoriaMetrics knows tenants by the address: a header would be passed over, and the data be that of another.',
  mend: 'Take `tenant` out, and put the number into the address: …/insert/NUMBER/prometheus/api/v1/write.',
  more: 'The header is X-Scope-OrgID for Mimir and THANOS-TENANT for Thanos. Only the cluster version of VictoriaMetrics has tenants.',
  find: ({ topology }) =>
    writers(topology).flatMap(({ name, to, at }) =>
      to.kind === 'victoriametrics' && to.tenant !== undefined
        ? [{ what: `${name} names a tenant for VictoriaMetrics.`, at: at('tenant') }]
        : [],
    ),
};

const remoteWriteNotEncrypted: Rule = {
  code: 'remote-write-not-encrypted',
  severity: 'warning',
  title: 'Scrapers prove who they are to a store over TLS.',
  why: 'Passwords and tokens travel in clear, and certificates are not looked at.',
  mend: 'Write https://, or take `auth` out where only a proxy on the same host is spoken to.',
  more: 'Basic authentication and bearer tokens are headers of every request. All settings of `auth` about certificates do nothing for an address with http://.',
  find: ({ topology }) =>
    writers(topology).flatMap(({ name, to, at }) =>
      to.auth !== undefined && to.url.startsWith('http:')
        ? [{ what: `${name} proves who it is without encryption.`, at: at('url') }]
        : [],
    ),
};

/** Rules of what scrapers write to a store. */
export const remoteWriteRules: readonly Rule[] = [remoteWritePath, remoteWriteTenant, remoteWriteNotEncrypted];
