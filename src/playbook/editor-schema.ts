import type { AnyKind } from '../resources/kind.ts';
import {
  blockSchema,
  handlerSchema,
  importPlaybookSchema,
  importTasksSchema,
  type PartSchema,
  playSchema,
  roleEntrySchema,
  taskSchema,
} from './language.ts';

/** A JSON Schema of playbooks for editors, from the very schemas that validate them. Any text may be a template. */
export function editorSchema(kinds: ReadonlyMap<string, AnyKind>): Readonly<Record<string, unknown>> {
  const items = { type: 'array', items: { $ref: '#/$defs/item' } };
  const handlers = { type: 'array', items: { $ref: '#/$defs/handler' } };
  const roles = { type: 'array', items: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/role' }] } };
  const play = withProperties(playSchema, {
    pre_tasks: items,
    tasks: items,
    post_tasks: items,
    handlers,
    roles,
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'hadeploy playbook',
    type: 'array',
    items: { anyOf: [play, importPlaybookSchema] },
    $defs: {
      item: { anyOf: [{ $ref: '#/$defs/task' }, { $ref: '#/$defs/block' }, { $ref: '#/$defs/import' }] },
      task: withKinds(taskSchema, kinds),
      handler: withKinds(handlerSchema, kinds),
      block: withProperties(blockSchema, { block: items }),
      import: importTasksSchema,
      role: roleEntrySchema,
      ...Object.fromEntries(
        [...kinds.values()].map((kind) => [`kind-${kind.name}`, orTemplate(kind.schema, kind.summary)]),
      ),
    },
  };
}

function withProperties(schema: PartSchema, replaced: Readonly<Record<string, object>>): PartSchema {
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, one]) => [
      name,
      name in replaced ? { ...describe(one), ...replaced[name] } : one,
    ]),
  );
  return { ...schema, properties };
}

function describe(schema: object): object {
  return 'description' in schema ? { description: schema.description } : {};
}

/** A task of one of the kinds: exactly one of their keys stands in it. */
function withKinds(schema: PartSchema, kinds: ReadonlyMap<string, AnyKind>): object {
  const names = [...kinds.keys()];
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/kind-${name}` }]));
  return {
    ...schema,
    properties: { ...schema.properties, ...properties },
    oneOf: names.map((name) => ({ required: [name] })),
  };
}

/** A schema in which every value may also be a template. */
function orTemplate(schema: object, summary?: string): object {
  const { 'x-content': takesContent, description = summary, examples, ...rule } = mapParts(schema);
  const words = { ...(description !== undefined && { description }), ...(examples !== undefined && { examples }) };
  if (takesContent === true) return { ...words, ...contentSchema };
  const takesAnyText = Object.keys(rule).length === 0 || (rule['type'] === 'string' && Object.keys(rule).length === 1);
  if (takesAnyText) return { ...words, ...rule };
  return { ...words, anyOf: [rule, { type: 'string', pattern: '\\{[{%]' }] };
}

const contentSchema = {
  anyOf: [
    { type: 'string' },
    ...['content', 'template', 'source'].map((key) => ({
      type: 'object',
      additionalProperties: false,
      required: [key],
      properties: { [key]: { type: 'string' } },
    })),
  ],
};

function mapParts(schema: object): Readonly<Record<string, unknown>> {
  const mapped: Record<string, unknown> = { ...schema };
  for (const key of ['properties', '$defs']) {
    const parts = mapped[key];
    if (typeof parts === 'object' && parts !== null) {
      mapped[key] = Object.fromEntries(Object.entries(parts).map(([name, one]) => [name, orTemplate(one as object)]));
    }
  }
  for (const key of ['items', 'additionalProperties']) {
    if (typeof mapped[key] === 'object' && mapped[key] !== null) mapped[key] = orTemplate(mapped[key]);
  }
  for (const key of ['anyOf', 'oneOf']) {
    if (Array.isArray(mapped[key])) mapped[key] = (mapped[key] as readonly object[]).map((one) => orTemplate(one));
  }
  return mapped;
}
