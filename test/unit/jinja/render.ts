import {
  JinjaError,
  type JinjaFault,
  type Options,
  parseTemplate,
  type UNKNOWN,
  type Value,
} from '../../../src/jinja/jinja.ts';

export type Variables = { readonly [name: string]: Value | typeof UNKNOWN };

/** The text of a template with these variables. */
export function render(source: string, variables: Variables = {}, options: Options = {}): string | typeof UNKNOWN {
  return parseTemplate(source, options).render({
    lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
  });
}

/** The native value of a template with these variables. */
export function evaluate(source: string, variables: Variables = {}, options: Options = {}): Value | typeof UNKNOWN {
  return parseTemplate(source, options).evaluate({
    lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
  });
}

/** The fault of a template that must have one. */
export function faultOf(source: string, variables: Variables = {}, options: Options = {}): JinjaFault {
  try {
    evaluate(source, variables, options);
  } catch (error) {
    if (error instanceof JinjaError) return error.fault;
    throw error;
  }
  throw new Error(`No fault was found in ${source}`);
}
