import { toYaml } from '../yaml/yaml.ts';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

/** `text or a list` for the types of JSON Schema. */
export function typeWords(types: string | readonly string[]): string {
  const words = [types].flat().map((type) => TYPE_WORDS[type] ?? type);
  return listWords([...new Set(words)], 'or');
}

/** `a, b or c`. */
export function listWords(words: readonly string[], conjunction: 'and' | 'or'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** What a value is, for the sentence "must be …, not …"; texts are not quoted, for they may be secret or long. */
export function foundWords(value: unknown): string {
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `the truth value ${value}`;
  if (typeof value === 'string') return 'text';
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : 'a mapping';
}

/** The JSON Schema type of a value; numbers are `integer` where they can be. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** A value on one line, as the user would write it in YAML. */
export function inlineYaml(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : toYaml(value).trimEnd();
  return text.includes('\n') ? JSON.stringify(value) : text;
}

/** A path as users read it: `volumes[2].mode`. */
export function pathWords(path: readonly (string | number)[]): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`)).join('');
}
