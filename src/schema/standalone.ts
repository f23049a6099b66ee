import standalone from 'ajv/dist/standalone/index.js';
import { makeAjv } from './ajv.ts';
import { fingerprint } from './fingerprint.ts';

/** The text of a module that can stand in place of `precompiled.ts`: a validator for each of the schemas. */
export function precompiledModule(schemas: readonly object[]): string {
  const ajv = makeAjv({ source: true });
  const names = [...new Map(schemas.map((schema) => [fingerprint(schema), schema]))].map(([name, schema]) => {
    ajv.addSchema(schema, name);
    return name;
  });
  const code = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
  return `${code}\nexport const precompiled = {${names.join(', ')}};\n`;
}
