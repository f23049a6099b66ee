import type { Outcome } from '../lab/command.ts';

/** How a run ended; where it told of errors, all that it told. The lab's inventories have their warnings. */
export function ending({ code, stderr }: Outcome): { readonly code: number; readonly errors: string } {
  return { code, errors: /^error /m.test(stderr) ? stderr : '' };
}

/** The ending of a run in which all went well. */
export const well = { code: 0, errors: '' };
