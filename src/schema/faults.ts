import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Violation } from './check.ts';
import { judgeUnion } from './union.ts';
import {
  type Context,
  complaint,
  emptyValue,
  explanation,
  lowerFirst,
  missingKey,
  notAllowed,
  type Path,
  type Placed,
  subjectOf,
  unknownKey,
  wrongType,
} from './wording.ts';
import { typeWords } from './words.ts';

/** The faults that a user should read for all violations of a value: one for each thing to mend. */
export function faultsOf(violations: readonly Violation[], context: Context): readonly Diagnostic[] {
  const real = violations.filter((one) => one.keyword !== 'if' && one.keyword !== 'propertyNames');
  const mistyped = new Set(real.filter(isAboutType).map((one) => one.pointer));
  return real
    .filter((one) => isAboutType(one) || !mistyped.has(one.pointer) || one.propertyName !== undefined)
    .filter((one, i, list) => !isAboutType(one) || list.findIndex((x) => x.pointer === one.pointer) === i)
    .flatMap((one) => faultsOfOne(one, context));
}

/** A path from the root of the value for a JSON pointer: numbers are indices of lists. */
function pathOf(pointer: string, root: unknown): Path {
  let node = root;
  const steps = pointer.split('/').slice(1);
  return steps.map((escaped) => {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(node) ? Number(key) : key;
    node = (node as Record<string | number, unknown> | undefined)?.[step];
    return step;
  });
}

function isAboutType({ keyword, data }: Violation): boolean {
  return keyword === 'type' || (data === null && /^(?:enum|const|oneOf|anyOf)$/.test(keyword));
}

function faultsOfOne(violation: Violation, context: Context): readonly Diagnostic[] {
  const path = pathOf(violation.pointer, context.root);
  if (violation.params.branches && violation.data !== null) {
    const judged = judgeUnion(violation, path, context);
    return 'fault' in judged ? [judged.fault] : faultsOf(judged.violations, context);
  }
  const { place, ...words } = wordsFor(violation, path, context);
  const at = context.at([...path, ...(place?.path ?? [])], place?.what ?? 'value');
  return [{ severity: 'error', at, ...words }];
}

function wordsFor(violation: Violation, path: Path, context: Context): Placed {
  const { keyword, params, schema, data, propertyName } = violation;
  const subject = subjectOf(path, context);
  if (propertyName !== undefined) {
    const what = `The key "${propertyName}" of ${lowerFirst(subject)} is not of the expected form.`;
    const rule = (schema.description ?? violation.message).replace(/\.$/, '');
    return { code: 'bad-key', what, why: `${rule}.`, place: { path: [propertyName], what: 'key' } };
  }
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(subject, String(params.additionalProperty ?? params.unevaluatedProperty), schema);
    case 'required':
      return missingKey(`${subject} lacks the key "${params.missingProperty}".`, params.missingProperty, schema);
    case 'dependentRequired': {
      const what = `${subject} has "${params.property}", and so needs "${params.missingProperty}" as well.`;
      return missingKey(what, params.missingProperty, schema);
    }
    case 'false schema':
      return { code: 'not-allowed', what: `${subject} cannot be given here.`, place: { path: [], what: 'key' } };
    case 'uniqueItems':
      return {
        code: 'bad-value',
        what: `${subject} has the same entry twice.`,
        mend: 'Remove one of them.',
        place: { path: [Math.max(Number(params.i), Number(params.j))], what: 'value' },
      };
  }
  if (data === null) return emptyValue(subject, schema);
  if (keyword === 'type') return wrongType(subject, typeWords(params.type!), data, schema);
  if (keyword === 'enum' || keyword === 'const') return notAllowed(subject, data, schema);
  return { code: 'bad-value', what: `${subject} ${complaint(violation)}.`, ...explanation(schema) };
}
