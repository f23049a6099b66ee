import { type Diagnostic, type Place, Refusal } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { JinjaError, JinjaFault } from '../jinja/jinja.ts';
import { ansibleNames } from './ansible-names.ts';
import type { Written } from './written.ts';

const codes: Readonly<Record<JinjaFault['code'], string>> = {
  syntax: 'template-syntax',
  undefined: 'undefined-variable',
  type: 'template-type',
  unsupported: 'template-unsupported',
  runtime: 'template-value',
};

// The variables that led to a fault, the one that was used first in front.
const chains = new WeakMap<Refusal, string[]>();

/** Notes that a fault arose while a variable was filled in. */
export function addUse(refusal: Refusal, variable: string): void {
  chains.set(refusal, [variable, ...(chains.get(refusal) ?? [])]);
}

/** The faults of a refusal, each with the variables that led to it and where the first of them is used. */
export function explained(refusal: Refusal, usedAt: Place | undefined): readonly Diagnostic[] {
  const chain = chains.get(refusal) ?? [];
  return refusal.diagnostics.map((fault) => {
    const at = fault.at ?? usedAt;
    const why = [fault.why, chain.length > 0 ? usesOf(chain, usedAt) : undefined].filter(Boolean).join('\n');
    return { ...fault, ...(at && { at }), ...(why !== '' && { why }) };
  });
}

function usesOf(chain: readonly string[], usedAt: Place | undefined): string {
  const place = usedAt ? `${usedAt.file}:${usedAt.line}:${usedAt.col}` : 'Something';
  return `${place} uses ${chain.join(', which uses ')}.`;
}

/** Variables that need one another. */
export function cycle(names: readonly string[], source: Written): Refusal {
  const at = source.at();
  return new Refusal([
    {
      code: 'variable-cycle',
      severity: 'error',
      what: `The variable "${names[0]}" needs itself: ${names.join(' → ')}.`,
      ...(at && { at }),
      mend: 'Give one of them a value that needs none of the others.',
    },
  ]);
}

/** A fault of a template, at its place in the file. `names` are those that could be meant by an undefined one. */
export function refusalOf(
  error: JinjaError,
  placeOf: (fault: JinjaFault) => Place | undefined,
  names: () => readonly string[],
): Refusal {
  const { fault } = error;
  const at = placeOf(fault);
  const mend = mendOf(fault, names);
  return new Refusal([
    {
      code: codes[fault.code],
      severity: 'error',
      what: isPlainName(fault) ? `The variable "${fault.name}" is not defined.` : fault.message,
      ...(at && { at }),
      ...mend,
    },
  ]);
}

function isPlainName(fault: JinjaFault): boolean {
  return (
    fault.code === 'undefined' &&
    fault.name !== undefined &&
    /^\w+$/.test(fault.name) &&
    fault.message === `'${fault.name}' is not defined.`
  );
}

function mendOf(fault: JinjaFault, names: () => readonly string[]): Pick<Diagnostic, 'why' | 'mend'> {
  if (fault.mend !== undefined) return { mend: fault.mend };
  if (!isPlainName(fault)) return {};
  const known = ansibleNames[fault.name!];
  if (known) return known;
  const near = nearest(fault.name!, names());
  if (near !== undefined) return { mend: `Did you mean "${near}"?` };
  return {
    mend: `Set it in the inventory, in \`vars:\`, or with \`-e ${fault.name}=…\`; or use \`${fault.name} | default(…)\`.`,
  };
}

/** The place of a fault inside a text of a YAML file. */
export function insideScalar(source: Written, fault: JinjaFault): Place | undefined {
  const start = source.inside([], fault.line, fault.col);
  if (!start || fault.endCol === undefined || start.endCol === undefined) return start;
  return { ...start, endCol: start.col + (fault.endCol - fault.col) };
}
