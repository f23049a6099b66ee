import type { Project } from '../diagnostics/project.ts';
import { textOf } from '../diagnostics/project.ts';
import {
  type Context,
  JinjaError,
  type Options,
  parseExpression,
  parseTemplate,
  type UNKNOWN,
} from '../jinja/jinja.ts';
import { filters, tests } from './filters.ts';
import { findFile, globFiles } from './find-file.ts';
import type { Search } from './playbook.ts';
import { type Lookup, retracing } from './retrace.ts';

/** The name under which a scope holds where files are looked for; no user can write it. */
export const searchName = ' search';

/** The templates of a playbook: each text and file is parsed once. All methods throw a JinjaError for a fault. */
export interface Templates {
  /** A text of a YAML file: one single `{{ … }}` gives the value itself, anything else text. */
  value(text: string, lookup: Lookup): unknown;
  /** An expression, as in `when`. */
  expression(text: string, lookup: Lookup): unknown;
  /** A template file of the project, rendered as Ansible's template module does. */
  file(path: string, search: Search, lookup: Lookup): string | typeof UNKNOWN;
}

/** A template that was parsed once and is worked out where its variables are not what they were. */
type Worked<T> = (lookup: Lookup) => T;

/** What Ansible renders with, in YAML values as in template files. */
export const renderedBy = { trimBlocks: true, lstripBlocks: false, keepTrailingNewline: true } as const;

export function makeTemplates(project: Project): Templates {
  const values = new Map<string, Worked<unknown>>();
  const expressions = new Map<string, Worked<unknown>>();
  const files = new WeakMap<Search, Map<string, Worked<string | typeof UNKNOWN>>>();
  const active: Lookup[] = [];

  const options: Options = {
    ...renderedBy,
    filters,
    tests,
    globals: {
      fileglob: ([pattern]) => globFiles(project, active.at(-1)?.(searchName) as Search, String(pattern)),
    },
  };

  const worked = <T>(work: (context: Context) => T): Worked<T> =>
    retracing((lookup) => {
      active.push(lookup);
      try {
        return work({ lookup: lookup as Context['lookup'] });
      } finally {
        active.pop();
      }
    });

  return {
    value(text, lookup) {
      return cached(values, text, () => worked(parseTemplate(text, options).evaluate))(lookup);
    },
    expression(text, lookup) {
      return cached(expressions, text, () => worked(parseExpression(text, options).evaluate))(lookup);
    },
    file(path, search, lookup) {
      const known = cachedWeak(files, search);
      const text = cached(known, path, () => {
        const loader = (name: string) => {
          const file = findFile(project, search, 'template', name);
          return file === undefined ? undefined : textOf(project, file);
        };
        return worked(parseTemplate(textOf(project, path) ?? '', { ...options, name: path, loader }).render);
      });
      return text(lookup);
    },
  };
}

function cachedWeak<T>(map: WeakMap<Search, Map<string, T>>, search: Search): Map<string, T> {
  const known = map.get(search) ?? new Map<string, T>();
  map.set(search, known);
  return known;
}

function cached<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

/** The fault of a text that cannot be parsed; a text that can gives undefined. */
export function syntaxFault(text: string, as: 'value' | 'expression', templates: Templates): JinjaError | undefined {
  try {
    templates[as](text, () => undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return error.fault.code === 'syntax' || error.fault.code === 'unsupported' ? error : undefined;
  }
}
