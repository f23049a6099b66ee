import { type CollectionTag, type ScalarTag, stringify } from 'yaml';
import { type Place, type Result, result } from '../diagnostics/diagnostic.ts';
import { build } from './build.ts';
import { type Path, placeAt, placeInside, type Source } from './locate.ts';
import { keptTree, parse } from './parse.ts';
import { shipped } from './shipped.ts';
import { syntaxFaults, tooDeep } from './syntax-faults.ts';

/** A YAML file as plain values (mappings are plain objects in the order of the file), which still knows its places. */
export interface YamlDocument {
  /** null for an empty file. Values are shared between all who read the same text: do not change them. */
  readonly value: unknown;
  /** Place of the value (or the key) at a path, or of its nearest ancestor that exists. */
  at(path: Path, what?: 'key' | 'value'): Place;
  /** Place of a character inside the text of the scalar at a path; `line` and `col` count from 1 within that text. */
  inside(path: Path, line: number, col: number): Place;
}

/** So many documents are kept once they were read: the same text is asked for by one rule and one host after the other. */
const keptDocuments = 64;
const kept = new Map<string, Result<YamlDocument>>();

/** Reads one YAML document as Ansible would (keys are always strings), or gives all of its faults. */
export function readYaml(file: string, text: string): Result<YamlDocument> {
  const key = `${file}\0${text}`;
  const known = kept.get(key);
  if (known) return known;
  const read = readOnce(file, text);
  if (kept.size >= keptDocuments) kept.delete(kept.keys().next().value!);
  kept.set(key, read);
  return read;
}

function readOnce(file: string, text: string): Result<YamlDocument> {
  if (/(?:[-?:] +){500}/.test(text)) return { ok: false, faults: [tooDeep({ file, line: 1, col: 1 })] };
  const { contents, lines, errors } = keptTree(text, shipped) ?? parse(text);
  const source: Source = { file, text, lines, contents };
  const syntax = syntaxFaults(source, errors);
  if (syntax.length > 0) return { ok: false, faults: syntax };
  const { value, faults } = build(source);
  return result(() => asDocument(source, value), faults);
}

/** A value as YAML that every reader (PyYAML, Go, 1.1 or 1.2) understands alike; ends with a newline. */
export function toYaml(value: unknown): string {
  const options = { schema: 'yaml-1.1', compat: 'core', lineWidth: 0, aliasDuplicateObjects: false } as const;
  return stringify(value, { ...options, customTags: (tags) => tags.map(withReadableNumbers) });
}

/** `1e+21` is text to PyYAML, `1.0e+21` is a number to all; a number beyond 2^53 is a float, and is written as one. */
function withReadableNumbers(tag: CollectionTag | ScalarTag | string) {
  if (typeof tag !== 'object' || !/:(?:int|float)$/.test(tag.tag) || !('stringify' in tag)) return tag as ScalarTag;
  const { stringify: write } = tag as Required<ScalarTag>;
  const stringify: typeof write = (...args) => readable(write(...args));
  return { ...tag, stringify } as ScalarTag;
}

function asDocument(source: Source, value: unknown): YamlDocument {
  return {
    value,
    at: (path, what = 'value') => placeAt(source, path, what),
    inside: (path, line, col) => placeInside(source, path, line, col),
  };
}

function readable(number: string): string {
  const isInteger = /^-?\d+$/.test(number);
  return isInteger && !Number.isSafeInteger(Number(number)) ? `${number}.0` : number.replace(/^(-?\d+)e/, '$1.0e');
}
