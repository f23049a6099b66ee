import type { Place } from '../diagnostics/diagnostic.ts';
import type { Host, Inventory, Variable } from '../inventory/inventory.ts';
import type { Estate } from './estate.ts';
import { allowedFlows, peerFlows } from './flows.ts';
import type { DERIVED_VARIABLES } from './names.ts';
import type { Topology } from './topology.ts';

type Name = (typeof DERIVED_VARIABLES)[number];
type Derived = Pick<Variable, 'value' | 'at' | 'within'>;

/** An inventory whose hosts have the variables that follow from the topology, each with its place in topology.yml. */
export function withEstate(inventory: Inventory, topology: Topology, estate: Estate): Inventory {
  const hosts = [...inventory.hosts.values()].map((host): readonly [string, Host] => [
    host.name,
    { ...host, vars: new Map([...host.vars, ...derivedVariables(topology, estate, host)]) },
  ]);
  return { ...inventory, hosts: new Map(hosts) };
}

function derivedVariables(topology: Topology, estate: Estate, { name: host, vars }: Host): ReadonlyMap<Name, Variable> {
  const here = <T extends { readonly host: string }>(some: readonly T[]) => some.filter((one) => one.host === host);
  const section = (key: string) => topology.at([key], 'key');
  const given = topology.overrides.map((name) => `-e ${name}`).join(', ');
  const source = given === '' ? 'derived from the topology' : `derived from the topology with ${given}`;
  const cells = (kind: string, some: readonly { readonly cell: string; readonly host: string }[]) =>
    variable(here(some), section(kind), (index) => topology.at([kind, here(some)[index]?.cell ?? ''], 'key'));
  const vips = here(estate.vips.flatMap(({ members }) => members));
  const variables: Readonly<Record<Name, Derived>> = {
    estate: variable(estate, topology.at([])),
    scraper_instances: cells('scrapers', estate.scrapers),
    pushgateway_instances: cells('pushgateways', estate.pushgateways),
    federator_instances: cells('federators', estate.federators),
    alertmanager_instances: cells('alertmanagers', estate.alertmanagers),
    vip_instances: variable(vips, section('pushgateways'), (index) =>
      topology.at(['pushgateways', vips[index]?.name ?? '', 'vip']),
    ),
    allowed_flows: variable(allowedFlows(estate.flows, host), section('firewall')),
    peer_flows: variable(peerFlows(estate.flows, host), section('firewall')),
  };
  return new Map(
    (Object.entries(variables) as [Name, Derived][]).map(([name, one]) => {
      const before = vars.get(name);
      return [name, { ...one, source, overrode: before ? [before, ...before.overrode] : [] }];
    }),
  );
}

/** A variable at a place; of a list, `entry` gives the place of each of its entries. */
function variable(value: unknown, at: Place, entry: (index: number) => Place = () => at): Derived {
  const within = ([index]: readonly (string | number)[]) => (typeof index === 'number' ? entry(index) : at);
  return { value, at, within };
}
