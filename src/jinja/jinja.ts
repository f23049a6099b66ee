import { assemble, type Options } from './evaluate/assemble.ts';
import type { Environment, Program, Scope } from './evaluate/environment.ts';
import { prepare } from './evaluate/evaluate-expression.ts';
import { prepareBody } from './evaluate/evaluate-statement.ts';
import { type Context, isOverflow, rendering } from './evaluate/rendering.ts';
import { errorAt, type Place, type TemplateText } from './fault.ts';
import { checkBody, checkExpression, checkFunctions } from './parse/check.ts';
import { type FreeName, freeNames, freeNamesOf } from './parse/names.ts';
import { expressionTree, templateTree } from './parse/tree.ts';
import { isTrue } from './values/compare.ts';
import { toValue } from './values/convert.ts';
import type { UNKNOWN, Value } from './values/values.ts';

export type { Filter, GlobalFunction, NamedValues, Options, Test } from './evaluate/assemble.ts';
export type { Context } from './evaluate/rendering.ts';
export { JinjaError, type JinjaFault } from './fault.ts';
export { UNKNOWN, type Value } from './values/values.ts';

/** A template that was parsed once and can be rendered many times. */
export interface Template {
  /** The text; UNKNOWN where a value was used that is not known yet. */
  render(context: Context): string | typeof UNKNOWN;
  /** Ansible's native rule: the value itself where the template is one single `{{ … }}`, otherwise the text. */
  evaluate(context: Context): Value | typeof UNKNOWN;
  /** The names it uses itself (not in what it includes) and does not define, without the functions every template has. */
  readonly variables: readonly string[];
}

/** An expression as in `when:`, without `{{ }}`. */
export interface Expression {
  evaluate(context: Context): Value | typeof UNKNOWN;
  readonly variables: readonly string[];
}

/** Parses a template; a JinjaError tells what is wrong with it. */
export function parseTemplate(source: string, options: Options = {}): Template {
  return shallow(source, options.name, () => readTemplate(source, options));
}

/** Parses an expression that stands alone; a JinjaError tells what is wrong with it. */
export function parseExpression(source: string, options: Options = {}): Expression {
  return shallow(source, options.name, () => readExpression(source, options));
}

/** Whether a text has anything for a template to do. */
export function isTemplate(text: string): boolean {
  return /\{[{%#]/.test(text);
}

/** Python's truth of plain data: false for none, zero, and whatever is empty. */
export function truthy(value: Value): boolean {
  return isTrue(value);
}

/** Turns the overflow of the stack by an endless chain of operators into a fault. */
function shallow<T>(source: string, name: string | undefined, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!isOverflow(error)) throw error;
    const place: Place = { source: { text: source, name }, start: 0, end: 0 };
    throw errorAt(place, 'syntax', 'The template is nested too deeply to be read.', {}, error);
  }
}

function readTemplate(source: string, options: Options): Template {
  const { body, free, text, environment } = parse(source, options.name, options);
  const run = prepareBody(body);
  const only = body.length === 1 && body[0]?.kind === 'output' ? body[0].value : undefined;
  const native = only && prepare(only);
  const whole: Place = { source: text, start: 0, end: 0 };
  const render = (context: Context): string | typeof UNKNOWN =>
    rendering(environment, whole, context, (scope) => {
      const out = { text: '' };
      run(scope, out);
      return out.text;
    });
  return {
    render,
    evaluate: (context) => {
      if (native === undefined || only === undefined) return render(context);
      return rendering(environment, whole, context, (scope) => valueAt(scope, native(scope), only.place));
    },
    variables: variableNames(free, environment),
  };
}

function readExpression(source: string, options: Options): Expression {
  const text: TemplateText = { text: source, name: options.name };
  const environment = environmentOf(options);
  const node = expressionTree(text);
  checkExpression(node, environment);
  const free = freeNamesOf(node);
  checkFunctions(free, environment);
  const value = prepare(node);
  return {
    evaluate: (context) =>
      rendering(environment, node.place, context, (scope) => valueAt(scope, value(scope), node.place)),
    variables: variableNames(free, environment),
  };
}

function valueAt(scope: Scope, value: Parameters<typeof toValue>[0], place: Place): Value {
  scope.run.place = place;
  return toValue(value);
}

function parse(source: string, name: string | undefined, options: Options, environment = environmentOf(options)) {
  const text: TemplateText = { text: normalized(source, options.keepTrailingNewline ?? false), name };
  const body = templateTree(text, {
    trimBlocks: options.trimBlocks ?? false,
    lstripBlocks: options.lstripBlocks ?? false,
  });
  checkBody(body, environment);
  const free = freeNames(body);
  checkFunctions(free, environment);
  return { body, free, text, environment };
}

/** Line ends as `\n`, without the last one unless it is kept. */
function normalized(source: string, keepTrailingNewline: boolean): string {
  const text = source.replace(/\r\n?/g, '\n');
  return keepTrailingNewline || !text.endsWith('\n') ? text : text.slice(0, -1);
}

const environments = new WeakMap<Options, Environment>();

/** What all templates with the same options share. */
function environmentOf(options: Options): Environment {
  const known = environments.get(options);
  if (known) return known;
  const compile = (source: string, name: string): Program =>
    prepareBody(parse(source, name, options, environment).body);
  const environment: Environment = assemble(options, compile);
  environments.set(options, environment);
  return environment;
}

function variableNames(free: readonly FreeName[], environment: Environment): readonly string[] {
  return [...new Set(free.map(({ name }) => name))].filter((name) => environment.global(name) === undefined);
}
