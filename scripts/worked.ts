import { readdirSync, readFileSync } from 'node:fs';
import { isTemplate, JinjaError } from '../src/jinja/jinja.ts';
import { packedTree } from '../src/jinja/parse/tree.ts';
import * as language from '../src/playbook/language.ts';
import { renderedBy } from '../src/playbook/templates.ts';
import { kinds } from '../src/resources/index.ts';
import { precompiledModule } from '../src/schema/standalone.ts';
import { topologySchema } from '../src/topology/schema.ts';
import { treesOf } from '../src/yaml/parse.ts';
import { readYaml } from '../src/yaml/yaml.ts';

const parts = Object.values(language).filter((one) => 'properties' in one);
const schemas = [topologySchema, ...parts, ...[...kinds.values()].map((kind) => kind.schema)];

/** Texts of the modules that the build puts in place of others, by their paths; `root` is the folder of the package. */
export function worked(root: string): Readonly<Record<string, string>> {
  const files = readdirSync(`${root}/playbooks`, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/\/(?:files|tests)\//.test(path) && /\.(?:yml|j2)$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${root}/playbooks/${path}`, 'utf8') }));
  const yaml = files.filter(({ path }) => path.endsWith('.yml')).map(({ text }) => text);
  const templates = files.filter(({ path }) => path.endsWith('.j2')).map(({ text }) => text);
  const found = { templates: new Set(templates), conditions: new Set<string>() };
  for (const text of yaml) {
    const read = readYaml('', text);
    if (read.ok) collect(read.value.value, found);
  }
  const trees = [
    ...[...found.templates].flatMap((text) => sound(() => packedTree(text, renderedBy))),
    ...[...found.conditions].flatMap((text) => sound(() => packedTree(text))),
  ];
  const shipped = (entries: Readonly<Record<string, string>>) => `export const shipped = ${JSON.stringify(entries)};`;
  return {
    'src/schema/precompiled.ts': precompiledModule(schemas),
    'src/yaml/shipped.ts': shipped(treesOf(yaml)),
    'src/jinja/parse/shipped.ts': shipped(Object.fromEntries(trees)),
  };
}

/** What has a fault is left to the run that needs it, which tells the place. */
function sound<T>(parse: () => T): readonly T[] {
  try {
    return [parse()];
  } catch (error) {
    if (error instanceof JinjaError) return [];
    throw error;
  }
}

/** Collects the texts with templates in a value of YAML, and the expressions of `when`. */
function collect(value: unknown, found: Readonly<Record<'templates' | 'conditions', Set<string>>>, key?: string): void {
  if (typeof value === 'string') {
    if (isTemplate(value)) found.templates.add(value);
    else if (key === 'when') found.conditions.add(value);
  } else if (Array.isArray(value)) for (const one of value) collect(one, found, key);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) collect(one, found, name);
  }
}
