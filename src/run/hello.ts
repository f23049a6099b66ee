import { type Diagnostic, Refusal, type Result, unwrap } from '../diagnostics/diagnostic.ts';
import { type Ownership, ownershipPath, parseOwnership } from '../plan/ownership.ts';
import type { Answer } from '../posix/frame.ts';
import { type Script, sh } from '../posix/script.ts';
import { ask } from './conversation.ts';
import type { HostRun } from './journal/entries.ts';
import { unfinishedProbe } from './journal/scripts.ts';
import { parseUnfinished } from './journal/unfinished.ts';
import { type HostLock, lockProbe, parseLock } from './lock/look.ts';
import type { Connection } from './ports.ts';

/** A fact and the read-only script that finds it. */
export interface FactProbe {
  readonly name: string;
  readonly script: Script;
  parse(answer: Answer): Result<unknown>;
}

/** What the first conversation with a host brings. */
export interface Hello {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly ownership: Ownership;
  readonly lock: HostLock;
  /** The last run of the host's journal, when it did not come to its end and does not go on. */
  readonly unfinished?: HostRun;
}

/** The first conversation: proves that the host answers (and lets us be root), and gathers facts, the record of what hadeploy made, and who holds or held the host. */
export async function hello(
  connection: Connection,
  host: string,
  probes: readonly FactProbe[],
  options: { readonly become: boolean; readonly mark: string },
): Promise<Hello> {
  const record = sh`cat -- ${ownershipPath} 2>/dev/null || :`;
  const scripts = [record, lockProbe, unfinishedProbe, ...probes.map((probe) => probe.script)];
  const [owned, held, journal, ...answers] = await ask(connection, host, scripts, options);
  const results = probes.map((probe, index) => [probe.name, probe.parse(answers[index]!)] as const);
  const faults = results.flatMap(([, result]) => (result.ok ? [] : result.faults.map((fault) => ({ ...fault, host }))));
  if (faults.length > 0) throw new Refusal(faults);
  const ownership = parseOwnership(owned!.stdout);
  if (ownership === undefined) throw new Refusal([damagedRecord(host)]);
  const facts = Object.fromEntries(results.map(([name, result]) => [name, unwrap(result)]));
  const lock = parseLock(held!.stdout);
  const last = parseUnfinished(journal!.stdout);
  const goesOn = last === undefined || last.started.run === lock.lease?.id;
  return { facts, ownership, lock, ...(!goesOn && { unfinished: last }) };
}

function damagedRecord(host: string): Diagnostic {
  return {
    code: 'damaged-record',
    severity: 'error',
    host,
    what: `${ownershipPath} on ${host} cannot be read.`,
    why: 'It says what hadeploy made on this host; without it nothing that is no longer declared could be removed.',
    mend: 'Restore it from a backup, or remove it: then files hadeploy once wrote and nobody declares any more stay.',
  };
}
