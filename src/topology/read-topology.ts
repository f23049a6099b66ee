import { type Diagnostic, type Result, result } from '../diagnostics/diagnostic.ts';
import { type Project, textOf } from '../diagnostics/project.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Schema } from '../schema/schema.ts';
import { validate } from '../schema/validate.ts';
import { readYaml } from '../yaml/yaml.ts';
import { cellNameFaults, takenGroupFaults, templateFaults } from './names.ts';
import { normalTopology } from './normal-topology.ts';
import { type Given, overridden } from './overrides.ts';
import { referenceFaults } from './references.ts';
import { type TopologyFile, topologySchema } from './schema.ts';
import type { Topology } from './topology.ts';

/**
 * Reads the topology in a file of the project, with what the command line gives in its place, for the hosts of an
 * inventory; or gives all that stands in its way.
 */
export function readTopology(
  project: Project,
  path: string,
  inventory: Inventory,
  given: readonly Given[] = [],
): Result<Topology> {
  const read = readYaml(path, textOf(project, path) ?? '');
  if (!read.ok) return read;
  const put = overridden(read.value, given);
  if (!put.ok) return { ok: false, faults: [...read.warnings, ...put.faults] };
  const { document } = put.value;
  const schema: Schema<TopologyFile> = topologySchema;
  const checked = validate(schema, document.value, document.at, { what: 'The topology' });
  const templates = templateFaults(document);
  if (!checked.ok) return { ok: false, faults: [...read.warnings, ...checked.faults, ...templates] };
  const file = checked.value;
  const topology = normalTopology(project, path, file, put.value, inventory);
  const faults: readonly Diagnostic[] = [
    ...read.warnings,
    ...put.warnings,
    ...templates,
    ...cellNameFaults(file, document),
    ...referenceFaults(project, path, file, document, inventory),
  ];
  return result(() => topology, [...faults, ...(faults.length > 0 ? [] : takenGroupFaults(topology, inventory))]);
}
