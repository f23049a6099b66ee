import { REFUSED_FILTERS } from '../builtins/filters/filters.ts';
import { REFUSED_FUNCTIONS } from '../builtins/globals.ts';
import { REFUSED_TESTS } from '../builtins/tests.ts';
import type { Environment } from '../evaluate/environment.ts';
import { errorAt, type Place } from '../fault.ts';
import { didYouMean } from '../suggest.ts';
import type { Arguments, Body, Expr, Node } from './ast.ts';
import { type FreeName, parts } from './names.ts';

/** Stops at the first filter or test that does not exist, before anything runs. */
export function checkBody(body: Body, environment: Environment): void {
  for (const node of body) checkNode(node, environment);
}

/** Stops at the first call of a function that is refused by name. */
export function checkFunctions(free: readonly FreeName[], environment: Environment): void {
  for (const { name, place, called } of free) {
    const mend = REFUSED_FUNCTIONS.get(name);
    if (!called || mend === undefined || environment.global(name) !== undefined) continue;
    throw errorAt(place, 'unsupported', `The function '${name}' is not supported.`, { mend });
  }
}

function checkNode(node: Node, environment: Environment): void {
  const expressions = (...all: (Expr | undefined)[]): void => {
    for (const expression of all) if (expression !== undefined) checkExpression(expression, environment);
  };
  switch (node.kind) {
    case 'output':
    case 'do':
    case 'set':
      expressions(node.value);
      return;
    case 'if':
      for (const branch of node.branches) {
        expressions(branch.condition);
        checkBody(branch.body, environment);
      }
      checkBody(node.otherwise, environment);
      return;
    case 'for':
      expressions(node.items, node.condition);
      checkBody(node.body, environment);
      checkBody(node.otherwise, environment);
      return;
    case 'set-block':
    case 'filter-block':
      for (const step of node.filters) {
        checkFilter(step.name, step.place, environment);
        checkArguments(step.args, environment);
      }
      checkBody(node.body, environment);
      return;
    case 'with':
      expressions(...node.bindings.map(([, value]) => value));
      checkBody(node.body, environment);
      return;
    case 'macro':
      expressions(...node.params.map((param) => param.fallback));
      checkBody(node.body, environment);
      return;
    case 'call-block':
      expressions(node.call, ...node.params.map((param) => param.fallback));
      checkBody(node.body, environment);
      return;
    case 'include':
    case 'import':
    case 'from-import':
      expressions(node.template);
      return;
    default:
      return;
  }
}

/** Stops at the first filter or test of an expression that does not exist. */
export function checkExpression(node: Expr, environment: Environment): void {
  if (node.kind === 'filter') checkFilter(node.name, node.place, environment);
  if (node.kind === 'test') checkTest(node.name, node.place, environment);
  for (const part of parts(node)) checkExpression(part, environment);
  if ('args' in node) checkArguments(node.args, environment);
}

function checkArguments(args: Arguments, environment: Environment): void {
  for (const value of args.positional) checkExpression(value, environment);
  for (const [, value] of args.named) checkExpression(value, environment);
}

function checkFilter(name: string, place: Place, environment: Environment): void {
  if (environment.hasFilter(name)) return;
  const reason = REFUSED_FILTERS.get(name);
  if (reason !== undefined)
    throw errorAt(place, 'unsupported', `The filter '${name}' is not supported.`, { mend: reason });
  throw errorAt(place, 'syntax', `There is no filter '${name}'.`, {
    mend: didYouMean(name, environment.filterNames()),
  });
}

function checkTest(name: string, place: Place, environment: Environment): void {
  if (environment.hasTest(name)) return;
  const reason = REFUSED_TESTS.get(name);
  if (reason !== undefined)
    throw errorAt(place, 'unsupported', `The test '${name}' is not supported.`, { mend: reason });
  throw errorAt(place, 'syntax', `There is no test '${name}'.`, { mend: didYouMean(name, environment.testNames()) });
}
