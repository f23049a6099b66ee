import { dirname, join } from 'node:path/posix';
import { type Diagnostic, type Result, result } from '../diagnostics/diagnostic.ts';
import type { Project } from '../diagnostics/project.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AnyKind } from '../resources/kind.ts';
import { tagsOf } from './around.ts';
import type { DeclaredFact } from './facts.ts';
import { distinct } from './faults.ts';
import { importPlaybookSchema } from './language.ts';
import { missingFile } from './missing-file.ts';
import type { Play, Playbook } from './playbook.ts';
import { type Outside, readPlay } from './read-play.ts';
import { over, readVars } from './read-vars.ts';
import { inspect, openList, type Reading, report } from './reading.ts';
import { makeTemplates } from './templates.ts';
import { isMap, part, under, type Written } from './written.ts';

export interface ReadOptions {
  /** Folders of roles, searched after `roles/` beside the playbook. */
  readonly rolesPaths: readonly string[];
}

/** Reads a playbook and every file it names: the structure only, nothing is filled in. All faults, each at its place. */
export function readPlaybook(
  project: Project,
  path: string,
  inventory: Inventory,
  kinds: ReadonlyMap<string, AnyKind>,
  options: ReadOptions,
): Result<Playbook> {
  const { playbook, faults } = readSoundParts(project, path, inventory, kinds, options);
  return result(() => playbook, faults);
}

/** What can be read of a playbook, beside the faults of what cannot. */
export function readSoundParts(
  project: Project,
  path: string,
  inventory: Inventory,
  kinds: ReadonlyMap<string, AnyKind>,
  { rolesPaths }: ReadOptions,
): { readonly playbook: Playbook; readonly faults: readonly Diagnostic[] } {
  const templates = makeTemplates(project);
  const reading: Reading = {
    project,
    inventory,
    kinds,
    rolesPaths,
    templates,
    faults: [],
    documents: new Map(),
    roles: new Map(),
  };
  if (!project.files.has(path)) {
    const { code, what, mend } = missingFile(reading, path);
    reading.faults.push({ code, severity: 'error', what, mend });
  }
  const plays = readFile(reading, path, [path], { vars: new Map(), tags: [] });
  checkFacts(reading, plays);
  return { playbook: { path, project, kinds, templates, plays }, faults: distinct(reading.faults) };
}

/** A host is asked once, so one name cannot stand for two questions. */
function checkFacts(reading: Reading, plays: readonly Play[]): void {
  const first = new Map<string, DeclaredFact>();
  for (const fact of plays.flatMap((play) => play.facts)) {
    const before = first.get(fact.name) ?? fact;
    first.set(fact.name, before);
    if (before.command.value === fact.command.value && before.type === fact.type) continue;
    reading.faults.push({
      code: 'fact-declared-twice',
      severity: 'error',
      what: `The fact "${fact.name}" is declared in another way at ${before.at.file}:${before.at.line}.`,
      at: fact.at,
      why: 'All plays share the one conversation in which a host is asked.',
      mend: 'Give one of them another name, or make them the same.',
    });
  }
}

function readFile(reading: Reading, file: string, chain: readonly string[], outside: Outside): readonly Play[] {
  const list = openList(reading, file, 'A playbook');
  if (!list) return [];
  return (list.value as readonly unknown[]).flatMap((value, index) => {
    const entry = part(list, index);
    return isMap(value) && Object.hasOwn(value, 'import_playbook')
      ? readImport(reading, file, entry, chain, outside)
      : (readPlay(reading, file, entry, outside) ?? []);
  });
}

function readImport(
  reading: Reading,
  file: string,
  entry: Written,
  chain: readonly string[],
  outside: Outside,
): readonly Play[] {
  const kept = inspect(reading, entry, importPlaybookSchema, 'The import of a playbook');
  if (!kept) return [];
  const at = part(kept, 'import_playbook');
  const next = join(dirname(file), at.value as string);
  if (chain.includes(next)) {
    const why = [...chain.slice(chain.indexOf(next)), next].join(' → ');
    report(reading, at, {
      code: 'import-loop',
      what: 'These files import one another.',
      why,
      mend: 'Break the circle.',
    });
    return [];
  }
  if (!reading.project.files.has(next)) {
    report(reading, at, missingFile(reading, next));
    return [];
  }
  const vars = over(readVars(reading, under(kept, 'vars'), 'play vars'), outside.vars);
  return readFile(reading, next, [...chain, next], { vars, tags: [...outside.tags, ...tagsOf(kept)] });
}
