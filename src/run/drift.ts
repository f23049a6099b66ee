import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { appliedPath, appliedResources, parseApplied } from '../plan/applied.ts';
import type { HostDrift } from '../plan/drift.ts';
import { diff } from '../plan/plan.ts';
import type { AnyKind } from '../resources/kind.ts';
import { appliedProbe } from './applied.ts';
import { ask } from './conversation.ts';
import type { HostRun } from './journal/entries.ts';
import { unfinishedProbe } from './journal/scripts.ts';
import { parseUnfinished } from './journal/unfinished.ts';
import { lockProbe, parseLock } from './lock/look.ts';
import { observe } from './observe.ts';
import type { Connection, Ports } from './ports.ts';

/** What a host says of what was last applied to it. */
export interface DriftLook {
  readonly drift: HostDrift;
  /** The last run there, when it did not come to its end and does not go on. */
  readonly unfinished?: HostRun;
  /** Who changes the host at this moment. */
  readonly busy?: string;
}

/** Holds what a host was last brought to against what it is, in two conversations; nothing there changes. */
export async function lookForDrift(
  connection: Connection,
  host: string,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
): Promise<DriftLook> {
  const questions = [appliedProbe, unfinishedProbe, lockProbe];
  const [kept, journal, held] = await ask(connection, host, questions, { become: true, mark: ports.mark() });
  const record = parseApplied(kept!.stdout);
  if (record === undefined) throw new Refusal([damagedRecord(host)]);
  const resources = appliedResources(record, host).filter(({ kind }) => kinds.has(kind));
  const observed = await observe(connection, host, resources, kinds, ports);
  const items = resources.map((resource) => {
    const now = { disturbed: false };
    return { resource, change: diff(resource, observed, kinds, now), now };
  });
  const { lease } = parseLock(held!.stdout);
  const last = parseUnfinished(journal!.stdout);
  const goesOn = last === undefined || last.started.run === lease?.id;
  return { drift: { host, items }, ...(!goesOn && { unfinished: last }), ...(lease && { busy: lease.who }) };
}

function damagedRecord(host: string): Diagnostic {
  return {
    code: 'damaged-record',
    severity: 'error',
    host,
    what: `${appliedPath} on ${host} cannot be read.`,
    why: 'It says what was last applied to this host; it is damaged, or a later version of hadeploy wrote it.',
    mend: 'Remove it, then run `hadeploy apply`, which writes it anew.',
  };
}
