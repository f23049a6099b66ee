import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { visible } from '../../diagnostics/visible.ts';
import { quoted } from '../conversation.ts';
import type { ExecResult } from '../ports.ts';
import type { HostLock } from './look.ts';
import type { Freeze, RunNote } from './notes.ts';

const nothingTouched = 'No host was touched.';

/** Another run holds the host. */
export function lockedFault(host: string, run: RunNote): Diagnostic {
  return {
    code: 'locked',
    severity: 'error',
    host,
    what: `${host} is locked by ${visible(run.who)}.`,
    why: `"${visible(run.command)}" is at work there since ${visible(run.since)} (run ${visible(run.id)}).`,
    state: nothingTouched,
    mend: 'Run the same command again when it has ended; its lock ends with it, within 20 s also when it was killed or cut off.',
  };
}

/** Somebody froze the host by hand. */
export function frozenFault(host: string, freeze: Freeze): Diagnostic {
  return {
    code: 'frozen',
    severity: 'error',
    host,
    what: `${host} is frozen by ${visible(freeze.who)} until ${visible(freeze.until)}.`,
    why: `They said at ${visible(freeze.since)}: ${visible(freeze.message)}`,
    state: nothingTouched,
    mend: 'Wait until then, or ask them and end it: hadeploy lock release INVENTORY.',
  };
}

/** Everything that keeps a run from changing the host. */
export function lockFaults(host: string, { lease, freeze }: HostLock): readonly Diagnostic[] {
  return [...(lease ? [lockedFault(host, lease)] : []), ...(freeze ? [frozenFault(host, freeze)] : [])];
}

/** The same before anything is to be changed: a run that only plans goes on. */
export function lockWarnings(host: string, lock: HostLock): readonly Diagnostic[] {
  return lockFaults(host, lock).map(({ state: _, ...fault }) => ({ ...fault, severity: 'warning' }));
}

/** A step of a run that is gone still works on the host. */
export function busyFault(host: string, waitedS: number): Diagnostic {
  return {
    code: 'locked',
    severity: 'error',
    host,
    what: `A step of an earlier run is still at work on ${host}.`,
    why: `Its controller is gone; the step at hand finishes all the same, and did not within ${waitedS} s.`,
    state: nothingTouched,
    mend: 'Run the same command again later; if that step hangs, log in and end it.',
  };
}

/** The host lacks a program that the lock is made of. */
export function noToolFault(host: string, tool: string): Diagnostic {
  return {
    code: 'no-lock-tool',
    severity: 'error',
    host,
    what: `There is no ${tool} on ${host}.`,
    why: 'Without it two runs could change the host at the same time.',
    state: nothingTouched,
    mend: `Install it: ${tool === 'flock' ? 'it belongs to util-linux' : 'it belongs to coreutils'}.`,
  };
}

/** The lock could not even be asked for. */
export function noLeaseFault(host: string, ended: ExecResult): Diagnostic {
  return {
    code: 'no-lease',
    severity: 'error',
    host,
    what: `The lock on ${host} could not be taken (exit code ${ended.code ?? 'unknown'}).`,
    ...(ended.lost && { why: 'The connection was lost, or the host did not answer.' }),
    ...quoted(ended.stderr),
    state: nothingTouched,
    mend: 'See that /var/lib/hadeploy there can be written and the disk is not full, then run the same command again.',
  };
}

/** The lock went away in the middle of the run. */
export function leaseLostFault(host: string): Diagnostic {
  return {
    code: 'lease-lost',
    severity: 'error',
    host,
    what: `The lock on ${host} was lost during the run.`,
    why: 'The connection was cut or silent for too long, or its process on the host was ended. Another run may begin there, so this one stopped.',
    state: 'The step at hand on each host was finished, no further one was begun.',
    mend: 'Run the same command again: finished work is not repeated.',
  };
}
