import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Project } from '../diagnostics/project.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AnyKind } from '../resources/kind.ts';
import { compile } from './compile.ts';
import { distinct } from './faults.ts';
import { type ReadOptions, readSoundParts } from './read-playbook.ts';

/** Everything that is wrong with a playbook without asking a host: its structure, and what filling it in brings to light. */
export function lint(
  project: Project,
  path: string,
  inventory: Inventory,
  kinds: ReadonlyMap<string, AnyKind>,
  options: ReadOptions & { readonly extraVars: ReadonlyMap<string, unknown> },
): readonly Diagnostic[] {
  const { playbook, faults } = readSoundParts(project, path, inventory, kinds, options);
  const input = { playbook, inventory, extraVars: options.extraVars, tags: [], skipTags: [], facts: () => undefined };
  const compiled = compile(input);
  return distinct([...faults, ...(compiled.ok ? compiled.warnings : compiled.faults)]);
}
