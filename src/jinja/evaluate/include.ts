import { Failure, typeFailure, valueFailure } from '../fault.ts';
import type { Node } from '../parse/ast.ts';
import { isList, Opaque, orElse, Tuple, Undefined, use, type Val } from '../values/values.ts';
import { childScope, define, type Output, type Program, type Run, type Scope } from './environment.ts';
import { prepare } from './evaluate-expression.ts';
import { nested } from './macro.ts';

/** `{% include %}`: writes the text of another template. */
export function prepareInclude(node: Extract<Node, { kind: 'include' }>): (scope: Scope, out: Output) => void {
  const template = prepare(node.template);
  return (scope, out) => {
    const name = template(scope);
    scope.run.place = node.template.place;
    const program = load(scope.run, name, node.ignoreMissing);
    if (program === undefined) return;
    const inner = node.withContext ? childScope(scope) : apart(scope.run);
    nested(scope.run, () => program(inner, out));
  };
}

/** `{% import 'x' as y %}`: the macros and variables of another template as attributes of one name. */
export function prepareImport(node: Extract<Node, { kind: 'import' }>): (scope: Scope) => void {
  const template = prepare(node.template);
  return (scope) => {
    const name = template(scope);
    scope.run.place = node.template.place;
    const exported = run(scope, name, node.withContext);
    const attribute = (member: string): Val | undefined => (member.startsWith('_') ? undefined : exported.get(member));
    define(scope, node.target, new Opaque({ type: 'template', name: node.target, attribute }));
  };
}

/** `{% from 'x' import y %}`. */
export function prepareFromImport(node: Extract<Node, { kind: 'from-import' }>): (scope: Scope) => void {
  const template = prepare(node.template);
  return (scope) => {
    const name = template(scope);
    scope.run.place = node.template.place;
    const exported = run(scope, name, node.withContext);
    for (const [member, alias] of node.names) {
      const missing = new Undefined(`The template '${String(name)}' does not define '${member}'.`, {
        name: member,
        place: node.place,
      });
      define(scope, alias, orElse(exported.get(member), missing));
    }
  };
}

function run(scope: Scope, name: Val, withContext: boolean): ReadonlyMap<string, Val> {
  const program = load(scope.run, name, false);
  if (program === undefined) throw missingTemplate(name);
  const inner = withContext ? childScope(scope) : apart(scope.run);
  nested(scope.run, () => program(inner, { text: '' }));
  return inner.variables ?? new Map();
}

/** A scope that sees nothing but the globals. */
function apart(run: Run): Scope {
  return { run, lookup: () => undefined, parent: undefined };
}

function load(run: Run, name: Val, ignoreMissing: boolean): Program | undefined {
  const { environment } = run;
  if (!environment.canLoad) throw new Failure('unsupported', 'Other templates cannot be included or imported here.');
  const names: readonly Val[] = isList(name) ? name : name instanceof Tuple ? name.items : [name];
  for (const one of names) {
    if (typeof use(one) !== 'string') throw typeFailure('The name of a template must be text.');
    const program = environment.load(one as string);
    if (program !== undefined) return program;
  }
  if (ignoreMissing) return undefined;
  throw missingTemplate(name);
}

function missingTemplate(name: Val): Failure {
  const names = isList(name) ? name : name instanceof Tuple ? name.items : [name];
  return valueFailure(`There is no template ${names.map((one) => `'${String(one)}'`).join(' or ')}.`);
}
