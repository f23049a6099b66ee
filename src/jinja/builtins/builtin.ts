import type { Operation, Tools } from '../evaluate/environment.ts';
import type { Val } from '../values/values.ts';
import { type Bound, bind } from './arguments.ts';

/** A built-in filter with these parameters (see `bind`), not counting its input. */
export function filter(params: readonly string[], run: (input: Val, args: Bound, tools: Tools) => Val): Operation {
  return {
    lenient: false,
    apply: (name, input, args, named, tools) => run(input, bind(`The filter '${name}'`, params, args, named), tools),
  };
}

/** A built-in filter that may be given undefined values, and sees to them itself. */
export function lenientFilter(params: readonly string[], run: (input: Val, args: Bound) => Val): Operation {
  return { ...filter(params, run), lenient: true };
}

/** A built-in test with these parameters, not counting its input. */
export function test(
  params: readonly string[],
  run: (input: Val, args: Bound, tools: Tools) => boolean,
): Operation<boolean> {
  return {
    lenient: false,
    apply: (name, input, args, named, tools) => run(input, bind(`The test '${name}'`, params, args, named), tools),
  };
}

/** Built-ins by name. */
export type Operations = Readonly<Record<string, Operation>>;
