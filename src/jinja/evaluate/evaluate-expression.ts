import { Failure, typeFailure } from '../fault.ts';
import type { Arguments, Expr } from '../parse/ast.ts';
import { didYouMean } from '../suggest.ts';
import { described, isTrue } from '../values/compare.ts';
import { dictOf } from '../values/dicts.ts';
import { float, int, type Named, Opaque, orElse, ownList, Tuple, Undefined, use, type Val } from '../values/values.ts';
import { attributeOf, itemOf, sliceOf } from './access.ts';
import { resolve, type Scope } from './environment.ts';
import { prepareBinary, prepareCompare, prepareJoin, prepareLogic, prepareUnary } from './evaluate-operator.ts';

/** An expression made ready: its value in a scope. */
export type Evaluate = (scope: Scope) => Val;

/** Makes an expression ready to be evaluated many times. */
export function prepare(node: Expr): Evaluate {
  switch (node.kind) {
    case 'literal':
      return () => node.value;
    case 'int': {
      const value = int(node.value);
      return () => value;
    }
    case 'float': {
      const value = float(node.value);
      return () => value;
    }
    case 'name':
      return prepareName(node);
    case 'list':
      return each(node.items, ownList);
    case 'tuple':
      return each(node.items, (items) => new Tuple(items));
    case 'dict':
      return prepareDict(node);
    case 'attribute':
    case 'item':
    case 'slice':
      return prepareAccess(node);
    case 'call':
      return prepareCall(node);
    case 'filter':
      return prepareFilter(node);
    case 'test':
      return prepareTest(node);
    case 'compare':
      return prepareCompare(node);
    case 'choice':
      return prepareChoice(node);
    case 'logic':
      return prepareLogic(node);
    case 'binary':
      return prepareBinary(node);
    case 'unary':
      return prepareUnary(node);
    case 'join':
      return prepareJoin(node);
  }
}

function each(nodes: readonly Expr[], combine: (items: Val[]) => Val): Evaluate {
  const items = nodes.map(prepare);
  return (scope) => combine(items.map((item) => item(scope)));
}

function prepareName(node: Extract<Expr, { kind: 'name' }>): Evaluate {
  const { name, place } = node;
  const missing = new Undefined(`'${name}' is not defined.`, { name, place });
  return (scope) => {
    scope.run.place = place;
    return orElse(resolve(scope, name), missing);
  };
}

function prepareDict(node: Extract<Expr, { kind: 'dict' }>): Evaluate {
  const pairs = node.pairs.map(([key, value]) => [prepare(key), prepare(value)] as const);
  return (scope) => {
    const values = pairs.map(([key, value]) => [key(scope), value(scope)] as const);
    scope.run.place = node.place;
    return dictOf(values);
  };
}

function prepareAccess(node: Extract<Expr, { kind: 'attribute' | 'item' | 'slice' }>): Evaluate {
  const base = prepare(node.base);
  const path = written(node.base);
  const { place } = node;
  const at = (scope: Scope, access: () => Val): Val => {
    scope.run.place = place;
    const found = access();
    if (!(found instanceof Undefined) || found.extras.place !== undefined) return found;
    return new Undefined(found.message, { ...found.extras, place });
  };
  if (node.kind === 'attribute') {
    return (scope) => {
      const value = base(scope);
      return at(scope, () => attributeOf(value, node.name, path));
    };
  }
  if (node.kind === 'item') {
    const key = prepare(node.key);
    return (scope) => {
      const value = base(scope);
      const part = key(scope);
      return at(scope, () => itemOf(value, part, path));
    };
  }
  const bounds = [node.start, node.stop, node.step].map((bound) => (bound === undefined ? () => null : prepare(bound)));
  return (scope) => {
    const value = base(scope);
    const [start, stop, step] = bounds.map((bound) => bound(scope)) as [Val, Val, Val];
    return at(scope, () => sliceOf(value, start, stop, step));
  };
}

/** An expression as the user wrote it, where that names a thing. */
function written(node: Expr): string {
  const { source, start, end } = node.place;
  const named = node.kind === 'name' || node.kind === 'attribute' || node.kind === 'item' || node.kind === 'call';
  return named ? source.text.slice(start, end).replace(/\s+/g, ' ') : '(…)';
}

/** The arguments of a call, in a scope. */
export function prepareArguments(args: Arguments): (scope: Scope) => { args: Val[]; named: Named } {
  const positional = args.positional.map(prepare);
  const named = args.named.map(([name, value]) => [name, prepare(value)] as const);
  return (scope) => ({
    args: positional.map((value) => value(scope)),
    named: new Map(named.map(([name, value]) => [name, value(scope)])),
  });
}

/** A call; `extra` adds named arguments of the evaluator's own. */
export function prepareCall(node: Extract<Expr, { kind: 'call' }>, extra?: (scope: Scope) => Named): Evaluate {
  const callee = prepare(node.callee);
  const prepared = prepareArguments(node.args);
  return (scope) => {
    const target = calleeOf(node.callee, callee(scope), scope);
    const { args, named } = prepared(scope);
    scope.run.place = node.place;
    const all = extra === undefined ? named : new Map([...named, ...extra(scope)]);
    if (!(target instanceof Opaque) || target.parts.call === undefined) {
      throw typeFailure(`${described(target)} is not a function and cannot be called.`);
    }
    return target.parts.call(args, all);
  };
}

/** What is called; a name that is not defined may be a misspelt function. */
function calleeOf(node: Expr, value: Val, scope: Scope): Val {
  if (!(value instanceof Undefined) || node.kind !== 'name') return use(value);
  const mend = didYouMean(node.name, scope.run.environment.globalNames());
  throw new Failure('undefined', value.message, { ...value.extras, mend });
}

function prepareFilter(node: Extract<Expr, { kind: 'filter' }>): Evaluate {
  const input = prepare(node.input);
  const prepared = prepareArguments(node.args);
  return (scope) => {
    const value = input(scope);
    const { args, named } = prepared(scope);
    scope.run.place = node.place;
    return scope.run.environment.filter(node.name, value, args, named);
  };
}

function prepareTest(node: Extract<Expr, { kind: 'test' }>): Evaluate {
  const input = prepare(node.input);
  const prepared = prepareArguments(node.args);
  return (scope) => {
    const value = input(scope);
    const { args, named } = prepared(scope);
    scope.run.place = node.place;
    return scope.run.environment.test(node.name, value, args, named) !== node.negated;
  };
}

function prepareChoice(node: Extract<Expr, { kind: 'choice' }>): Evaluate {
  const condition = prepare(node.condition);
  const chosen = prepare(node.chosen);
  const message = "This 'if' without 'else' has no value, because its condition is false.";
  const nothing = new Undefined(message, { place: node.place }, true);
  const otherwise = node.otherwise === undefined ? () => nothing : prepare(node.otherwise);
  return (scope) => {
    const value = condition(scope);
    scope.run.place = node.condition.place;
    return isTrue(value) ? chosen(scope) : otherwise(scope);
  };
}
