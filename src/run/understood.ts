import { Refusal } from '../diagnostics/diagnostic.ts';
import { label } from '../plan/label.ts';
import type { AnyKind, Reply } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';

/** What a kind makes of the answer of a host; a Refusal for one that its probe never gives: hosts break, and may lie. */
export function understood(kind: AnyKind, resource: Resource, reply: Reply): unknown {
  try {
    return kind.parse(reply, resource.spec);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([
      {
        code: 'garbled-answer',
        severity: 'error',
        host: resource.host,
        step: resource.task.name,
        at: resource.task.at,
        what: `What ${resource.host} answered about ${label(resource)} cannot be understood.`,
        why: 'A program on the host prints something else than it should, or not all of it.',
        mend: 'See that the disk of the host is not full and its programs are whole, then run the same command again.',
      },
    ]);
  }
}
