import { type Place, type Result, result } from '../diagnostics/diagnostic.ts';
import { check, type Violation } from './check.ts';
import { faultsOf } from './faults.ts';
import type { Schema } from './schema.ts';
import type { Path } from './wording.ts';

/**
 * A value as its schema wants it, or all faults at their places. The result is a copy with the defaults filled in.
 * A leaf that is a symbol (a value not known yet) fits everywhere. `at` gets paths from the root of `value`; `what`
 * names the value in messages: `The task "Hosts file"`.
 */
export function validate<T>(
  schema: Schema<T>,
  value: unknown,
  at: (path: Path, what?: 'key' | 'value') => Place,
  options: { readonly what?: string | (() => string) } = {},
): Result<T> {
  const copy = copyOf(value);
  const found = check(schema, copy);
  if (found.length === 0) return { ok: true, value: copy as T, warnings: [] };
  const violations = withoutUnknown(found, copy);
  const what = typeof options.what === 'function' ? options.what() : options.what;
  return result(() => copy as T, faultsOf(violations, { root: copy, what, at }));
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) if (typeof copy[key] === 'object') copy[key] = copyOf(copy[key]);
  return copy;
}

/** Drops what was said against symbols; a union with a branch that had nothing else to say is fulfilled. */
function withoutUnknown(violations: readonly Violation[], root: unknown): readonly Violation[] {
  return violations.flatMap((violation) => {
    if (isUnknown(violation.pointer, root)) return [];
    const { branches } = violation.params;
    if (!branches) return [violation];
    const rest = branches.map((list) => withoutUnknown(list, violation.data));
    const isFulfilled = rest.some((list, i) => list.length === 0 && branches[i]!.length > 0);
    return isFulfilled ? [] : [{ ...violation, params: { branches: rest } }];
  });
}

function isUnknown(pointer: string, root: unknown): boolean {
  let node = root;
  for (const step of pointer.split('/').slice(1)) {
    if (typeof node !== 'object' || node === null) break;
    node = (node as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return typeof node === 'symbol';
}
