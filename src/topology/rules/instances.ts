import type { Estate, Instance } from '../estate.ts';
import type { Kind } from './cells.ts';

/** A port of a host that a container publishes. */
export interface Published {
  /** Key of topology.yml that sets it. */
  readonly key: 'port' | 'cluster_port';
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

/** An instance with all that its container publishes: gossip takes its port for both protocols. */
export interface Publisher extends Instance {
  readonly kind: Kind;
  readonly ports: readonly Published[];
}

/** Every instance of an estate, in the order of the kinds. */
export function instancesOf(estate: Estate): readonly Publisher[] {
  const { scrapers, pushgateways, federators, alertmanagers } = estate;
  return [...scrapers, ...pushgateways, ...federators, ...alertmanagers].map((one): Publisher => {
    const page: Published = { key: 'port', port: one.port, protocol: 'tcp' };
    const gossip =
      one.role === 'alertmanager'
        ? (['tcp', 'udp'] as const).map((protocol): Published => {
            return { key: 'cluster_port', port: one.cluster_port, protocol };
          })
        : [];
    return { ...one, kind: `${one.role}s`, ports: [page, ...gossip] };
  });
}
