import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import { didYouMean, nearest } from '../diagnostics/suggest.ts';
import type { Fragment, Violation } from './check.ts';
import { foundWords, inlineYaml, listWords, pathWords } from './words.ts';

/** Keys and indices from the root of a value. */
export type Path = readonly (string | number)[];

/** What the words about a violation need to know of the value it is in. */
export interface Context {
  readonly root: unknown;
  /** How the root is called: `The task "Hosts file"`. */
  readonly what: string | undefined;
  at(path: Path, what?: 'key' | 'value'): Place;
}

/** The words of a fault. */
export type Words = Pick<Diagnostic, 'code' | 'what' | 'why' | 'mend'>;

/** The words of a fault, and its place below the value they are about. */
export type Placed = Words & { readonly place?: { readonly path: Path; readonly what: 'key' | 'value' } };

/** How a value is called in a sentence. */
export function subjectOf(path: Path, context: Context): string {
  if (path.length === 0) return context.what ?? 'This file';
  const of = context.what === undefined ? '' : ` of ${lowerFirst(context.what)}`;
  return `"${pathWords(path)}"${of}`;
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export function unknownKey(subject: string, name: string, schema: Fragment): Placed {
  const known = Object.keys(schema.properties ?? {});
  const why = nearest(name, known) === undefined ? undefined : `It takes ${listWords(known, 'and')}.`;
  const mend = known.length === 0 ? 'Remove it.' : didYouMean(name, known);
  const what = `${subject} has no key "${name}".`;
  return { code: 'unknown-key', what, ...(why && { why }), mend, place: { path: [name], what: 'key' } };
}

export function missingKey(what: string, missing: unknown, schema: Fragment): Placed {
  const property = schema.properties?.[String(missing)];
  const example = property?.examples?.[0];
  const mend = example === undefined ? `Add "${missing}".` : `Add it, for example: ${missing}: ${inlineYaml(example)}`;
  const why = property?.description && { why: `${missing}: ${property.description}` };
  return { code: 'missing-key', what, ...why, mend, place: { path: [], what: 'key' } };
}

export function emptyValue(subject: string, schema: Fragment): Placed {
  const mend = `Give it a value${forExample(schema)}, or remove the key.`;
  return { code: 'empty-value', what: `${subject} has no value.`, mend, place: { path: [], what: 'key' } };
}

/** The words for a value of the wrong type; `wanted` is a phrase such as `text or a list`. */
export function wrongType(subject: string, wanted: string, data: unknown, schema: Fragment): Words {
  const what = `${subject} must be ${wanted}, not ${foundWords(data)}.`;
  const { mend, ...why } = explanation(schema);
  return { code: 'wrong-type', what, ...why, ...withMend(typeMend(wanted, data, schema) ?? mend) };
}

function typeMend(wanted: string, data: unknown, schema: Fragment): string | undefined {
  const wantsText = wanted.startsWith('text');
  if (wantsText && typeof data === 'number') {
    return `Put it in quotes${forExample(schema)}; without them YAML reads a number.`;
  }
  if (wantsText && typeof data === 'boolean') {
    return 'Put it in quotes; without them YAML reads yes, no, on, off, true and false as truth values.';
  }
  if (typeof data !== 'string') return undefined;
  if (/number/.test(wanted) && data.trim() !== '' && !Number.isNaN(Number(data))) return 'Remove the quotes.';
  if (wanted === 'a list') return 'Begin each entry with "- " on a line of its own, or write [a, b].';
  return undefined;
}

export function notAllowed(subject: string, data: unknown, schema: Fragment): Words {
  const allowed = schema.enum ?? [schema.const];
  const names = allowed.map((one) => inlineYaml(one));
  const found = typeof data === 'object' ? foundWords(data) : `"${cut(String(data))}"`;
  const what = `${subject} cannot be ${found}.`;
  const why = schema.description && { why: schema.description };
  return { code: 'not-allowed', what, ...why, mend: didYouMean(String(data), names) };
}

export function complaint({ keyword, params, data }: Violation): string {
  const limit = params.limit!;
  const shown = typeof data === 'string' ? `"${cut(data)}"` : String(data);
  switch (keyword) {
    case 'minimum':
    case 'maximum':
      return `must be at ${keyword === 'minimum' ? 'least' : 'most'} ${limit}, not ${shown}`;
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${keyword === 'exclusiveMinimum' ? 'more' : 'less'} than ${limit}, not ${shown}`;
    case 'multipleOf':
      return `must be a multiple of ${params.multipleOf}, not ${shown}`;
    case 'minLength':
      return data === '' ? 'is empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
    case 'minProperties':
      return `needs at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
    case 'maxItems':
    case 'maxProperties':
      return `can have at most ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
    default:
      return typeof data === 'object' ? 'is not as it must be' : `is ${shown}, which is not of the expected form`;
  }
}

export function explanation(schema: Fragment): Pick<Diagnostic, 'why' | 'mend'> {
  const example = schema.examples?.[0];
  const mend = example === undefined ? undefined : `Write it like this: ${inlineYaml(example)}`;
  return { ...(schema.description && { why: schema.description }), ...withMend(mend) };
}

function withMend(mend: string | undefined): { readonly mend?: string } {
  return mend === undefined ? {} : { mend };
}

function forExample(schema: Fragment): string {
  const example = schema.examples?.[0];
  return example === undefined ? '' : `, for example ${inlineYaml(example)}`;
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
