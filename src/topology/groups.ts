import type { GivenGroup } from '../inventory/read-inventory.ts';
import type { Topology } from './topology.ts';

/** The kinds of cells, as keys of topology.yml and as groups of hosts. */
export const SERVICES = ['scrapers', 'pushgateways', 'federators', 'alertmanagers'] as const;

/** A group with all of its hosts, those of its children included. */
export interface DerivedGroup extends GivenGroup {
  readonly members: readonly string[];
}

/**
 * The groups of hosts that follow from a topology: `monitoring`, in it one of each kind of cells (empty ones too, so
 * that plays may name them) and `vips`, in those one of each cell.
 */
export function derivedGroups(topology: Topology): readonly DerivedGroup[] {
  const cells = SERVICES.flatMap((kind) =>
    topology[kind].map((cell) => {
      const hosts = 'notifiers' in cell ? [...cell.notifiers, ...backupOf(cell)] : cell.hosts;
      return { kind, name: cell.name, hosts: [...new Set(hosts)], at: topology.at([kind, cell.name], 'key') };
    }),
  );
  const all = (some: readonly { readonly hosts: readonly string[] }[]) => [
    ...new Set(some.flatMap(({ hosts }) => hosts)),
  ];
  const kinds = SERVICES.map((kind) => {
    const own = cells.filter((cell) => cell.kind === kind);
    const children = own.map(({ name }) => name);
    return { name: kind, hosts: [], children, members: all(own), at: topology.at([kind], 'key') };
  });
  const holders = all(topology.pushgateways.filter(({ vip }) => vip !== undefined));
  const at = topology.at([]);
  return [
    { name: 'monitoring', hosts: [], children: [...SERVICES, 'vips'], members: all(cells), at },
    ...kinds,
    { name: 'vips', hosts: holders, children: [], members: holders, at: topology.at(['pushgateways'], 'key') },
    ...cells.map(({ name, hosts, at: place }) => ({ name, hosts, children: [], members: hosts, at: place })),
  ];
}

function backupOf({ backup }: { readonly backup?: string | undefined }): readonly string[] {
  return backup === undefined ? [] : [backup];
}
