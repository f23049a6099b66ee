import { typeFailure, valueFailure } from '../fault.ts';
import type { Body, Parameters } from '../parse/ast.ts';
import { usesName } from '../parse/names.ts';
import { dictOf } from '../values/dicts.ts';
import { MAX_DEPTH, MAX_ROUNDS } from '../values/limits.ts';
import { type Named, Opaque, orElse, Tuple, Undefined, type Val } from '../values/values.ts';
import { childScope, define, type Output, type Run, type Scope } from './environment.ts';
import { prepare } from './evaluate-expression.ts';

/** Makes the macro of a definition, as a value of the scope where the definition stands. */
export type MacroMaker = (scope: Scope) => Opaque;

/** Prepares a macro, or the body of a call block. */
export function prepareMacro(
  name: string,
  params: Parameters,
  body: Body,
  run: (scope: Scope, out: Output) => void,
): MacroMaker {
  const names = params.map((param) => param.name);
  const fallbacks = params.map(({ fallback }) => (fallback === undefined ? undefined : prepare(fallback)));
  const takes = (special: string): boolean => !names.includes(special) && usesName(params, body, special);
  const [takesVarargs, takesKwargs, takesCaller] = [takes('varargs'), takes('kwargs'), takes('caller')];

  const assign = (scope: Scope, args: readonly Val[], named: Named): void => {
    const left = new Map(named);
    for (const [index, param] of names.entries()) {
      const value = index < args.length ? args[index] : left.get(param);
      if (index >= args.length) left.delete(param);
      if (value !== undefined) define(scope, param, value);
    }
    for (const [index, param] of names.entries()) {
      if (scope.variables?.has(param)) continue;
      const fallback = fallbacks[index];
      define(scope, param, fallback === undefined ? notGiven(name, param) : fallback(scope));
    }
    if (takesCaller) {
      const none = new Undefined(`The macro '${name}' was not used with {% call %}, so it has no caller.`, {
        name: 'caller',
      });
      define(scope, 'caller', orElse(left.get('caller'), none));
      left.delete('caller');
    }
    if (takesKwargs) define(scope, 'kwargs', dictOf([...left]));
    else for (const extra of left.keys()) throw refused(name, extra, names);
    if (takesVarargs) define(scope, 'varargs', new Tuple(args.slice(names.length)));
    else if (args.length > names.length) {
      throw typeFailure(`The macro '${name}' takes at most ${names.length} arguments, but was given ${args.length}.`);
    }
  };

  return (definition) => {
    const call = (args: readonly Val[], named: Named): Val => {
      const scope = childScope(definition);
      assign(scope, args, named);
      const out: Output = { text: '' };
      nested(definition.run, () => run(scope, out));
      return out.text;
    };
    const attribute = (attributeName: string): Val | undefined => {
      if (attributeName === 'name') return name;
      return attributeName === 'arguments' ? new Tuple(names) : undefined;
    };
    return new Opaque({ type: 'macro', name, call, attribute });
  };
}

function notGiven(macro: string, param: string): Undefined {
  return new Undefined(`The macro '${macro}' was not given its argument '${param}'.`, { name: param });
}

function refused(macro: string, extra: string, names: readonly string[]): Error {
  if (extra === 'caller')
    return typeFailure(`The macro '${macro}' does not use its caller, so {% call %} cannot call it.`);
  const takes = names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}`;
  return typeFailure(`The macro '${macro}' has no argument '${extra}'; ${takes}.`);
}

/** Counts a round of a loop or a call, and stops before there are more than a template may take. */
export function countRound(run: Run): void {
  run.rounds += 1;
  if (run.rounds > MAX_ROUNDS) throw valueFailure(`The loops and macros take more than ${MAX_ROUNDS} rounds.`);
}

/** Runs one level deeper, and stops before the nesting becomes too deep. */
export function nested<T>(run: Run, work: () => T): T {
  if (run.depth >= MAX_DEPTH)
    throw valueFailure(`Macros, loops or includes are nested deeper than ${MAX_DEPTH} levels.`);
  countRound(run);
  run.depth += 1;
  const result = work();
  run.depth -= 1;
  return result;
}
