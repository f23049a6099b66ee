import { authOf } from './auth.ts';
import type { RemoteWrite } from './topology.ts';

/** One entry of Prometheus' `write_relabel_configs`. */
type Relabeling = Readonly<Record<string, unknown>>;

/** The header by which a store tells tenants apart; VictoriaMetrics has the tenant in the address. */
const TENANT_HEADER = { mimir: 'X-Scope-OrgID', thanos: 'THANOS-TENANT', victoriametrics: undefined } as const;

/**
 * The entry of `remote_write` of both scrapers of a pair. Federators need the label `scraper`, and a Prometheus has one
 * set of external labels, so what stores need instead is made on the way out.
 */
export function remoteWrite(to: RemoteWrite, cluster: string, cell: string): Readonly<Record<string, unknown>> {
  const header = to.tenant === undefined ? undefined : TENANT_HEADER[to.kind];
  return {
    url: to.url,
    ...(header !== undefined && { headers: { [header]: to.tenant } }),
    // What newer versions have by themselves; older ones send 500 samples at a time over up to 200 connections.
    queue_config: { capacity: 10_000, max_samples_per_send: 2000, max_shards: 50 },
    write_relabel_configs: [...replicaLabels(to.kind, cluster, cell), { action: 'labeldrop', regex: 'scraper' }],
    ...(to.auth && authOf(to.auth)),
  };
}

/**
 * Labels by which each store tells the two of a pair apart. Mimir elects one replica per `cluster`, so pairs must not
 * share that label; Thanos keeps both and hides the label in queries; VictoriaMetrics wants both to be the same.
 */
function replicaLabels(kind: RemoteWrite['kind'], cluster: string, cell: string): readonly Relabeling[] {
  const rename = (label: string) => ({ source_labels: ['scraper'], target_label: label });
  switch (kind) {
    case 'mimir':
      return [
        // A metric's own `cluster` (of Elasticsearch, say) would be lost, and two series might become one.
        {
          source_labels: ['cluster', 'exported_cluster'],
          regex: `${cluster.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')};(.*)|(.*);.*`,
          target_label: 'exported_cluster',
          replacement: '$1$2',
        },
        { target_label: 'cluster', replacement: `${cluster}-${cell}`.replaceAll('$', '$$$$') },
        rename('__replica__'),
      ];
    case 'thanos':
      return [{ source_labels: ['replica'], regex: '(.+)', target_label: 'exported_replica' }, rename('replica')];
    case 'victoriametrics':
      return [];
  }
}
