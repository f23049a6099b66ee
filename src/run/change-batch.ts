import type { LimitFunction } from 'p-limit';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { membersOn, type PlannedPlay } from '../plan/plan.ts';
import type { Moving } from '../resources/member.ts';
import { changeHost, type Finished, type HostChange, type Progress } from './change-host.ts';
import { each } from './each.ts';
import type { Job, Site } from './job.ts';
import type { MadePlan } from './make-plan.ts';
import { cameToLife, lifeless, type Prover, proveOthers } from './prove.ts';

/**
 * One batch of a play: each host is changed and proved by itself. Members that are made at once are all made before the
 * first of them is proved, and none of them is when anything of their cells is there by now. The cells of hosts that
 * fail are noted in `failedCells`.
 */
export async function changeBatch(
  job: Job,
  made: MadePlan,
  play: PlannedPlay,
  batch: readonly string[],
  sites: ReadonlyMap<string, Site>,
  limit: LimitFunction,
  progress: Progress,
  prover: Prover,
  failedCells: Set<string>,
): Promise<{ readonly faults: readonly Diagnostic[]; readonly done: ReadonlyMap<string, Finished> }> {
  const done = new Map<string, Finished>();
  const changes = new Map<string, HostChange>();
  const onEach = (hosts: Iterable<string>, work: (host: string) => Promise<void>) =>
    each([...hosts], limit, (host) =>
      work(host).catch((error) => {
        for (const { cell } of movingOn(play, host)) failedCells.add(cell);
        throw error;
      }),
    );
  const make = async (host: string) => {
    const moving = play.moving?.get(host);
    const notWell = moving === undefined ? [] : await proveOthers(prover, moving, 1);
    if (notWell.length > 0) throw new Refusal(notWell.map((fault) => ({ ...fault, state: unchanged(host) })));
    const change = changeHost(job, made, play, sites.get(host)!, host, progress, prover);
    await change.make();
    changes.set(host, change);
  };
  const prove = async (host: string) => {
    done.set(host, await changes.get(host)!.prove());
  };
  if (play.atOnce === undefined) {
    const faults = await onEach(batch, async (host) => {
      await make(host);
      await prove(host);
    });
    return { faults, done };
  }
  const members = batch.flatMap((host) => movingOn(play, host));
  const still = await lifeless(prover, members);
  const alive = members.filter((one) => !still.has(one));
  if (alive.length > 0) {
    const state = 'Nothing in this play was done.';
    return { faults: alive.map((one) => ({ ...cameToLife(one), state })), done };
  }
  const notMade = await onEach(batch, make);
  return { faults: [...notMade, ...(await onEach(changes.keys(), prove))], done };
}

function movingOn(play: PlannedPlay, host: string): readonly Moving[] {
  return membersOn(play, host).map(({ moving }) => moving);
}

function unchanged(host: string): string {
  return `Nothing in this play was done on ${host}.`;
}
