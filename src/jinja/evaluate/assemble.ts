import { FILTERS } from '../builtins/filters/filters.ts';
import { GLOBALS } from '../builtins/globals.ts';
import { TESTS } from '../builtins/tests.ts';
import { Failure, JinjaError } from '../fault.ts';
import { didYouMean } from '../suggest.ts';
import { toValue } from '../values/convert.ts';
import { type Named, Opaque, use, type Val, type Value } from '../values/values.ts';
import type { Environment, Operation, Program } from './environment.ts';

/** Named arguments of a function from outside. */
export type NamedValues = Readonly<Record<string, Value>>;

/** A filter from outside: its input, then the arguments by position and by name. What it throws is shown to the user. */
export type Filter = (value: Value, args: readonly Value[], named: NamedValues) => Value;

/** A test from outside. */
export type Test = (value: Value, args: readonly Value[], named: NamedValues) => boolean;

/** A function from outside. */
export type GlobalFunction = (args: readonly Value[], named: NamedValues) => Value;

export interface Options {
  /** What the template is called in messages. */
  readonly name?: string;
  /** Drop the line end after a tag. */
  readonly trimBlocks?: boolean;
  /** Drop the white space before a tag that starts its line. */
  readonly lstripBlocks?: boolean;
  readonly keepTrailingNewline?: boolean;
  /** The text of another template, for include and import; undefined where there is none. */
  loader?(name: string): string | undefined;
  readonly filters?: Readonly<Record<string, Filter>>;
  readonly tests?: Readonly<Record<string, Test>>;
  readonly globals?: Readonly<Record<string, Value | GlobalFunction>>;
}

/** The filters and tests of this room, with those from outside, which may replace them. */
export function assemble(options: Options, compile: (source: string, name: string) => Program): Environment {
  const filters = new Map(Object.entries(options.filters ?? {}).map(([name, run]) => [name, outside(run)]));
  const tests = new Map(Object.entries(options.tests ?? {}).map(([name, run]) => [name, outside(run)]));
  const globals = new Map<string, Val>(
    Object.entries(options.globals ?? {}).map(([name, value]) => [name, globalValue(name, value)]),
  );
  const programs = new Map<string, { source: string; program: Program }>();
  const filterOf = (name: string): Operation | undefined => found(name, filters, FILTERS);
  const testOf = (name: string): Operation<boolean> | undefined => found(name, tests, TESTS);

  const environment: Environment = {
    canLoad: options.loader !== undefined,
    globalNames: () => [...globals.keys(), ...GLOBALS.keys()],
    global: (name) => (globals.has(name) ? globals : GLOBALS).get(name),
    filterNames: () => [...filters.keys(), ...FILTERS.keys()],
    testNames: () => [...tests.keys(), ...TESTS.keys()],
    hasFilter: (name) => filterOf(name) !== undefined,
    hasTest: (name) => testOf(name) !== undefined,
    filter: (name, input, args, named) => apply(filterOf(name), 'filter', name, input, args, named, environment),
    test: (name, input, args, named) => apply(testOf(name), 'test', name, input, args, named, environment),
    load: (name) => {
      const source = options.loader?.(name);
      if (source === undefined) return undefined;
      const known = programs.get(name);
      if (known?.source === source) return known.program;
      const program = compile(source, name);
      programs.set(name, { source, program });
      return program;
    },
  };
  return environment;
}

/** By the name alone, or by its full name in Ansible's collections. */
function found<T>(name: string, own: ReadonlyMap<string, T>, builtIn: ReadonlyMap<string, T>): T | undefined {
  const short = name.replace(/^ansible\.(?:builtin|utils|netcommon)\./, '');
  return own.get(name) ?? own.get(short) ?? builtIn.get(short);
}

function apply<Result extends Val>(
  operation: Operation<Result> | undefined,
  what: 'filter' | 'test',
  name: string,
  input: Val,
  args: readonly Val[],
  named: Named,
  environment: Environment,
): Result {
  if (operation === undefined) {
    const known = what === 'filter' ? environment.filterNames() : environment.testNames();
    throw new Failure('runtime', `There is no ${what} '${name}'.`, { mend: didYouMean(name, known) });
  }
  if (!operation.lenient) {
    use(input);
    for (const value of args) use(value);
    for (const value of named.values()) use(value);
  }
  return operation.apply(name, input, args, named, environment);
}

function outside<Result extends Value>(
  run: (value: Value, args: readonly Value[], named: NamedValues) => Result,
): Operation<Result> {
  return {
    lenient: false,
    apply: (name, input, args, named) =>
      guarded(name, () => run(toValue(input), args.map(toValue), namedValues(named))),
  };
}

function globalValue(name: string, value: Value | GlobalFunction): Val {
  if (typeof value !== 'function') return value;
  const call = (args: readonly Val[], named: Named): Val =>
    guarded(`${name}()`, () => value(args.map(toValue), namedValues(named)));
  return new Opaque({ type: 'function', name, call });
}

function namedValues(named: Named): NamedValues {
  return Object.fromEntries([...named].map(([name, value]) => [name, toValue(value)]));
}

/** Whatever a function from outside throws becomes a fault at the place where it was called. */
function guarded<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Failure || error instanceof JinjaError || !(error instanceof Error)) throw error;
    throw new Failure('runtime', `'${name}' failed: ${error.message}`);
  }
}
