import { typeFailure } from '../fault.ts';
import { str } from '../python/python-text.ts';
import { didYouMean } from '../suggest.ts';
import { isTrue } from '../values/compare.ts';
import { dictOf } from '../values/dicts.ts';
import { Float, isInt, isList, type Named, Opaque, Tuple, typeName, use, type Val } from '../values/values.ts';

/** What a call hands to a built-in: one entry per parameter, `undefined` where the caller left it out. */
export type Bound = readonly (Val | undefined)[];

/**
 * Puts the arguments of a call in the order of the parameters. A parameter is `name`, `name?` (may be left out),
 * `*name` (all further positions, as a tuple; what follows is by name only) or `**name` (all further names, as a dict).
 */
export function bind(callee: string, params: readonly string[], args: readonly Val[], named: Named): Bound {
  const left = new Map(named);
  let position = 0;
  let openEnded = false;
  const bound = params.map((param) => {
    if (param.startsWith('**')) return takeRest(left);
    if (param.startsWith('*')) {
      openEnded = true;
      return new Tuple(args.slice(position));
    }
    const name = param.replace('?', '');
    const value = !openEnded && position < args.length ? args[position] : left.get(name);
    if (!openEnded && position < args.length && left.has(name))
      throw typeFailure(`${callee} was given '${name}' twice.`);
    if (!openEnded) position += 1;
    left.delete(name);
    if (value === undefined && !param.endsWith('?')) throw typeFailure(`${callee} needs the argument '${name}'.`);
    return value;
  });
  if (!openEnded && args.length > position) {
    throw typeFailure(`${callee} takes at most ${position} arguments, but was given ${args.length}.`);
  }
  for (const name of left.keys()) throw unknownName(callee, name, params);
  return bound;
}

function takeRest(left: Map<string, Val>): Val {
  const rest = dictOf([...left]);
  left.clear();
  return rest;
}

function unknownName(callee: string, name: string, params: readonly string[]): Error {
  const known = params.map((param) => param.replace(/[*?]/g, ''));
  const takes = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  return typeFailure(`${callee} has no argument '${name}'; ${takes}.`, didYouMean(name, known));
}

/** A function as a value of a template. */
export function functionOf(name: string, params: readonly string[], run: (args: Bound) => Val): Opaque {
  return new Opaque({ type: 'function', name, call: (args, named) => run(bind(`${name}()`, params, args, named)) });
}

/** A piece of text, which must be one. */
export function text(value: Val | undefined, fallback = ''): string {
  if (value === undefined) return fallback;
  use(value);
  if (typeof value === 'string') return value;
  throw typeFailure(`Text was expected, but a value of type ${typeName(value)} was given.`);
}

/** Anything as text. */
export function anyText(value: Val | undefined, fallback = ''): string {
  return value === undefined ? fallback : str(value);
}

/** A whole number, which must be one. */
export function whole(value: Val | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  use(value);
  if (typeof value === 'boolean') return Number(value);
  if (isInt(value)) return Number(value);
  throw typeFailure(`A whole number was expected, but a value of type ${typeName(value)} was given.`);
}

/** A number of either kind, as JavaScript has it. */
export function number(value: Val | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  use(value);
  if (value instanceof Float) return value.value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  throw typeFailure(`A number was expected, but a value of type ${typeName(value)} was given.`);
}

export function flag(value: Val | undefined, fallback: boolean): boolean {
  return value === undefined ? fallback : isTrue(value);
}

/** The items of a list or tuple, which must be one. */
export function listItems(value: Val): readonly Val[] {
  use(value);
  if (isList(value)) return value;
  if (value instanceof Tuple) return value.items;
  throw typeFailure(`A list was expected, but a value of type ${typeName(value)} was given.`);
}
