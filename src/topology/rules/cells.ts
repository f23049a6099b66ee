import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { SERVICES } from '../groups.ts';
import type { Topology } from '../topology.ts';

/** A kind of cells, as a key of topology.yml. */
export type Kind = (typeof SERVICES)[number];

/** The hosts of a cell that have equal parts in it, and the one more that a cluster of notifiers may have. */
export interface CellHosts {
  readonly kind: Kind;
  readonly name: string;
  /** Key of `pair` in the cell. */
  readonly key: 'hosts' | 'notifiers';
  readonly pair: readonly string[];
  readonly backup?: string;
}

/** Every cell with its hosts, in the order of the kinds and of the file. */
export function cellHosts(topology: Topology): readonly CellHosts[] {
  return SERVICES.flatMap((kind) =>
    topology[kind].map((cell): CellHosts => {
      if (!('notifiers' in cell)) return { kind, name: cell.name, key: 'hosts', pair: cell.hosts };
      const { name, notifiers, backup } = cell;
      return { kind, name, key: 'notifiers', pair: notifiers, ...(backup !== undefined && { backup }) };
    }),
  );
}

/** The hosts that have a part in the estate, each with the place that names it first. */
export function memberPlaces(topology: Topology): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { kind, name, key, pair, backup } of cellHosts(topology)) {
    for (const [index, host] of pair.entries()) {
      if (!places.has(host)) places.set(host, topology.at([kind, name, key, index]));
    }
    if (backup !== undefined && !places.has(backup)) places.set(backup, topology.at([kind, name, 'backup']));
  }
  return places;
}

/** The value of a host's variable where it is plain text or a number; undefined where it is missing or a template. */
export function plainVariable(inventory: Inventory, host: string, name: string): string | undefined {
  const value = inventory.hosts.get(host)?.vars.get(name)?.value;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return /\{[{%]/.test(String(value)) ? undefined : String(value);
}
