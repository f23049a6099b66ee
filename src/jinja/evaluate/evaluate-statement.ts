import { typeFailure } from '../fault.ts';
import type { Body, FilterStep, ForNode, Node, Target } from '../parse/ast.ts';
import { str } from '../python/python-text.ts';
import { isTrue, itemsOf } from '../values/compare.ts';
import { boundSize } from '../values/limits.ts';
import { Opaque, use, type Val } from '../values/values.ts';
import { childScope, define, type Output, resolve, type Scope } from './environment.ts';
import { type Evaluate, prepare, prepareArguments, prepareCall } from './evaluate-expression.ts';
import { prepareFromImport, prepareImport, prepareInclude } from './include.ts';
import { startLoop, unpack } from './loop.ts';
import { countRound, nested, prepareMacro } from './macro.ts';

/** How a statement ends: undefined to go on with the next. */
export type Ending = 'break' | 'continue' | undefined;

/** A statement made ready: writes its text in a scope. */
export type Execute = (scope: Scope, out: Output) => Ending;

/** Makes a body ready to be run many times. */
export function prepareBody(body: Body): Execute {
  const statements = body.map(prepareNode);
  return (scope, out) => {
    for (const statement of statements) {
      const ending = statement(scope, out);
      if (ending !== undefined) return ending;
    }
    return undefined;
  };
}

/** A statement that never leaves a loop. */
function plain(run: (scope: Scope, out: Output) => void): Execute {
  return (scope, out) => {
    run(scope, out);
    return undefined;
  };
}

function write(out: Output, text: string): void {
  boundSize(out.text.length + text.length);
  out.text += text;
}

function prepareNode(node: Node): Execute {
  switch (node.kind) {
    case 'data':
      return plain((_scope, out) => write(out, node.text));
    case 'output': {
      const value = prepare(node.value);
      return plain((scope, out) => {
        const result = value(scope);
        scope.run.place = node.value.place;
        write(out, str(result));
      });
    }
    case 'if':
      return prepareIf(node);
    case 'for':
      return prepareFor(node);
    case 'set': {
      const value = prepare(node.value);
      return plain((scope) => {
        const result = value(scope);
        assign(scope, node.target, result);
      });
    }
    case 'set-block': {
      const text = prepareText(node.body, node.filters);
      return plain((scope) => assign(scope, node.target, text(scope)));
    }
    case 'with': {
      const bindings = node.bindings.map(([target, value]) => [target, prepare(value)] as const);
      const body = prepareBody(node.body);
      return (scope, out) => {
        const inner = childScope(scope);
        for (const [target, value] of bindings) assign(inner, target, value(scope));
        return body(inner, out);
      };
    }
    case 'macro': {
      const make = prepareMacro(node.name, node.params, node.body, prepareBody(node.body));
      return plain((scope) => define(scope, node.name, make(scope)));
    }
    case 'call-block': {
      const caller = prepareMacro('caller', node.params, node.body, prepareBody(node.body));
      if (node.call.kind !== 'call') return plain(() => {});
      const call = prepareCall(node.call, (scope) => new Map([['caller', caller(scope)]]));
      return plain((scope, out) => write(out, str(call(scope))));
    }
    case 'filter-block': {
      const text = prepareText(node.body, node.filters);
      return plain((scope, out) => write(out, str(text(scope))));
    }
    case 'include':
      return plain(prepareInclude(node));
    case 'import':
      return plain(prepareImport(node));
    case 'from-import':
      return plain(prepareFromImport(node));
    case 'do': {
      const value = prepare(node.value);
      return plain((scope) => use(value(scope)));
    }
    case 'break':
    case 'continue':
      return () => node.kind;
  }
}

function prepareIf(node: Extract<Node, { kind: 'if' }>): Execute {
  const branches = node.branches.map(({ condition, body }) => ({
    condition: prepare(condition),
    place: condition.place,
    body: prepareBody(body),
  }));
  const otherwise = prepareBody(node.otherwise);
  return (scope, out) => {
    for (const { condition, place, body } of branches) {
      const value = condition(scope);
      scope.run.place = place;
      if (isTrue(value)) return body(scope, out);
    }
    return otherwise(scope, out);
  };
}

function prepareFor(node: ForNode & Node): Execute {
  const items = prepare(node.items);
  const condition = node.condition === undefined ? undefined : prepare(node.condition);
  const body = prepareBody(node.body);
  const otherwise = prepareBody(node.otherwise);

  const goThrough = (scope: Scope, out: Output, value: Val, depth: number): Ending => {
    scope.run.place = node.items.place;
    const source = itemsOf(value);
    const chosen = condition === undefined ? source : filtered(scope, node, source, condition);
    const recurse = (inner: Val, level: number): Val => {
      const text: Output = { text: '' };
      nested(scope.run, () => goThrough(scope, text, inner, level));
      return text.text;
    };
    const loop = startLoop(chosen, depth, node.recursive ? recurse : undefined);
    let isEmpty = true;
    for (let item = loop.advance(); item !== undefined; item = loop.advance()) {
      countRound(scope.run);
      isEmpty = false;
      const inner = childScope(scope);
      define(inner, 'loop', loop.variable);
      assign(inner, node.target, item);
      if (body(inner, out) === 'break') break;
    }
    if (isEmpty) return otherwise(childScope(scope), out);
    return undefined;
  };
  return (scope, out) => goThrough(scope, out, items(scope), 0);
}

/** The items for which the condition of a `for … if` holds, each asked only when its turn comes. */
function* filtered(scope: Scope, node: ForNode, source: readonly Val[], condition: Evaluate): Generator<Val> {
  for (const item of source) {
    countRound(scope.run);
    const inner = childScope(scope);
    assign(inner, node.target, item);
    const value = condition(inner);
    scope.run.place = node.items.place;
    if (isTrue(value)) yield item;
  }
}

/** The text of a body, through filters. */
function prepareText(body: Body, filters: readonly FilterStep[]): Evaluate {
  const run = prepareBody(body);
  const steps = filters.map((step) => ({ ...step, prepared: prepareArguments(step.args) }));
  return (scope) => {
    const out: Output = { text: '' };
    run(childScope(scope), out);
    let value: Val = out.text;
    for (const { name, place, prepared } of steps) {
      const { args, named } = prepared(scope);
      scope.run.place = place;
      value = scope.run.environment.filter(name, value, args, named);
    }
    return value;
  };
}

/** Gives a target its value in this scope. */
function assign(scope: Scope, target: Target, value: Val): void {
  scope.run.place = target.place;
  if (target.kind === 'name') {
    define(scope, target.name, value);
  } else if (target.kind === 'tuple') {
    const values = unpack(value, target.items.length);
    for (const [index, item] of target.items.entries()) assign(scope, item, values[index]!);
  } else {
    const namespace = resolve(scope, target.base);
    if (!(namespace instanceof Opaque) || namespace.parts.assign === undefined) {
      throw typeFailure(
        `'${target.base}.${target.name}' cannot be set, because '${target.base}' is not a namespace.`,
        `Make one first: {% set ${target.base} = namespace(${target.name}=…) %}.`,
      );
    }
    namespace.parts.assign(target.name, value);
  }
}
