import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Fragment, Violation } from './check.ts';
import { type Context, type Path, subjectOf, wrongType } from './wording.ts';
import { listWords, typeOf, typeWords } from './words.ts';

/** The one fault, or the violations of the one form that was meant, when a value does not fit a union. */
export function judgeUnion(
  { schema, params, data, pointer }: Violation,
  path: Path,
  context: Context,
): { readonly fault: Diagnostic } | { readonly violations: readonly Violation[] } {
  const forms = schema.oneOf ?? schema.anyOf ?? [];
  const branches = params.branches ?? [];
  const choice = forms.every(isOnlyRequired) ? choiceFault(schema, forms, data, path, context) : undefined;
  if (choice) return { fault: choice };
  if (branches.some((list) => list.length === 0)) return { fault: ambiguous(schema, path, context) };
  const wanted = branches.map((list) => list.find((one) => one.pointer === '' && one.keyword === 'type')?.params.type);
  if (wanted.every((type) => type !== undefined)) {
    const words = wrongType(subjectOf(path, context), typeWords(wanted.flat()), data, schema);
    return { fault: { severity: 'error', at: context.at(path), ...words } };
  }
  const ranked = branches.map((list, i) => ({ list, cost: costOf(list, forms[i], data) }));
  const { list } = ranked.reduce((best, one) => (one.cost < best.cost ? one : best));
  return { violations: list.map((one) => ({ ...one, pointer: pointer + one.pointer })) };
}

/** How far a value is from a form: a wrong type or a wrong name of its variety is worse than many small faults. */
function costOf(violations: readonly Violation[], form: Fragment | undefined, data: unknown): number {
  const cost = violations.reduce((sum, { keyword, pointer }) => {
    const depth = pointer.split('/').length - 1;
    if (depth === 0 && keyword === 'type') return sum + 1000;
    if (depth <= 1 && (keyword === 'const' || keyword === 'enum')) return sum + 100;
    return sum + 1;
  }, 0);
  const fits = form?.type === undefined || [form.type].flat().includes(typeOf(data));
  return fits ? cost : cost + 1000;
}

function isOnlyRequired(form: Fragment): boolean {
  return form.required !== undefined && Object.keys(form).every((key) => key === 'required' || key === 'description');
}

/** "Exactly one of these keys", written as a union of `required`. */
function choiceFault(
  schema: Fragment,
  forms: readonly Fragment[],
  data: unknown,
  path: Path,
  context: Context,
): Diagnostic | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const subject = subjectOf(path, context);
  const chosen = forms.filter((form) => form.required!.every((key) => Object.hasOwn(data, key)));
  const named = (some: readonly Fragment[]) => some.map((form) => `"${listWords(form.required!, 'and')}"`);
  if (chosen.length === 0) {
    const count = schema.oneOf ? 'one' : 'at least one';
    const what = `${subject} needs ${count} of the keys ${listWords(named(forms), 'or')}.`;
    return { code: 'missing-key', severity: 'error', what, at: context.at(path, 'key'), mend: 'Add one of them.' };
  }
  const what = `${subject} can have only one of the keys ${listWords(named(chosen), 'and')}.`;
  const at = context.at([...path, chosen[1]!.required!.at(-1)!], 'key');
  return { code: 'conflicting-keys', severity: 'error', what, at, mend: 'Remove all but one.' };
}

function ambiguous(schema: Fragment, path: Path, context: Context): Diagnostic {
  const what = `${subjectOf(path, context)} fits more than one of the forms it may have.`;
  const at = context.at(path, 'key');
  return {
    code: 'conflicting-keys',
    severity: 'error',
    what,
    at,
    ...(schema.description && { why: schema.description }),
  };
}
