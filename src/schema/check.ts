import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';

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

/** The meta-schema uses unions itself and is slow to compile; strict mode finds what authors get wrong. */
const SHARED: Options = {
  allErrors: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  meta: false,
  validateSchema: false,
};
const compiled = new WeakMap<object, ValidateFunction>();
const whole = withUnions(new Ajv2020({ ...SHARED, useDefaults: true }));
const branch = withUnions(new Ajv2020({ ...SHARED, strictTypes: false }));

/** All violations of a schema; defaults are written into `value`, but never inside the branches of a union. */
export function check(schema: object, value: unknown): readonly Violation[] {
  const validate = compiled.get(schema) ?? whole.compile(schema);
  compiled.set(schema, validate);
  return violations(validate, value);
}

function violations(validate: ValidateFunction, value: unknown): readonly Violation[] {
  return validate(value) ? [] : (validate.errors ?? []).map(toViolation);
}

function toViolation(error: ErrorObject): Violation {
  return {
    keyword: error.keyword,
    pointer: error.instancePath,
    params: error.params,
    message: error.message ?? 'is not valid',
    schema: (error.parentSchema ?? {}) as Fragment,
    data: error.data,
    ...(error.propertyName !== undefined && { propertyName: error.propertyName }),
  };
}

/** Replaces `oneOf` and `anyOf` by versions that keep apart what each branch objects to. */
function withUnions(ajv: Ajv2020): Ajv2020 {
  // Tells the playbook that the content of a file may stand here; it says nothing about the value.
  ajv.addKeyword({ keyword: 'x-content', schemaType: 'boolean' });
  for (const keyword of ['oneOf', 'anyOf']) {
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      keyword,
      schemaType: 'array',
      compile(branches: readonly object[], parentSchema, it) {
        const { $defs } = it.schemaEnv.root.schema as Fragment;
        const validators = branches.map((one) => branch.compile($defs ? { ...one, $defs } : one));
        const judge: { (value: unknown): boolean; errors?: Partial<ErrorObject>[] } = (value) => {
          const found = validators.map((validate) => violations(validate, value));
          const accepting = found.filter((list) => list.length === 0).length;
          if (accepting === 1 || (accepting > 1 && keyword === 'anyOf')) return true;
          judge.errors = [{ keyword, message: 'matches none of its forms', parentSchema, params: { branches: found } }];
          return false;
        };
        return judge;
      },
    });
  }
  return ajv;
}
