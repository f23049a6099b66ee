import { Refusal } from '../diagnostics/diagnostic.ts';
import { JinjaError, UNKNOWN } from '../jinja/jinja.ts';
import { insideScalar, refusalOf } from './template-faults.ts';
import type { Templates } from './templates.ts';
import { holdsTemplate, isMap, isTemplate, part, type Written } from './written.ts';

/** What `omit` stands for: the key or item that has it is left out. */
export const omit = '\u0000omit\u0000';

/** What filling in goes by. */
export interface Filling {
  readonly templates: Templates;
  /** Gives the values of names; undefined when there is no such name. */
  readonly lookup: (name: string) => unknown;
  /** Names that could have been meant by one that is not there. */
  readonly names: () => readonly string[];
  /** Takes the faults of one text, so that the others are filled in all the same; without it the first fault is thrown. */
  readonly onFault?: ((refusal: Refusal, source: Written) => void) | undefined;
}

/**
 * A value with its templates filled in: a text that is one `{{ … }}` becomes the value itself, any other text stays
 * text. UNKNOWN stands for what depends on a fact nobody asked for yet, or has a fault. Throws a Refusal for a fault.
 */
export function fill(source: Written, filling: Filling): unknown {
  const { value } = source;
  if (!holdsTemplate(value)) return value;
  if (typeof value === 'string') {
    return guarded(source, filling, () => fillText(value, filling, (fault) => insideScalar(source, fault)));
  }
  if (Array.isArray(value)) {
    return value.map((_, index) => fill(part(source, index), filling)).filter((one) => one !== omit);
  }
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value as object)) {
    const name = isTemplate(key)
      ? guarded(source, filling, () => fillText(key, filling, () => source.at([key], 'key')))
      : key;
    if (name === UNKNOWN) return UNKNOWN;
    const below = (value as Readonly<Record<string, unknown>>)[key];
    const one = holdsTemplate(below) ? fill(part(source, key), filling) : below;
    if (one !== omit) result[String(name)] = one;
  }
  return result;
}

function fillText(text: string, filling: Filling, placeOf: Parameters<typeof refusalOf>[1]): unknown {
  try {
    return filling.templates.value(text, filling.lookup);
  } catch (error) {
    if (error instanceof JinjaError) throw refusalOf(error, placeOf, filling.names);
    throw error;
  }
}

function guarded(source: Written, { onFault }: Filling, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!onFault || !(error instanceof Refusal)) throw error;
    onFault(error, source);
    return UNKNOWN;
  }
}

/** Whether something in a value depends on a fact nobody asked for yet. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value === 'symbol') return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isMap(value) && Object.values(value).some(holdsUnknown);
}
