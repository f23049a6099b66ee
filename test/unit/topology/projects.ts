import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { type Project, projectOf } from '../../../src/diagnostics/project.ts';
import { readEstate } from '../../../src/topology/read-estate.ts';

/** The smallest useful estate: two servers, everything on both. */
export const twoServers = {
  'inv/hosts.yml': `all:
  hosts:
    mon-a: {ansible_host: 10.0.0.1}
    mon-b: {ansible_host: 10.0.0.2}
`,
  'inv/topology.yml': `cluster: small
versions:
  prometheus: prom/prometheus:v3.5.0
  alertmanager: prom/alertmanager:v0.30.0
  pushgateway: prom/pushgateway:v1.11.0
exporters:
  node: {targets: ["10.0.0.1:9100", "10.0.0.2:9100"]}
scrapers:
  scraper1: {hosts: [mon-a, mon-b], exporters: [node]}
pushgateways:
  pushgateway1: {hosts: [mon-a, mon-b], vip: 10.0.0.50/24, interface: eth0, virtual_router_id: 51}
federators:
  federator1: {hosts: [mon-a, mon-b]}
alertmanagers:
  alertmanager1: {notifiers: [mon-a, mon-b]}
firewall:
  allow: [{from: [10.0.9.0/24], to: [federators, alertmanagers, pushgateways]}]
`,
  'inv/alertmanager.yml': 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n',
} as const;

/** The two servers with another topology, and other files beside it. */
export function twoServersWith(topology: string, more: Readonly<Record<string, string>> = {}): Project {
  return projectOf({ ...twoServers, 'inv/topology.yml': topology, ...more });
}

/** The topology of the two servers with one piece of it replaced; the piece must be there. */
export function changed(piece: string, by: string): string {
  const text = twoServers['inv/topology.yml'];
  if (!text.includes(piece)) throw new Error(`no ${piece} in the topology`);
  return text.replace(piece, by);
}

/** What follows from a topology for the two servers. */
export function derived(topology: string = twoServers['inv/topology.yml'], more?: Readonly<Record<string, string>>) {
  const { inventory, topology: read, estate } = unwrap(readEstate(twoServersWith(topology, more), 'inv'));
  return { inventory, topology: read!, estate: estate! };
}

/** A folder of this repository as a project. */
export function onDisk(folder: string): Project {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return {
    files: new Map(files.map((entry) => join(entry.parentPath, entry.name)).map((path) => [path, readFileSync(path)])),
  };
}
