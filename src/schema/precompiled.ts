import type { ValidateFunction } from 'ajv/dist/2020.js';

/** Validators by the fingerprint of their schema. The build puts a module with those of all our own in place of this one. */
export const precompiled: Readonly<Record<string, ValidateFunction>> = {};
