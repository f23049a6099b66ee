import type { Project } from '../diagnostics/project.ts';
import { textOf } from '../diagnostics/project.ts';
import {
  type Context,
  type Expression,
  JinjaError,
  type Options,
  parseExpression,
  parseTemplate,
  type Template,
  type UNKNOWN,
} from '../jinja/jinja.ts';
import { filters, tests } from './filters.ts';
import { findFile, globFiles } from './find-file.ts';
import type { Search } from './playbook.ts';

type Lookup = (name: string) => unknown;

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

export function makeTemplates(project: Project): Templates {
  const values = new Map<string, Template>();
  const expressions = new Map<string, Expression>();
  const files = new WeakMap<Search, Map<string, Template>>();
  const active: Lookup[] = [];

  const options: Options = {
    // What Ansible renders with, in YAML values as in template files.
    trimBlocks: true,
    keepTrailingNewline: true,
    filters,
    tests,
    globals: {
      fileglob: ([pattern]) => globFiles(project, active.at(-1)?.(searchName) as Search, String(pattern)),
    },
  };

  const within = <T>(lookup: Lookup, work: (context: Context) => T): T => {
    active.push(lookup);
    try {
      return work({ lookup: lookup as Context['lookup'] });
    } finally {
      active.pop();
    }
  };

  return {
    value(text, lookup) {
      const template = cached(values, text, () => parseTemplate(text, options));
      return within(lookup, (context) => template.evaluate(context));
    },
    expression(text, lookup) {
      const expression = cached(expressions, text, () => parseExpression(text, options));
      return within(lookup, (context) => expression.evaluate(context));
    },
    file(path, search, lookup) {
      const known = cachedWeak(files, search);
      const template = cached(known, path, () => {
        const loader = (name: string) => {
          const file = findFile(project, search, 'template', name);
          return file === undefined ? undefined : textOf(project, file);
        };
        return parseTemplate(textOf(project, path) ?? '', { ...options, name: path, loader });
      });
      return within(lookup, (context) => template.render(context));
    },
  };
}

function cachedWeak(map: WeakMap<Search, Map<string, Template>>, search: Search): Map<string, Template> {
  const known = map.get(search) ?? new Map<string, Template>();
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
