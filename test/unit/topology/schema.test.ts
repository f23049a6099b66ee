import { expect, it } from 'vitest';
import { check } from '../../../src/schema/check.ts';
import { topologySchema } from '../../../src/topology/schema.ts';

interface Part {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Part>>;
  readonly additionalProperties?: Part | boolean;
  readonly items?: Part;
}

/** The fields of a schema, each with its path. */
function fieldsOf(part: Part, path = ''): readonly (readonly [string, Part])[] {
  const inner = part.additionalProperties;
  return [
    ...Object.entries(part.properties ?? {}).flatMap(([name, field]): readonly (readonly [string, Part])[] => [
      [`${path}${name}`, field],
      ...fieldsOf(field, `${path}${name}.`),
    ]),
    ...(typeof inner === 'object' ? fieldsOf(inner, `${path}*.`) : []),
    ...(part.items ? fieldsOf(part.items, `${path}[].`) : []),
  ];
}

const fields = fieldsOf(topologySchema as Part);
const leaves = fields.filter(([, { properties, additionalProperties }]) => !properties && !additionalProperties);

it('describes every field', () => {
  expect(fields.length).toBeGreaterThan(60);
  expect(fields.filter(([, { description }]) => !description?.endsWith('.')).map(([path]) => path)).toEqual([]);
});

it.each(leaves)('has an example of %s that it accepts', (_, field) => {
  const examples = field.examples ?? [];
  expect(examples.length).toBeGreaterThan(0);
  for (const one of examples)
    expect(check({ type: 'object', properties: { field } }, { field: structuredClone(one) })).toEqual([]);
});
