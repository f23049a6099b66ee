import { label } from '../../plan/label.ts';
import { deeds, type Plan } from '../../plan/plan.ts';
import { lines, type Script, sh } from '../../posix/script.ts';
import { stepName } from '../faults.ts';
import type { HostWork, Move } from '../host-work.ts';
import type { Job } from '../job.ts';
import { fence } from '../lock/lease-script.ts';
import type { Watch } from '../step-script.ts';
import type { RunStarted } from './entries.ts';
import { beginRun, endStep } from './scripts.ts';

/** Seconds for a few lines in a journal, on a disk that is busy. */
const noteTimeoutS = 60;

/** What a host's journal says at the beginning of a run that changes it. */
export function startedOn(job: Job, plan: Plan, digest: string, host: string): Omit<RunStarted, 'time'> {
  const all = deeds(plan);
  const hosts = [...new Set(all.map((item) => item.resource.host))].sort();
  const items = all.filter((item) => item.resource.host === host).map((item) => label(item.resource));
  const { id, who, command } = job.run;
  return { event: 'run-started', run: id, who, command, playbook: job.playbook, digest, hosts, items };
}

/** Lets the host itself write what comes of each step, so that it is written although the controller has died. */
export function journaled(work: HostWork, moves: readonly Move[]): Watch {
  const { open, before } = fence(work.started.run);
  return {
    open: sh`${open} && { ${beginRun(work.started)} || :; }`,
    before,
    after: (index) => sh`${lineOf(work, moves[index]!, sh`"$hadeploy_rc"`)} || :`,
  };
}

/** Writes what came of moves whose scripts could not: steps that are not root's, and gates. */
export async function note(work: HostWork, moves: readonly Move[], codes: readonly number[]): Promise<void> {
  const ended = moves.slice(0, codes.length).map((move, index) => lineOf(work, move, codes[index]!));
  await work.connection.exec(lines([beginRun(work.started), ...ended]), { become: true, timeoutS: noteTimeoutS });
}

function lineOf(work: HostWork, { item, step, last }: Move, code: number | Script): Script {
  if (item === undefined) return sh`:`;
  const what = item.resource.noLog ? step.do : stepName(step);
  return endStep({ run: work.started.run, item: label(item.resource), step: what, last }, code);
}
