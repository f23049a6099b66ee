import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { formatDiagnostics } from '../../../src/diagnostics/format.ts';
import { type Project, projectOf, textOf } from '../../../src/diagnostics/project.ts';
import type { Inventory } from '../../../src/inventory/inventory.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { type Compiled, type CompileInput, compile } from '../../../src/playbook/compile.ts';
import { distinct } from '../../../src/playbook/faults.ts';
import type { Playbook } from '../../../src/playbook/playbook.ts';
import { readPlaybook, readSoundParts } from '../../../src/playbook/read-playbook.ts';
import { kinds } from '../../../src/resources/index.ts';
import type { Resource } from '../../../src/resources/resource.ts';

/** Three hosts, two of them in the group `web`, each with a number of its own. */
const hosts = `all:
  vars:
    domain: example.org
  children:
    web:
      hosts:
        web-a: { ansible_host: 10.0.0.1, number: 1 }
        web-b: { ansible_host: 10.0.0.2, number: 2 }
    db:
      hosts:
        db-a.example.org: { address: 10.0.0.3, number: 3 }
`;

export interface Estate {
  readonly project: Project;
  readonly inventory: Inventory;
  readonly playbook: Playbook;
}

/** A project of an inventory of three hosts and the given files, its playbook `site.yml` read. */
export function estate(files: Readonly<Record<string, string>>): Estate {
  const project = projectOf({ 'inventory/hosts.yml': hosts, ...files });
  const inventory = unwrap(readInventory(project, 'inventory'));
  const playbook = unwrap(readPlaybook(project, 'site.yml', inventory, kinds, { rolesPaths: ['shared/roles'] }));
  return { project, inventory, playbook };
}

type Given = Partial<Pick<CompileInput, 'limit' | 'tags' | 'skipTags' | 'facts'>> & {
  readonly extra?: Readonly<Record<string, unknown>>;
};

/** The playbook of an estate, filled in. */
export function compiled(files: Readonly<Record<string, string>>, given: Given = {}): Compiled {
  const { playbook, inventory } = estate(files);
  const { extra = {}, ...rest } = given;
  const input = { tags: [], skipTags: [], facts: () => ({}), ...rest };
  return unwrap(compile({ playbook, inventory, extraVars: new Map(Object.entries(extra)), ...input }));
}

/** The resources of one host, of all plays. */
export function resourcesOf(result: Compiled, host = 'web-a'): readonly Resource[] {
  return result.plays.flatMap((play) => play.resources.get(host) ?? []);
}

/** The content of each file of a host, by path. */
export function contents(result: Compiled, host = 'web-a'): Readonly<Record<string, unknown>> {
  const files = resourcesOf(result, host).map(
    ({ spec }) => spec as { readonly path: string; readonly content: unknown },
  );
  return Object.fromEntries(files.map(({ path, content }) => [path, content]));
}

/** What lint says of a project, as a user reads it. */
export function said(files: Readonly<Record<string, string>>, extra: Readonly<Record<string, unknown>> = {}): string {
  const project = projectOf({ 'inventory/hosts.yml': hosts, ...files });
  const inventory = unwrap(readInventory(project, 'inventory'));
  const { playbook, faults } = readSoundParts(project, 'site.yml', inventory, kinds, { rolesPaths: ['shared/roles'] });
  const extraVars = new Map(Object.entries(extra));
  const outcome = compile({ playbook, inventory, extraVars, tags: [], skipTags: [], facts: () => undefined });
  const all = distinct([...faults, ...(outcome.ok ? outcome.warnings : outcome.faults)]);
  return formatDiagnostics(all, (file) => textOf(project, file));
}
