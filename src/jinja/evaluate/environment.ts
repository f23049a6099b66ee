import type { Place } from '../fault.ts';
import type { Named, Val } from '../values/values.ts';

/** How a filter or a test reaches the others, and asks which there are. */
export interface Tools {
  filter(name: string, input: Val, args: readonly Val[], named: Named): Val;
  test(name: string, input: Val, args: readonly Val[], named: Named): boolean;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
}

/** A filter or a test as the evaluator calls it. */
export interface Operation<Result extends Val = Val> {
  /** Whether it may be given undefined values without their counting as used. */
  readonly lenient: boolean;
  readonly apply: (name: string, input: Val, args: readonly Val[], named: Named, tools: Tools) => Result;
}

/** A template ready to run: writes its text, and sets in the scope what it sets at its top. */
export type Program = (scope: Scope, out: Output) => void;

/** All that templates know beside their context. */
export interface Environment extends Tools {
  /** A function or value that every template has. */
  global(name: string): Val | undefined;
  globalNames(): Iterable<string>;
  filterNames(): Iterable<string>;
  testNames(): Iterable<string>;
  /** Another template by its name, or undefined where there is none. */
  load(name: string): Program | undefined;
  readonly canLoad: boolean;
}

/** Looks up a variable; called only when a name is used, and once per name. */
export type Lookup = (name: string) => Val | undefined;

/** One rendering. */
export interface Run {
  readonly environment: Environment;
  /** What is being evaluated, for the place of a fault. */
  place: Place;
  depth: number;
  /** Rounds of loops and calls so far. */
  rounds: number;
}

/** The text being made. */
export interface Output {
  text: string;
}

/** The variables of one scope, once there are any, and the scope around it. */
export interface Scope {
  readonly run: Run;
  readonly lookup: Lookup;
  readonly parent: Scope | undefined;
  variables?: Map<string, Val>;
}

export function childScope(parent: Scope): Scope {
  return { run: parent.run, lookup: parent.lookup, parent };
}

/** Gives a name a value in this scope. */
export function define(scope: Scope, name: string, value: Val): void {
  scope.variables ??= new Map();
  scope.variables.set(name, value);
}

/** The value of a name: of the scopes from the inside out, then of the context, then of the globals. */
export function resolve(scope: Scope, name: string): Val | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const value = at.variables?.get(name);
    if (value !== undefined) return value;
  }
  const value = scope.lookup(name);
  return value === undefined ? scope.run.environment.global(name) : value;
}
