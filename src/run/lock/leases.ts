import { type Diagnostic, Refusal, type Result } from '../../diagnostics/diagnostic.ts';
import type { RunOutcome } from '../journal/entries.ts';
import type { Connection, Held } from '../ports.ts';
import {
  busyFault,
  frozenFault,
  leaseLostFault,
  lockedFault,
  lockFaults,
  noLeaseFault,
  noToolFault,
} from './faults.ts';
import { beatS, leaseScript, outcomeWords, stepWaitS } from './lease-script.ts';
import { lookAtLock } from './look.ts';
import { type RunNote, readFreeze, readRunNote } from './notes.ts';

/** The locks of one run on all hosts that it will change. */
export interface Leases {
  /** Aborted once a lock is lost: the run is to stop. */
  readonly lost: AbortSignal;
  /** A fault for each lock that was lost. */
  faults(): readonly Diagnostic[];
  /** Gives them back, and has the hosts write how the run ended. */
  release(outcome: RunOutcome): Promise<void>;
}

/**
 * Takes the lock on each host in sorted order, so that of two runs at the same time one gets all; gives back what it
 * has when one is refused. Warnings never come.
 */
export async function takeLeases(
  run: RunNote,
  connections: ReadonlyMap<string, Connection>,
  mark: () => string,
): Promise<Result<Leases>> {
  const lost = new AbortController();
  const faults: Diagnostic[] = [];
  const taken: Lease[] = [];
  const release = async (word: string) => void (await Promise.all(taken.map((lease) => lease.release(word))));
  const sorted = [...connections].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [host, connection] of sorted) {
    try {
      const onLost = () => {
        faults.push(leaseLostFault(host));
        lost.abort();
      };
      taken.push(await take(run, host, connection, onLost));
    } catch (error) {
      await release('');
      if (!(error instanceof Refusal)) throw error;
      const others = sorted.filter(([name]) => name !== host);
      return { ok: false, faults: [...error.diagnostics, ...(await heldElsewhere(others, mark))] };
    }
  }
  return {
    ok: true,
    value: { lost: lost.signal, faults: () => faults, release: (outcome) => release(outcomeWords[outcome]) },
    warnings: [],
  };
}

/** Who holds the other hosts, so that all is said at once; one that does not answer has nothing to say here. */
async function heldElsewhere(others: readonly (readonly [string, Connection])[], mark: () => string) {
  const faults = await Promise.all(
    others.map(async ([host, connection]) =>
      lockFaults(host, await lookAtLock(connection, host, mark()).catch(() => ({}))),
    ),
  );
  return faults.flat();
}

interface Lease {
  release(word: string): Promise<void>;
}

async function take(run: RunNote, host: string, connection: Connection, onLost: () => void): Promise<Lease> {
  let answer: (line: string) => void = () => {};
  const answered = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const held: Held = connection.hold(leaseScript(run), {
    become: true,
    beatS,
    onLine: (line) => {
      if (line !== '.') answer(line);
    },
  });
  const said = await Promise.race([answered, held.ended]);
  if (said !== 'taken') {
    held.release('');
    throw new Refusal([typeof said === 'string' ? refusal(host, said) : noLeaseFault(host, said)]);
  }
  let released = false;
  const ended = held.ended.then(
    () => {
      if (!released) onLost();
    },
    () => {},
  );
  return {
    async release(word) {
      released = true;
      held.release(word);
      await ended;
    },
  };
}

function refusal(host: string, said: string): Diagnostic {
  const [word, rest] = [said.split(' ')[0], said.slice(said.indexOf(' ') + 1)];
  if (word === 'held') return lockedFault(host, readRunNote(rest));
  if (word === 'frozen') return frozenFault(host, readFreeze(rest));
  return word === 'busy' ? busyFault(host, stepWaitS) : noToolFault(host, rest);
}
