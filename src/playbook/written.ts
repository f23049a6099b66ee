import type { Place } from '../diagnostics/diagnostic.ts';
import type { Path } from '../yaml/locate.ts';
import type { YamlDocument } from '../yaml/yaml.ts';

/** A value as the user wrote it, which knows where it and its parts stand. */
export interface Written {
  readonly value: unknown;
  /** Place of the value (or the key) at a path below it; undefined for what stands in no file, as `-e` does. */
  at(path?: Path, what?: 'key' | 'value'): Place | undefined;
  /** Place of a character inside the text at a path; line and column count from 1 within that text. */
  inside(path: Path, line: number, col: number): Place | undefined;
}

/** The value at a path of a file. */
export function written(document: YamlDocument, value: unknown = document.value, base: Path = []): Written {
  return {
    value,
    at: (path = [], what = 'value') => document.at([...base, ...path], what),
    inside: (path, line, col) => document.inside([...base, ...path], line, col),
  };
}

/** A value of which only the place as a whole is known, as with variables of an inventory. */
export function placed(value: unknown, at: Place | undefined): Written {
  return { value, at: () => at, inside: () => at };
}

/** A value whose lines are never shown. */
export function veiled(whole: Written): Written {
  const hide = (place: Place | undefined): Place | undefined => place && { ...place, secret: true };
  return {
    value: whole.value,
    at: (path, what) => hide(whole.at(path, what)),
    inside: (path, line, col) => hide(whole.inside(path, line, col)),
  };
}

/** A part of a value. */
export function part(whole: Written, ...path: Path): Written {
  let value: unknown = whole.value;
  for (const step of path) value = (value as Readonly<Record<string | number, unknown>>)[step];
  return {
    value,
    at: (below = [], what = 'value') => whole.at([...path, ...below], what),
    inside: (below, line, col) => whole.inside([...path, ...below], line, col),
  };
}

/** The items of a list, or of a value that stands alone; none when it is absent. */
export function itemsOf(whole: Written, key: string): readonly Written[] {
  const value = (whole.value as Readonly<Record<string, unknown>>)[key];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map((_, index) => part(whole, key, index)) : [part(whole, key)];
}

/** What stands under a key, if anything does. */
export function under(whole: Written, key: string): Written | undefined {
  return isMap(whole.value) && whole.value[key] !== undefined ? part(whole, key) : undefined;
}

/** Whether a value is a mapping. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Whether a text holds a template. */
export function isTemplate(text: string): boolean {
  return /\{[{%#]/.test(text);
}

const holding = new WeakMap<object, boolean>();

/** Whether a value holds a template anywhere. */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return isTemplate(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  const known = holding.get(value);
  if (known !== undefined) return known;
  const holds = Array.isArray(value)
    ? value.some(holdsTemplate)
    : Object.entries(value).some(([key, one]) => isTemplate(key) || holdsTemplate(one));
  holding.set(value, holds);
  return holds;
}
