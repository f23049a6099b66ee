import type { YamlDocument } from '../yaml/yaml.ts';
import type { Variable } from './inventory.ts';

/** A variable as one line of one file sets it: it has not overridden anything yet. */
export type Setting = Variable & { readonly name: string };

/** Keys and indices from the root of a document. */
export type Path = readonly (string | number)[];

/** A YAML mapping. */
export type Mapping = Readonly<Record<string, unknown>>;

/** Whether a value is a YAML mapping. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A variable that stands at a path of a document. */
export function settingAt(document: YamlDocument, path: Path, name: string, value: unknown, source: string): Setting {
  return {
    name,
    value,
    source,
    overrode: [],
    at: document.at(path),
    within: (inner, line, col) =>
      line === undefined ? document.at([...path, ...inner]) : document.inside([...path, ...inner], line, col ?? 1),
  };
}

/** A variable with one place for all that is in it. */
export function constant(name: string, value: unknown, at: Setting['at'], source: string): Setting {
  return { name, value, source, at, overrode: [], within: () => at };
}
