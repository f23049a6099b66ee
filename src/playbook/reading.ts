import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Project, textOf } from '../diagnostics/project.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AnyKind } from '../resources/kind.ts';
import { validate } from '../schema/validate.ts';
import { readYaml, type YamlDocument } from '../yaml/yaml.ts';
import { foreignKeys } from './ansible-words.ts';
import type { PartSchema } from './language.ts';
import type { Role } from './playbook.ts';
import type { Templates } from './templates.ts';
import { isMap, type Written, written } from './written.ts';

/** What everything that reads a playbook shares; faults are gathered, each file and role is read once. */
export interface Reading {
  readonly project: Project;
  readonly inventory: Inventory;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  readonly rolesPaths: readonly string[];
  readonly templates: Templates;
  readonly faults: Diagnostic[];
  readonly documents: Map<string, YamlDocument | undefined>;
  readonly roles: Map<string, Role>;
}

/** A fault at a value; `what` says whether its key or the value itself is shown. */
export function report(
  reading: Pick<Reading, 'faults'>,
  at: Written | { readonly at: Written; readonly key: true },
  fault: Omit<Diagnostic, 'severity' | 'at'>,
  severity: Diagnostic['severity'] = 'error',
): void {
  const place = 'key' in at ? at.at.at([], 'key') : at.at([]);
  reading.faults.push({ ...fault, severity, ...(place && { at: place }) });
}

/** A YAML file of the project; undefined, with its faults gathered, when it is missing or broken. */
function openYaml(reading: Reading, path: string): YamlDocument | undefined {
  if (reading.documents.has(path)) return reading.documents.get(path);
  const text = textOf(reading.project, path);
  const outcome = text === undefined ? undefined : readYaml(path, text);
  if (outcome) reading.faults.push(...(outcome.ok ? outcome.warnings : outcome.faults));
  const document = outcome?.ok ? outcome.value : undefined;
  reading.documents.set(path, document);
  return document;
}

/** The first of some files that exists. */
export function firstFile(project: Project, paths: readonly string[]): string | undefined {
  return paths.find((path) => project.files.has(path));
}

/** A file of one mapping (empty counts as one without keys); undefined when there is no such file, or it is faulty. */
export function openMap(reading: Reading, path: string | undefined, what: string): Written | undefined {
  const document = path === undefined ? undefined : openYaml(reading, path);
  if (!document) return undefined;
  const whole = written(document, document.value ?? {});
  if (isMap(whole.value)) return whole;
  report(reading, whole, {
    code: 'wrong-type',
    what: `${what} must be a mapping.`,
    mend: 'Write `name: value` lines.',
  });
  return undefined;
}

/** A file of one list (empty counts as one without items); undefined when there is no such file, or it is faulty. */
export function openList(reading: Reading, path: string | undefined, what: string): Written | undefined {
  const document = path === undefined ? undefined : openYaml(reading, path);
  if (!document) return undefined;
  const whole = written(document, document.value ?? []);
  if (Array.isArray(whole.value)) return whole;
  report(reading, whole, { code: 'wrong-type', what: `${what} must be a list.`, mend: 'Begin each entry with "- ".' });
  return undefined;
}

/**
 * The entry without the keys that are wrong, each reported, or undefined when it is nothing without them. Words of
 * Ansible are refused with what to write for them; everything else is judged by the schema. Keys in `own` are the
 * caller's, and left out.
 */
export function inspect(
  reading: Reading,
  whole: Written,
  schema: PartSchema,
  what: string,
  own: readonly string[] = [],
): Written | undefined {
  if (!isMap(whole.value)) {
    report(reading, whole, {
      code: 'wrong-type',
      what: `${what} must be a mapping.`,
      mend: 'Write `key: value` lines.',
    });
    return undefined;
  }
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(whole.value)) {
    if (own.includes(key)) continue;
    const foreign = Object.hasOwn(schema.properties, key) ? undefined : foreignKeys[key];
    if (foreign) reportForeign(reading, whole, key, what, foreign);
    else kept[key] = value;
  }
  const at = (path: readonly (string | number)[], which?: 'key' | 'value') => whole.at(path, which)!;
  const outcome = validate(schema, kept, at, { what });
  reading.faults.push(...(outcome.ok ? outcome.warnings : outcome.faults));
  if (!outcome.ok) for (const key of Object.keys(kept)) if (!isSound(schema, key, kept[key])) delete kept[key];
  const lacks = ((schema['required'] ?? []) as readonly string[]).some((key) => !Object.hasOwn(kept, key));
  return lacks ? undefined : { ...whole, value: kept };
}

const nowhere = { file: '', line: 1, col: 1 };

function isSound(schema: PartSchema, key: string, value: unknown): boolean {
  const own = schema.properties[key];
  return own !== undefined && validate(own as Readonly<Record<string, unknown>>, value, () => nowhere).ok;
}

/** A word that Ansible has and hadeploy has not. */
export function reportForeign(
  reading: Reading,
  whole: Written,
  key: string,
  what: string,
  foreign: { readonly why: string; readonly mend: string },
): void {
  const at = whole.at([key], 'key');
  const fault = {
    code: 'foreign-word',
    severity: 'error',
    what: `${what} uses "${key}", which is Ansible's word, not hadeploy's.`,
  } as const;
  reading.faults.push({ ...fault, ...foreign, ...(at && { at }) });
}
