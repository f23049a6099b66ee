import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { YamlDocument } from '../yaml/yaml.ts';
import { derivedGroups, SERVICES } from './groups.ts';
import type { TopologyFile } from './schema.ts';
import type { Topology } from './topology.ts';

/** Variables of hosts that follow from a topology. */
export const DERIVED_VARIABLES = [
  'estate',
  'scraper_instances',
  'pushgateway_instances',
  'federator_instances',
  'alertmanager_instances',
  'vip_instances',
  'allowed_flows',
  'peer_flows',
] as const;

/** Names of groups that no cell may have. */
const RESERVED = ['all', 'ungrouped', 'monitoring', 'vips', ...SERVICES];

/** Faults of names of cells: each becomes a group and names of containers, so there may be only one of it. */
export function cellNameFaults(file: TopologyFile, document: YamlDocument): readonly Diagnostic[] {
  const seen = new Map<string, string>();
  const faults: Diagnostic[] = [];
  for (const kind of SERVICES) {
    for (const name of Object.keys(file[kind])) {
      const at = document.at([kind, name], 'key');
      const other = seen.get(name);
      const mend = 'Choose another name.';
      if (RESERVED.includes(name)) {
        const what = `A cell cannot be called "${name}": that is a group of the estate.`;
        faults.push({ code: 'reserved-name', severity: 'error', what, at, mend });
      } else if (other !== undefined) {
        const what = `"${name}" stands under ${other} and under ${kind}.`;
        const why = 'Names of cells become groups of hosts and names of containers.';
        faults.push({ code: 'same-name', severity: 'error', what, at, why, mend });
      }
      seen.set(name, kind);
    }
  }
  return faults;
}

/** Faults of templates in a topology: it is data, and what follows from it is worked out before any is rendered. */
export function templateFaults(document: YamlDocument): readonly Diagnostic[] {
  return templatesIn(document.value, [], (path) => document.at(path)).map((at) => ({
    code: 'template-in-topology',
    severity: 'error',
    what: 'A topology has no templates.',
    at,
    why: 'Ports, peers and flows follow from it before any variable is rendered.',
    mend: 'Write the value itself.',
  }));
}

function templatesIn(
  value: unknown,
  path: readonly (string | number)[],
  at: (path: readonly (string | number)[]) => Place,
): readonly Place[] {
  if (typeof value === 'string') return /\{[{%#]/.test(value) ? [at(path)] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => templatesIn(one, [...path, index], at));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => templatesIn(one, [...path, key], at));
}

/** Faults of groups of the inventory that bear the name of one of the estate, but hold other hosts. */
export function takenGroupFaults(topology: Topology, inventory: Inventory): readonly Diagnostic[] {
  return derivedGroups(topology).flatMap(({ name, at, members }) => {
    const others = (inventory.groups.get(name)?.allHosts ?? []).filter((host) => !members.includes(host));
    if (others.length === 0) return [];
    const what = `The inventory's group "${name}" holds ${others.join(', ')}, which the topology does not put there.`;
    const why = `The group "${name}" follows from the topology: playbooks take its hosts to have a part in it.`;
    const mend = 'Rename the group in the inventory, or take the host out of it.';
    return [{ code: 'group-taken', severity: 'error', what, at, why, mend }];
  });
}

/** Faults of variables of the inventory that bear the name of one that follows from a topology. */
export function takenVariableFaults(inventory: Inventory): readonly Diagnostic[] {
  const places = new Map<string, Diagnostic>();
  for (const { vars } of inventory.hosts.values()) {
    for (const name of DERIVED_VARIABLES) {
      const variable = vars.get(name);
      if (!variable) continue;
      const what = `The variable "${name}" follows from the topology and cannot be set.`;
      const { at } = variable;
      const mend = 'Remove it, or give it another name.';
      places.set(JSON.stringify(at), { code: 'derived-variable', severity: 'error', what, at, mend });
    }
  }
  return [...places.values()];
}
