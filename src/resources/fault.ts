import type { Answer } from '../posix/frame.ts';
import type { Change } from './change.ts';

/**
 * What `parse` returns when the probe itself failed, so that neither "there" nor "absent" is known. Kinds put it into
 * their `Observed` as `T | Fault`, and their `diff` begins with `if (isFault(observed)) return unreadable(…)`.
 */
export interface Fault {
  /** What the host said, in one line. */
  readonly fault: string;
}

/** The fault in an answer: the last line of its stderr, or its exit code. */
export function faultOf(answer: Answer): Fault {
  const said = answer.stderr.trim().split('\n').at(-1);
  return { fault: said ? said.slice(0, 300) : `the probe ended with exit code ${answer.code}` };
}

/** Whether a look brought a fault instead of an observation. */
export function isFault(observed: unknown): observed is Fault {
  return typeof observed === 'object' && observed !== null && 'fault' in observed;
}

/** The blocked change of a resource (`/etc/hosts`) that could not be looked at. */
export function unreadable(subject: string, fault: Fault, mend?: string): Change {
  return {
    action: 'blocked',
    what: `${subject} could not be looked at.`,
    why: fault.fault,
    mend: mend ?? 'Mend it on the host, or let the task run as root with `become: true`.',
  };
}
