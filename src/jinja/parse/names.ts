import type { Place } from '../fault.ts';
import type { Arguments, Body, Expr, FilterStep, Node, Parameters, Target } from './ast.ts';

/** A name that a template uses but does not define itself. */
export interface FreeName {
  readonly name: string;
  readonly place: Place;
  /** Whether it is called as a function. */
  readonly called: boolean;
}

/** The names known at one point: for certain (`bound`), and somewhere in the enclosing scopes (`later`, for macros). */
interface Known {
  readonly bound: Set<string>;
  readonly later: ReadonlySet<string>;
  readonly found: FreeName[];
}

/** The free names of a template, in order of use; a name that is set in only some branches counts as free after them. */
export function freeNames(body: Body): readonly FreeName[] {
  const known: Known = { bound: new Set(), later: assignedIn(body), found: [] };
  walkBody(body, known);
  return known.found;
}

/** The free names of an expression that stands alone. */
export function freeNamesOf(expression: Expr): readonly FreeName[] {
  const known: Known = { bound: new Set(), later: new Set(), found: [] };
  walk(expression, known);
  return known.found;
}

/** Whether the body of a macro uses one of the names that a call sets by itself. */
export function usesName(params: Parameters, body: Body, name: string): boolean {
  const known: Known = { bound: new Set(), later: new Set(), found: [] };
  walkParameters(params, known);
  walkBody(body, inner(known, [], body));
  return known.found.some((free) => free.name === name);
}

function inner(known: Known, names: readonly string[], body: Body): Known {
  return {
    bound: new Set([...known.bound, ...names]),
    later: new Set([...known.later, ...assignedIn(body)]),
    found: known.found,
  };
}

/** Names that a body sets in its own scope. */
function assignedIn(body: Body): Set<string> {
  const names = new Set<string>();
  for (const node of body) {
    if (node.kind === 'set' || node.kind === 'set-block') for (const name of targetNames(node.target)) names.add(name);
    if (node.kind === 'macro') names.add(node.name);
    if (node.kind === 'import') names.add(node.target);
    if (node.kind === 'from-import') for (const [, name] of node.names) names.add(name);
    if (node.kind === 'if') {
      for (const part of [...node.branches.map((branch) => branch.body), node.otherwise]) {
        for (const name of assignedIn(part)) names.add(name);
      }
    }
  }
  return names;
}

function targetNames(target: Target): readonly string[] {
  if (target.kind === 'name') return [target.name];
  return target.kind === 'tuple' ? target.items.flatMap(targetNames) : [];
}

function walkTarget(target: Target, known: Known): void {
  if (target.kind === 'attribute') note(target.base, target.place, false, known);
  if (target.kind === 'tuple') for (const item of target.items) walkTarget(item, known);
}

function note(name: string, place: Place, called: boolean, known: Known): void {
  if (!known.bound.has(name)) known.found.push({ name, place, called });
}

function bindTarget(target: Target, known: Known): void {
  walkTarget(target, known);
  for (const name of targetNames(target)) known.bound.add(name);
}

function walkBody(body: Body, known: Known): void {
  for (const node of body) walkNode(node, known);
}

function walkNode(node: Node, known: Known): void {
  switch (node.kind) {
    case 'data':
    case 'break':
    case 'continue':
      return;
    case 'output':
    case 'do':
      walk(node.value, known);
      return;
    case 'if':
      walkIf(node, known);
      return;
    case 'for': {
      walk(node.items, known);
      const itemKnown = inner(known, targetNames(node.target), []);
      if (node.condition !== undefined) walk(node.condition, itemKnown);
      walkBody(node.body, inner(known, [...targetNames(node.target), 'loop'], node.body));
      walkBody(node.otherwise, inner(known, [], node.otherwise));
      return;
    }
    case 'set':
      walk(node.value, known);
      bindTarget(node.target, known);
      return;
    case 'set-block':
      walkSteps(node.filters, known);
      walkBody(node.body, inner(known, [], node.body));
      bindTarget(node.target, known);
      return;
    case 'with':
      for (const [, value] of node.bindings) walk(value, known);
      walkBody(
        node.body,
        inner(
          known,
          node.bindings.flatMap(([target]) => targetNames(target)),
          node.body,
        ),
      );
      return;
    case 'macro':
      known.bound.add(node.name);
      walkParameters(node.params, known);
      walkMacroBody(node.params, node.body, ['varargs', 'kwargs', 'caller'], known);
      return;
    case 'call-block':
      walk(node.call, known);
      walkParameters(node.params, known);
      walkMacroBody(node.params, node.body, ['varargs', 'kwargs'], known);
      return;
    case 'filter-block':
      walkSteps(node.filters, known);
      walkBody(node.body, inner(known, [], node.body));
      return;
    case 'include':
      walk(node.template, known);
      return;
    case 'import':
      walk(node.template, known);
      known.bound.add(node.target);
      return;
    case 'from-import':
      walk(node.template, known);
      for (const [, name] of node.names) known.bound.add(name);
      return;
  }
}

function walkIf(node: Extract<Node, { kind: 'if' }>, known: Known): void {
  const outcomes = node.branches.map(({ condition, body }) => {
    walk(condition, known);
    const branch = { ...known, bound: new Set(known.bound) };
    walkBody(body, branch);
    return branch.bound;
  });
  const otherwise = { ...known, bound: new Set(known.bound) };
  walkBody(node.otherwise, otherwise);
  for (const name of otherwise.bound) {
    if (outcomes.every((bound) => bound.has(name))) known.bound.add(name);
  }
}

/** A macro runs after all that its scopes set, so what is set later counts as known. */
function walkMacroBody(params: Parameters, body: Body, special: readonly string[], known: Known): void {
  const names = [...params.map((param) => param.name), ...special, ...known.later];
  walkBody(body, inner(known, names, body));
}

function walkParameters(params: Parameters, known: Known): void {
  const seen = inner(
    known,
    params.map((param) => param.name),
    [],
  );
  for (const { fallback } of params) if (fallback !== undefined) walk(fallback, seen);
}

function walkSteps(steps: readonly FilterStep[], known: Known): void {
  for (const step of steps) walkArguments(step.args, known);
}

function walkArguments(args: Arguments, known: Known): void {
  for (const value of args.positional) walk(value, known);
  for (const [, value] of args.named) walk(value, known);
}

function walk(node: Expr, known: Known): void {
  if (node.kind === 'name') {
    note(node.name, node.place, false, known);
    return;
  }
  if (node.kind === 'call' && node.callee.kind === 'name') note(node.callee.name, node.callee.place, true, known);
  else for (const part of parts(node)) walk(part, known);
  if ('args' in node) walkArguments(node.args, known);
}

/** The expressions directly within one, but for arguments. */
export function parts(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case 'list':
    case 'tuple':
      return node.items;
    case 'dict':
      return node.pairs.flat();
    case 'attribute':
      return [node.base];
    case 'item':
      return [node.base, node.key];
    case 'slice':
      return [node.base, node.start, node.stop, node.step].filter((part) => part !== undefined);
    case 'call':
      return [node.callee];
    case 'filter':
    case 'test':
      return [node.input];
    case 'binary':
    case 'logic':
      return [node.left, node.right];
    case 'join':
      return node.parts;
    case 'compare':
      return [node.first, ...node.rest.map(([, value]) => value)];
    case 'unary':
      return [node.value];
    case 'choice':
      return [node.condition, node.chosen, ...(node.otherwise === undefined ? [] : [node.otherwise])];
    default:
      return [];
  }
}
