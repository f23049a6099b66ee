import type { Operation } from '../evaluate/environment.ts';
import { Failure, typeFailure } from '../fault.ts';
import { pythonRegex } from '../python/python-regex.ts';
import { str } from '../python/python-text.ts';
import { firstMatch } from '../python/regex-match.ts';
import { isLowerCase, isUpperCase } from '../python/text-parts.ts';
import { versionHolds } from '../python/version-compare.ts';
import { arithmetic } from '../values/arithmetic.ts';
import { compare, contains, equals, isIterable, isTrue, itemsOf, numeric } from '../values/compare.ts';
import {
  isDict,
  isFloat,
  isInt,
  isList,
  Opaque,
  Range,
  Tuple,
  typeName,
  Undefined,
  type Val,
} from '../values/values.ts';
import { type Bound, flag, text } from './arguments.ts';
import { test } from './builtin.ts';

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
const version = test(['version', 'operator?', 'strict?', 'version_type?'], (input, [other, operator, strict, type]) => {
  const chosen = strict !== undefined && isTrue(strict) ? 'strict' : type === null ? 'loose' : text(type, 'loose');
  return versionHolds(str(input), text(operator, 'eq'), str(other!), chosen);
});

/** A test with a regular expression: anywhere in the text, or at its start. */
function finds(input: Val, [pattern, ignoreCase, multiline]: Bound, atStart: boolean): boolean {
  const options = { ignoreCase: flag(ignoreCase, false), multiline: flag(multiline, false) };
  const match = firstMatch(pythonRegex(text(pattern), options), str(input));
  return match !== null && (!atStart || match.index === 0);
}
const match = test(['pattern?', 'ignorecase?', 'multiline?'], (input, args) => finds(input, args, true));
const search = test(['pattern?', 'ignorecase?', 'multiline?'], (input, args) => finds(input, args, false));
const regex = test(['pattern?', 'ignorecase?', 'multiline?', 'match_type?'], (input, args) => {
  const type = text(args[3], 'search');
  if (type !== 'search' && type !== 'match')
    throw new Failure('unsupported', `'regex' knows the types search and match, not '${type}'.`);
  return finds(input, args, type === 'match');
});
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
    match,
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
    regex,
    sameas: test(['other'], (input, [other]) => Object.is(input, other)),
    search,
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
    version,
    version_compare: version,
  } satisfies Record<string, Test>),
);

const NO_REGISTER = 'There are no results of tasks here; test a value of a variable.';
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
