import { Refusal } from '../diagnostics/diagnostic.ts';
import { JinjaError, UNKNOWN } from '../jinja/jinja.ts';
import type { Resolver, Scope } from './scope.ts';
import { namesOf } from './scope.ts';
import { explained, insideScalar, refusalOf } from './template-faults.ts';
import type { Templates } from './templates.ts';
import { holdsTemplate, isMap, isTemplate, part, type Written } from './written.ts';

/** Gives the values of names while a template runs; undefined when there is no such name. */
export type Lookup = (name: string) => unknown;

/** What `omit` stands for: the key or item that has it is left out. */
export const omit = '\u0000omit\u0000';

/**
 * A value with its templates filled in: a text that is one `{{ … }}` becomes the value itself, any other text stays
 * text. UNKNOWN stands for what depends on a fact nobody asked for yet. Throws a Refusal for the first fault.
 */
export function fill(source: Written, lookup: Lookup, templates: Templates, names: () => readonly string[]): unknown {
  const { value } = source;
  if (typeof value === 'string') return isTemplate(value) ? fillText(source, value, lookup, templates, names) : value;
  if (typeof value !== 'object' || value === null || !holdsTemplate(value)) return value;
  const below = (key: string | number) => fill(part(source, key), lookup, templates, names);
  if (Array.isArray(value)) return value.map((_, index) => below(index)).filter((one) => one !== omit);
  if (!isMap(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const name = isTemplate(key) ? fillKey(source, key, lookup, templates, names) : key;
    const one = below(key);
    if (one !== omit) result[name] = one;
  }
  return result;
}

/** The same, but gathers the faults of all parts, each with what led to it. */
export function fillAll(
  source: Written,
  scope: Scope,
  resolver: Resolver,
  templates: Templates,
  report: (fault: Refusal['diagnostics'][number]) => void,
): unknown {
  const { value } = source;
  if (!holdsTemplate(value)) return value;
  const below = (key: string | number) => fillAll(part(source, key), scope, resolver, templates, report);
  if (Array.isArray(value)) return value.map((_, index) => below(index)).filter((one) => one !== omit);
  const lookup: Lookup = (name) => resolver.resolve(scope, name);
  const names = () => namesOf(scope);
  try {
    if (!isMap(value)) return fill(source, lookup, templates, names);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const name = isTemplate(key) ? fillKey(source, key, lookup, templates, names) : key;
      const one = below(key);
      if (one !== omit) result[name] = one;
    }
    return result;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const fault of explained(error, source.at())) report(fault);
    return UNKNOWN;
  }
}

function fillText(
  source: Written,
  text: string,
  lookup: Lookup,
  templates: Templates,
  names: () => readonly string[],
): unknown {
  try {
    return templates.value(text, lookup);
  } catch (error) {
    if (error instanceof JinjaError) throw refusalOf(error, (fault) => insideScalar(source, fault), names);
    throw error;
  }
}

function fillKey(
  source: Written,
  key: string,
  lookup: Lookup,
  templates: Templates,
  names: () => readonly string[],
): string {
  const at = source.at([key], 'key');
  try {
    const value = templates.value(key, lookup);
    return typeof value === 'symbol' ? key : String(value);
  } catch (error) {
    if (error instanceof JinjaError) throw refusalOf(error, () => at, names);
    throw error;
  }
}
