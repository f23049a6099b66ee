import { type Diagnostic, Refusal, type Result, unwrap } from '../diagnostics/diagnostic.ts';
import { appliedPath, parseDigests } from '../plan/applied.ts';
import { type Generation, generationsFolder, parseGeneration } from '../plan/generation.ts';
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
  /** Playbook → digest of what it last brought the host to. */
  readonly applied: Readonly<Record<string, string>>;
  /** What its last runs changed; asked only of a run that goes back. */
  readonly generations: readonly Generation[];
}

/** What the first conversation is to be like. */
export interface HelloOptions {
  readonly become: boolean;
  readonly mark: string;
  readonly generations?: boolean;
  /** Questions of the plan that it can ask as well. */
  readonly early?: readonly Script[];
}

/**
 * The first conversation: proves that the host answers (and lets us be root), and gathers facts, the record of what
 * hadeploy made, and who holds or held the host; and the answers to early questions, in their order.
 */
export function hello(
  connection: Connection,
  host: string,
  probes: readonly FactProbe[],
  options: HelloOptions,
): Promise<Hello & { readonly answers: readonly Answer[] }> {
  const kept = options.generations ? keptGenerations : nothing;
  const own = [ownedRecord, lockProbe, unfinishedProbe, appliedHead, kept];
  const scripts = own.concat(
    probes.map((probe) => probe.script),
    options.early ?? [],
  );
  return ask(connection, host, scripts, options).then((answers) => understood(host, probes, answers));
}

/** What a host has said at first. */
function understood(
  host: string,
  probes: readonly FactProbe[],
  said: readonly Answer[],
): Hello & { readonly answers: readonly Answer[] } {
  const [owned, held, journal, head, lines, ...answers] = said;
  const results = probes.map((probe, index) => [probe.name, probe.parse(answers[index]!)] as const);
  const faults = results.flatMap(([, result]) => (result.ok ? [] : result.faults.map((fault) => ({ ...fault, host }))));
  if (faults.length > 0) throw new Refusal(faults);
  const ownership = parseOwnership(owned!.stdout);
  if (ownership === undefined) throw new Refusal([damagedRecord(host)]);
  const read = lines!.stdout.split('\n').filter(Boolean).map(parseGeneration);
  const generations = read.flatMap((one) => one ?? []);
  if (generations.length < read.length) throw new Refusal([damagedGeneration(host)]);
  // A part of a text keeps all of it in memory; facts stay for the whole run, and what else the host said need not.
  const facts = structuredClone(Object.fromEntries(results.map(([name, result]) => [name, unwrap(result)])));
  const lock = parseLock(held!.stdout);
  const last = parseUnfinished(journal!.stdout);
  const goesOn = last === undefined || last.started.run === lock.lease?.id;
  const applied = parseDigests(head!.stdout) ?? {};
  return {
    facts,
    ownership,
    applied,
    generations,
    lock,
    ...(!goesOn && { unfinished: last }),
    answers: answers.slice(probes.length),
  };
}

const ownedRecord = sh`cat -- ${ownershipPath} 2>/dev/null || :`;

const nothing = sh`:`;

const appliedHead = sh`[ ! -r ${appliedPath} ] || { IFS= read -r head <${appliedPath}; printf '%s\n' "$head"; }`;

const keptGenerations = sh`for file in ${generationsFolder}/*.json; do
  [ ! -e "$file" ] || { cat -- "$file"; echo; }
done`;

function damagedGeneration(host: string): Diagnostic {
  return {
    code: 'damaged-generation',
    severity: 'error',
    host,
    what: `A file in ${generationsFolder} on ${host} is damaged, or a later version of hadeploy wrote it.`,
    why: 'It says what a run changed there; going back by a part of it would leave a state that never was.',
    mend: 'Remove that file if later runs alone shall be undone, or bring the host forward with `hadeploy apply`.',
  };
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
