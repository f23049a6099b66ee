import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Item } from '../plan/plan.ts';
import { sh } from '../posix/script.ts';
import type { Delegate } from '../resources/resource.ts';
import { lostFault, quoted } from './conversation.ts';
import { place, state, stepName } from './faults.ts';
import type { HostWork, Move } from './host-work.ts';
import { leaseLostFault } from './lock/faults.ts';
import { fence } from './lock/lease-script.ts';
import type { Ports } from './ports.ts';
import { type HostStep, stepsReader, stepsScript } from './step-script.ts';

/** Seconds for a look at the lock of a host. */
const lookTimeoutS = 30;

/** Why a host did not do a step: half a sentence, and what it printed. */
interface Failure {
  readonly why: string;
  readonly output?: string;
}

/**
 * Does a step on another host: the first that can be reached and does it. The host that the step is for says first that
 * it still belongs to this run; the other one's lock is not asked for, since nothing that is planned there changes.
 * Gives whether it was done; that it was not is told where it may fail, and else rejects.
 */
export async function delegated(
  work: HostWork,
  move: Move & { readonly item: Item },
  { hosts, mayFail }: Delegate,
  ports: Ports,
  done: readonly Item[],
): Promise<boolean> {
  await seeLease(work, done);
  const failures: (readonly [string, Failure])[] = [];
  for (const host of hosts) {
    const failure = await doOn(host, move, ports);
    if (failure === undefined) return true;
    failures.push([host, failure]);
  }
  const output = failures.findLast(([, one]) => one.output !== undefined)?.[1].output;
  const fault: Diagnostic = {
    code: 'delegate-failed',
    severity: mayFail ? 'warning' : 'error',
    what: `For ${work.host}, "${move.item.resource.task.name}" was done on none of its hosts: ${hosts.join(', ')}.`,
    ...place(move),
    host: work.host,
    why: failures.map(([host, { why }]) => `${host}: ${why}`).join('; '),
    ...(move.item.resource.noLog ? {} : quoted(output ?? '')),
    state: mayFail ? 'The run goes on without it.' : state(work, done, move.item),
  };
  if (!mayFail) throw new Refusal([fault]);
  ports.tell({ type: 'fault', fault });
  return false;
}

async function seeLease(work: HostWork, done: readonly Item[]): Promise<void> {
  const { open, before } = fence(work.started.run);
  const options = { become: true, timeoutS: lookTimeoutS };
  const seen = await work.connection.exec(sh`{ ${open}; } && { ${before}; } && echo ours`, options);
  if (seen.stdout.trim() === 'ours') return;
  const fault = seen.lost
    ? lostFault(work.host, { ...seen, lost: seen.lost }, lookTimeoutS)
    : leaseLostFault(work.host);
  throw new Refusal([{ ...fault, state: state(work, done, undefined) }]);
}

async function doOn(host: string, { item, step }: Move, ports: Ports): Promise<Failure | undefined> {
  const connection = await ports.via?.(host);
  if (connection === undefined || 'what' in connection) {
    return { why: connection?.what ?? `${host} was not reached` };
  }
  const mark = ports.mark();
  const timeoutS = (step.do === 'run' ? step.timeoutS : undefined) ?? 300;
  let ended: { readonly code: number; readonly output: string } | undefined;
  const onLine = stepsReader(mark, (event) => {
    ended ??= event.ended;
  });
  const become = item?.resource.become ?? true;
  const answered = await connection.exec(stepsScript([step as HostStep], mark), { become, timeoutS, onLine });
  if (ended?.code === 0) return undefined;
  if (ended !== undefined) return { why: `"${stepName(step)}" ended with ${ended.code}`, output: ended.output };
  return { why: lostFault(host, { ...answered, lost: answered.lost ?? 'connection' }, timeoutS).what };
}
