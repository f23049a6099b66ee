import { readdirSync, readFileSync } from 'node:fs';
import * as language from '../src/playbook/language.ts';
import { kinds } from '../src/resources/index.ts';
import { precompiledModule } from '../src/schema/standalone.ts';
import { topologySchema } from '../src/topology/schema.ts';
import { treesOf } from '../src/yaml/parse.ts';

const parts = Object.values(language).filter((one) => 'properties' in one);
const schemas = [topologySchema, ...parts, ...[...kinds.values()].map((kind) => kind.schema)];

/** Texts of the modules that the build puts in place of others, by their paths; `root` is the folder of the package. */
export function worked(root: string): Readonly<Record<string, string>> {
  const playbooks = readdirSync(`${root}/playbooks`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yml') && !/\/(?:files|tests)\//.test(path))
    .map((path) => readFileSync(`${root}/playbooks/${path}`, 'utf8'));
  return {
    'src/schema/precompiled.ts': precompiledModule(schemas),
    'src/yaml/shipped.ts': `export const shipped = ${JSON.stringify(treesOf(playbooks))};`,
  };
}
