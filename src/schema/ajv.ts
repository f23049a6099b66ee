import { _, Ajv2020, type CodeKeywordDefinition, type Name, type Options } from 'ajv/dist/2020.js';
import type { Fragment } from './check.ts';

/** The meta-schema uses unions itself and is slow to compile; strict mode finds what authors get wrong. */
const shared: Options = {
  allErrors: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  meta: false,
  validateSchema: false,
};

/**
 * An ajv whose validators write defaults into values, but never inside the branches of a union, and tell of a union
 * what each branch objects to. With `source`, they can be written down as a module.
 */
export function makeAjv({ source }: { readonly source: boolean }): Ajv2020 {
  const code = source ? { code: { source, esm: true } } : {};
  const whole = new Ajv2020({ ...shared, ...code, useDefaults: true });
  const branch = new Ajv2020({ ...shared, ...code, strictTypes: false });
  // One scope of names, so that the code for a branch can stand beside the code for the whole.
  Object.assign(branch, { scope: whole.scope });
  for (const ajv of [whole, branch]) {
    // Tells the playbook that the content of a file may stand here; it says nothing about the value.
    ajv.addKeyword({ keyword: 'x-content', schemaType: 'boolean' });
    for (const keyword of ['oneOf', 'anyOf'] as const) {
      ajv.removeKeyword(keyword);
      ajv.addKeyword(union(keyword, branch));
    }
  }
  return whole;
}

/** `oneOf` or `anyOf`, with one error whose `branches` has the errors of each branch. */
function union(keyword: 'oneOf' | 'anyOf', branch: Ajv2020): CodeKeywordDefinition {
  return {
    keyword,
    schemaType: 'array',
    code(cxt) {
      const { gen, data, it } = cxt;
      const { $defs } = it.schemaEnv.root.schema as Fragment;
      const found = gen.const('found', _`[]`);
      for (const one of cxt.schema as readonly object[]) {
        const validate: Name = gen.scopeValue('validate', { ref: branch.compile($defs ? { ...one, $defs } : one) });
        gen.code(_`${found}.push(${validate}(${data}) ? [] : ${validate}.errors)`);
      }
      const accepting = _`${found}.filter((errors) => errors.length === 0).length`;
      cxt.setParams({ branches: found });
      cxt.pass(keyword === 'anyOf' ? _`${accepting} > 0` : _`${accepting} === 1`);
    },
    error: { message: 'matches none of its forms', params: ({ params }) => _`{branches: ${params['branches']}}` },
  };
}
