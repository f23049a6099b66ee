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

/** A written value made ready to be filled in for many hosts. */
type Filler = (filling: Filling) => unknown;

const ready = new WeakMap<Written, Filler>();

/**
 * A value with its templates filled in: a text that is one `{{ … }}` becomes the value itself, any other text stays
 * text. UNKNOWN stands for what depends on a fact nobody asked for yet, or has a fault. Throws a Refusal for a fault.
 */
export function fill(source: Written, filling: Filling): unknown {
  if (!holdsTemplate(source.value)) return source.value;
  let filler = ready.get(source);
  if (filler === undefined) {
    filler = fillerOf(source);
    ready.set(source, filler);
  }
  return filler(filling);
}

function fillerOf(source: Written): Filler {
  const { value } = source;
  if (!holdsTemplate(value)) return () => value;
  if (typeof value === 'string') return textFiller(value, source, (fault) => insideScalar(source, fault));
  if (Array.isArray(value)) {
    const items = value.map((_, index) => fillerOf(part(source, index)));
    return (filling) => items.map((item) => item(filling)).filter((one) => one !== omit);
  }
  const entries = Object.keys(value as object).map((key) => ({
    name: isTemplate(key) ? textFiller(key, source, () => source.at([key], 'key')) : key,
    below: fillerOf(part(source, key)),
  }));
  return (filling) => {
    const result: Record<string, unknown> = {};
    for (const { name: written, below } of entries) {
      const name = typeof written === 'string' ? written : written(filling);
      if (name === UNKNOWN) return UNKNOWN;
      const one = below(filling);
      if (one !== omit) result[String(name)] = one;
    }
    return result;
  };
}

function textFiller(text: string, source: Written, placeOf: Parameters<typeof refusalOf>[1]): Filler {
  return (filling) => {
    try {
      return filling.templates.value(text, filling.lookup);
    } catch (error) {
      const refusal = error instanceof JinjaError ? refusalOf(error, placeOf, filling.names) : error;
      if (!filling.onFault || !(refusal instanceof Refusal)) throw refusal;
      filling.onFault(refusal, source);
      return UNKNOWN;
    }
  };
}

/** Whether something in a value depends on a fact nobody asked for yet. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value === 'symbol') return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isMap(value) && Object.values(value).some(holdsUnknown);
}
