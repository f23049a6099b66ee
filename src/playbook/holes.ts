import type { ContentReader } from './content.ts';
import { isMap, isTemplate } from './written.ts';

/** What stands for a value that is filled in later: it fits every schema. */
const hole: unique symbol = Symbol('filled in later');

/** A value with holes where templates stand. */
export function withHoles(value: unknown): unknown {
  if (typeof value === 'string') return isTemplate(value) ? hole : value;
  if (Array.isArray(value)) return value.map(withHoles);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !isTemplate(key));
  return Object.fromEntries(entries.map(([key, one]) => [key, withHoles(one)]));
}

/** Reads no file: every content is a hole. */
export function holeReader(refuse: ContentReader['refuse']): ContentReader {
  return { read: () => hole, readFolder: () => ({}), refuse };
}
