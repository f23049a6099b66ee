import type { Report } from '../run/job.ts';

/** What the exit code of every command means. */
export const exitCodes = {
  done: 0,
  hostFailed: 1,
  changesPending: 2,
  badInput: 3,
  interrupted: 130,
} as const;

/** The exit code of a run; `detailed` makes a plan with changes say so. */
export function exitCodeOf(report: Report, changes: number, detailed: boolean, interrupted: boolean): number {
  if (interrupted) return exitCodes.interrupted;
  switch (report.outcome) {
    case 'failed':
    case 'unfit':
      return exitCodes.hostFailed;
    case 'bad-input':
    case 'declined':
      return exitCodes.badInput;
    default:
      return detailed && report.outcome === 'planned' && changes > 0 ? exitCodes.changesPending : exitCodes.done;
  }
}
