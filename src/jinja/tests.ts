import { text } from './arguments.ts';
import { arithmetic } from './arithmetic.ts';
import { test } from './builtin.ts';
import { compare, contains, equals, isIterable, isTrue, itemsOf, numeric } from './compare.ts';
import type { Operation } from './environment.ts';
import { typeFailure } from './fault.ts';
import { str } from './python-text.ts';
import { isLowerCase, isUpperCase } from './text-parts.ts';
import { isDict, isFloat, isInt, isList, Opaque, Range, Tuple, typeName, Undefined, type Val } from './values.ts';

type Test = Operation<boolean>;

const is = (run: (input: Val) => boolean): Test => test([], run);
const ordered = (operator: string, holds: (order: number) => boolean): Test =>
  test(['other'], (input, [other]) => holds(compare(input, other!, operator)));

const equalTo = test(['other'], (input, [other]) => equals(input, other!));
const notEqualTo = test(['other'], (input, [other]) => !equals(input, other!));
const less = ordered('<', (order) => order < 0);
const lessOrEqual = ordered('<=', (order) => order <= 0);
const greater = ordered('>', (order) => order > 0);
const greaterOrEqual = ordered('>=', (order) => order >= 0);
const subset = test(['other'], (input, [other]) => itemsOf(input).every((item) => contains(other!, item)));
const superset = test(['other'], (input, [other]) => itemsOf(other!).every((item) => contains(input, item)));
const nan = is((input) => Number.isNaN(numeric(input)));

function remainder(value: Val, divisor: Val): Val {
  const rest = arithmetic('%', value, divisor);
  if (rest === undefined) throw typeFailure(`A number was expected, but a value of type ${typeName(value)} was given.`);
  return rest;
}

/** All tests this room has, by name. */
export const TESTS: ReadonlyMap<string, Test> = new Map(
  Object.entries({
    all: is((input) => itemsOf(input).every(isTrue)),
    any: is((input) => itemsOf(input).some(isTrue)),
    boolean: is((input) => typeof input === 'boolean'),
    callable: is((input) => input instanceof Opaque && input.parts.call !== undefined),
    contains: test(['value'], (input, [value]) => contains(input, value!)),
    defined: { lenient: true, apply: (_name, input) => !(input instanceof Undefined) },
    divisibleby: test(['num'], (input, [num]) => equals(remainder(input, num!), 0)),
    '==': equalTo,
    eq: equalTo,
    equalto: equalTo,
    even: is((input) => equals(remainder(input, 2), 0)),
    false: is((input) => input === false),
    falsy: is((input) => !isTrue(input)),
    filter: test([], (input, _args, tools) => tools.hasFilter(text(input))),
    float: is(isFloat),
    '>=': greaterOrEqual,
    ge: greaterOrEqual,
    '>': greater,
    greaterthan: greater,
    gt: greater,
    in: test(['seq'], (input, [seq]) => contains(seq!, input)),
    integer: is(isInt),
    isnan: nan,
    issubset: subset,
    issuperset: superset,
    iterable: is(isIterable),
    '<=': lessOrEqual,
    le: lessOrEqual,
    lower: is((input) => isLowerCase(str(input))),
    '<': less,
    lessthan: less,
    lt: less,
    mapping: is(isDict),
    nan,
    '!=': notEqualTo,
    ne: notEqualTo,
    none: is((input) => input === null),
    number: is((input) => numeric(input) !== undefined),
    odd: is((input) => equals(remainder(input, 2), 1)),
    sameas: test(['other'], (input, [other]) => Object.is(input, other)),
    sequence: is(
      (input) =>
        typeof input === 'string' || isList(input) || isDict(input) || input instanceof Tuple || input instanceof Range,
    ),
    string: is((input) => typeof input === 'string'),
    subset,
    superset,
    test: test([], (input, _args, tools) => tools.hasTest(text(input))),
    true: is((input) => input === true),
    truthy: is(isTrue),
    undefined: { lenient: true, apply: (_name, input) => input instanceof Undefined },
    upper: is((input) => isUpperCase(str(input))),
  } satisfies Record<string, Test>),
);

const NO_REGISTER = 'There are no registered results here; declare a fact and look at its value.';
const DISK = 'A template reads no disk, so that it gives the same result everywhere.';

/** Tests that others have and this room refuses, each with the reason. */
export const REFUSED_TESTS: ReadonlyMap<string, string> = new Map([
  ...[
    'changed',
    'change',
    'failed',
    'failure',
    'succeeded',
    'success',
    'successful',
    'skipped',
    'skip',
    'finished',
    'started',
    'reachable',
    'unreachable',
  ].map((name) => [name, NO_REGISTER] as const),
  ...[
    'abs',
    'directory',
    'exists',
    'file',
    'link',
    'link_exists',
    'mount',
    'same_file',
    'is_abs',
    'is_dir',
    'is_file',
    'is_link',
    'is_mount',
    'is_same_file',
  ].map((name) => [name, DISK] as const),
  ['escaped', 'Text is never marked as escaped here.'],
  ['vault_encrypted', 'Secrets are opened before templates see them.'],
]);
