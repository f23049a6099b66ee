import { dirname, join } from 'node:path/posix';
import { type Project, pathsBelow } from '../diagnostics/project.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { secondsOf } from './duration.ts';
import type { Overridden } from './overrides.ts';
import { allotPorts } from './ports.ts';
import type { TopologyFile } from './schema.ts';
import type { Cell, Topology } from './topology.ts';

/** A topology with what the file leaves open: ports, images, timeouts; and its files as paths of the project. */
export function normalTopology(
  project: Project,
  path: string,
  file: TopologyFile,
  { document, has, names }: Overridden,
  inventory: Inventory,
): Topology {
  const { versions, scrapers, pushgateways, federators, alertmanagers } = file;
  const beside = (name: string) => join(dirname(path), name).replace(/\/$/, '');
  const clusterPorts = allotPorts(
    entries(alertmanagers).map(({ name, cluster_port }) => ({ name, port: cluster_port })),
    9094,
  );
  return {
    path,
    cluster: file.cluster,
    silence_members: file.silence_members,
    exporters: entries(file.exporters).map((group) => ({ ...group, file_sd: group.file_sd.map(beside) })),
    scrapers: cells(scrapers, 9090, versions.prometheus).map((cell) => ({
      ...cell,
      interval: cell.interval ?? file.scrape_interval,
    })),
    pushgateways: cells(pushgateways, 9091, versions.pushgateway).map(
      ({ vip, interface: device, virtual_router_id, ...cell }) => ({
        ...cell,
        ...(vip !== undefined && { vip: { vip, interface: device!, virtual_router_id: virtual_router_id! } }),
      }),
    ),
    federators: cells(federators, 9095, versions.prometheus).map(({ rules, ...cell }) => ({
      ...cell,
      timeout: cell.timeout ?? mostOf(cell.interval),
      evaluation_interval: cell.evaluation_interval ?? cell.interval,
      ...(rules !== undefined && { rules: beside(rules) }),
      rule_files: rules === undefined ? [] : pathsBelow(project, beside(rules)),
    })),
    alertmanagers: cells(alertmanagers, 9093, versions.alertmanager).map(({ templates, ...cell }) => ({
      ...cell,
      cluster_port: clusterPorts.get(cell.name)!,
      config: beside(cell.config),
      ...(templates !== undefined && { templates: beside(templates) }),
    })),
    firewall: { allow: file.firewall.allow },
    addresses: new Map([...inventory.hosts.keys()].map((host) => [host, addressOf(inventory, host)])),
    overrides: names,
    has,
    at: document.at,
  };
}

/** The values of a mapping, each with its key as `name`. */
function entries<T extends object>(mapping: Readonly<Record<string, T>>): readonly (T & { readonly name: string })[] {
  return Object.entries(mapping).map(([name, one]) => ({ ...one, name }));
}

type Open = { readonly port?: number | undefined; readonly image?: string | undefined };

function cells<T extends Open>(
  mapping: Readonly<Record<string, T>>,
  base: number,
  image = '',
): readonly (Omit<T, keyof Open> & Cell)[] {
  const named = entries(mapping);
  const ports = allotPorts(named, base);
  return named.map((cell) => ({ ...cell, port: ports.get(cell.name)!, image: cell.image ?? image }));
}

/** Five sixths of an interval, in whole seconds where there are enough of them. */
function mostOf(interval: string): string {
  const seconds = Math.floor((secondsOf(interval) * 5) / 6);
  return seconds < 1 ? interval : `${seconds}s`;
}

/** What other servers call a host: its address for monitoring, or else the one for SSH. */
function addressOf(inventory: Inventory, host: string): string {
  const vars = inventory.hosts.get(host)!.vars;
  const names = ['monitoring_address', 'ansible_host', 'ansible_ssh_host', 'address'];
  const given = names.map((name) => vars.get(name)?.value).find((value) => value !== undefined);
  return String(given ?? host);
}
