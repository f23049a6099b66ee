import type { Path } from '../yaml/locate.ts';
import { isMap } from './written.ts';

/** Where the bytes of a file come from. */
export type Given = { readonly from: 'template' | 'source' | 'content'; readonly value: unknown };

interface Fragment {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, Fragment>>;
  readonly additionalProperties?: Fragment | boolean;
  readonly items?: Fragment;
}

/** What is done where a schema takes the content of a file (`x-content: true`). */
export interface ContentReader {
  /** The bytes for what was given. */
  read(given: Given, path: Path): unknown;
  /** The files of a folder: path below it → bytes. */
  readFolder(given: Given, path: Path): Readonly<Record<string, unknown>>;
  /** The mapping at a path does not say once where the bytes come from. */
  refuse(keys: readonly string[], path: Path): void;
}

const sources = ['template', 'source', 'content'] as const;

/**
 * A value with the content of files put in wherever its schema takes it: `{template: x}` and `{source: x}` become
 * bytes, and an entry `folder/: {source: x/}` among such files becomes one entry for each file of the folder.
 */
export function withContents(schema: Fragment, value: unknown, reader: ContentReader, path: Path = []): unknown {
  if (!takesContent(schema)) return value;
  if (schema['x-content'] === true) return contentAt(value, reader, path);
  if (Array.isArray(value)) {
    return value.map((one, index) => (schema.items ? withContents(schema.items, one, reader, [...path, index]) : one));
  }
  if (!isMap(value)) return value;
  const further = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const result: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    const below = schema.properties?.[key] ?? further;
    const given = below?.['x-content'] === true && key.endsWith('/') ? givenIn(one, reader, [...path, key]) : undefined;
    if (given) {
      for (const [name, bytes] of Object.entries(reader.readFolder(given, [...path, key]))) result[key + name] = bytes;
    } else result[key] = below ? withContents(below, one, reader, [...path, key]) : one;
  }
  return result;
}

function contentAt(value: unknown, reader: ContentReader, path: Path): unknown {
  const given = isMap(value) ? givenIn(value, reader, path) : undefined;
  if (given) return reader.read(given, path);
  if (isMap(value)) return '';
  if (typeof value !== 'string' && typeof value !== 'symbol') reader.refuse([], path);
  return value;
}

function givenIn(value: unknown, reader: ContentReader, path: Path): Given | undefined {
  if (!isMap(value)) return undefined;
  const keys = Object.keys(value);
  const from = sources.find((one) => one === keys[0]);
  if (keys.length === 1 && from) return { from, value: value[from] };
  reader.refuse(keys, path);
  return undefined;
}

/** Whether an object of this schema names its content itself (`template` or `source` beside `content`), as `file` does. */
export function namesContent(schema: Fragment): boolean {
  let answer = naming.get(schema);
  if (answer === undefined) {
    answer = sources.every((key) => schema.properties?.[key] !== undefined);
    naming.set(schema, answer);
  }
  return answer;
}

const naming = new WeakMap<object, boolean>();

const taking = new WeakMap<object, boolean>();

/** Whether a schema takes the content of a file anywhere. */
export function takesContent(schema: Fragment): boolean {
  let answer = taking.get(schema);
  if (answer === undefined) {
    taking.set(schema, false);
    const parts = [...Object.values(schema.properties ?? {}), schema.additionalProperties, schema.items];
    answer = schema['x-content'] === true || parts.some((one) => typeof one === 'object' && takesContent(one));
    taking.set(schema, answer);
  }
  return answer;
}
