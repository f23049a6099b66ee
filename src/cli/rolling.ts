import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Compiled } from '../playbook/compile.ts';
import type { Rolling } from '../run/job.ts';

/** What the command line says of a roll. */
export interface RollingOptions {
  readonly allowDegraded: readonly string[];
  readonly skipCoverage: readonly string[];
  readonly onFailure: Rolling['onFailure'];
  readonly skipUnreachable?: boolean;
}

/** The options as a run takes them; a cell that no roll of the playbook has is a fault. */
export function readRolling(options: RollingOptions, { plays }: Compiled): Result<Rolling> {
  const cells = [
    ...new Set(plays.flatMap((play) => [...(play.moving?.values() ?? [])].map(({ cell }) => cell))),
  ].sort();
  const named = [
    ...options.allowDegraded.map((cell) => ['--allow-degraded', cell] as const),
    ...options.skipCoverage.map((cell) => ['--skip-coverage', cell] as const),
  ];
  const faults = named
    .filter(([, cell]) => !cells.includes(cell))
    .map(([option, cell]): Diagnostic => {
      return {
        code: 'unknown-cell',
        severity: 'error',
        what: `${option} names "${cell}", which is no cell of this run.`,
        mend: cells.length > 0 ? didYouMean(cell, cells) : 'Leave it out: this run rolls nothing.',
      };
    });
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    warnings: [],
    value: {
      allowDegraded: new Set(options.allowDegraded),
      skipCoverage: new Set(options.skipCoverage),
      onFailure: options.onFailure,
      skipUnreachable: options.skipUnreachable === true,
    },
  };
}
