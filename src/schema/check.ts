import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { makeAjv } from './ajv.ts';
import { fingerprint } from './fingerprint.ts';
import { precompiled } from './precompiled.ts';

/** A fragment of a JSON Schema, as the words about it need it. */
export interface Fragment {
  readonly [key: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Fragment>>;
  readonly items?: Fragment | boolean;
  readonly oneOf?: readonly Fragment[];
  readonly anyOf?: readonly Fragment[];
}

/** One violation: of a union there is one, which carries those of each of its branches. */
export interface Violation {
  readonly keyword: string;
  /** JSON pointer of the value. */
  readonly pointer: string;
  readonly params: Params;
  readonly message: string;
  /** The schema object that holds the keyword. */
  readonly schema: Fragment;
  readonly data: unknown;
  /** The key that was judged, where a rule for keys was broken. */
  readonly propertyName?: string;
}

/** What a violation is about; which of these there are depends on the keyword. */
export interface Params {
  readonly type?: string | readonly string[];
  readonly additionalProperty?: string;
  readonly unevaluatedProperty?: string;
  readonly missingProperty?: string;
  readonly property?: string;
  readonly limit?: number;
  readonly multipleOf?: number;
  readonly i?: number;
  readonly j?: number;
  /** What each branch of a union has against the value; pointers count from the value. */
  readonly branches?: readonly (readonly Violation[])[];
}

const validators = new WeakMap<object, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/** All violations of a schema; defaults are written into `value`, but never inside the branches of a union. */
export function check(schema: object, value: unknown): readonly Violation[] {
  return violations(validatorOf(schema), value);
}

/** The build has compiled our own schemas; ajv is asked only for those that users write, as roles do for their variables. */
function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const name = fingerprint(schema);
  if (precompiled[name] === undefined) ajv ??= makeAjv({ source: false });
  const validate = precompiled[name] ?? ajv!.compile(schema);
  validators.set(schema, validate);
  return validate;
}

function violations(validate: ValidateFunction, value: unknown): readonly Violation[] {
  return validate(value) ? [] : (validate.errors ?? []).map(toViolation);
}

function toViolation(error: ErrorObject): Violation {
  const { branches } = error.params as { readonly branches?: readonly (readonly ErrorObject[])[] };
  return {
    keyword: error.keyword,
    pointer: error.instancePath,
    params: branches ? { branches: branches.map((errors) => errors.map(toViolation)) } : error.params,
    message: error.message ?? 'is not valid',
    schema: (error.parentSchema ?? {}) as Fragment,
    data: error.data,
    ...(error.propertyName !== undefined && { propertyName: error.propertyName }),
  };
}
