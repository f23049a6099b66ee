import { join } from 'node:path/posix';
import { type Diagnostic, type Result, result } from '../diagnostics/diagnostic.ts';
import { type Project, textOf } from '../diagnostics/project.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { readYaml } from '../yaml/yaml.ts';
import { deriveEstate } from './derive-estate.ts';
import type { Estate } from './estate.ts';
import { derivedGroups } from './groups.ts';
import { takenVariableFaults } from './names.ts';
import { type Given, overridden, pathsToNowhere } from './overrides.ts';
import { readTopology } from './read-topology.ts';
import type { Topology } from './topology.ts';
import { withEstate } from './with-estate.ts';

/** An inventory and, where its folder has a topology.yml, what follows from that: in the inventory too. */
export interface Surveyed {
  readonly inventory: Inventory;
  readonly topology?: Topology;
  readonly estate?: Estate;
}

/**
 * Reads an inventory with its topology. The inventory is read twice: its hosts are what a topology speaks of, and a
 * topology gives groups that may have group_vars. What is given under names of the topology overrides it.
 */
export function readEstate(project: Project, path: string, given: readonly Given[] = []): Result<Surveyed> {
  const file = ['topology.yml', 'topology.yaml'].map((name) => join(path, name)).find((one) => project.files.has(one));
  if (file === undefined) {
    return mapped(readInventory(project, path), (inventory) => ({ inventory }), pathsToNowhere(given, path));
  }
  const syntax = readYaml(file, textOf(project, file)!);
  if (!syntax.ok) return syntax;
  const put = overridden(syntax.value, given);
  if (!put.ok) return put;
  const sources = withoutNamedFiles(project, path, [syntax.value.value, put.value.document.value]);
  const hosts = readInventory(sources, path);
  if (!hosts.ok) return hosts;
  const read = readTopology(project, file, hosts.value, given);
  if (!read.ok) return read;
  const topology = read.value;
  const estate = deriveEstate(topology);
  return mapped(
    readInventory(sources, path, derivedGroups(topology)),
    (inventory) => ({ inventory: withEstate(inventory, topology, estate), topology, estate }),
    read.warnings,
    takenVariableFaults,
  );
}

function mapped(
  read: Result<Inventory>,
  make: (inventory: Inventory) => Surveyed,
  warnings: readonly Diagnostic[],
  judge: (inventory: Inventory) => readonly Diagnostic[] = () => [],
): Result<Surveyed> {
  if (!read.ok) return read;
  return result(() => make(read.value), [...warnings, ...read.warnings, ...judge(read.value)]);
}

/** A project without the files of an inventory's folder that its topology names: they are no sources of hosts. */
function withoutNamedFiles(project: Project, folder: string, topology: unknown): Project {
  const named = new Set(['alertmanager.yml', ...textsIn(topology)].map((name) => join(folder, name)));
  return { files: new Map([...project.files].filter(([path]) => !named.has(path))) };
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
