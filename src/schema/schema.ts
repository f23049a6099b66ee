/**
 * A JSON Schema (2020-12) that describes `T`: one source for validation, for `hadeploy explain` and for editors.
 * Every property has a `description`; leaves have `examples`. Authors write
 * `const schema = {…} as const satisfies JSONSchema` and take `T` from it with `FromSchema<typeof schema>`.
 */
export type Schema<T> = { readonly [key: string]: unknown } & { readonly __type?: T };
