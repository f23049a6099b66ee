import { visible } from '../../diagnostics/visible.ts';
import { ask } from '../../run/conversation.ts';
import { parseJournal } from '../../run/journal/entries.ts';
import { type FleetRun, mergeRuns } from '../../run/journal/history.ts';
import { readJournal } from '../../run/journal/scripts.ts';
import { lockProbe, parseLock } from '../../run/lock/look.ts';
import { exitCodes } from '../exit-code.ts';
import { print } from '../output.ts';
import { allReached, type ReachOptions, reach } from '../reach.ts';
import { table } from '../table.ts';

/** The options of `history`. */
export interface HistoryOptions extends ReachOptions {
  /** How many runs, the latest. */
  readonly number: number;
  readonly json?: boolean;
}

/** `hadeploy history`: the runs that the hosts' journals tell of, oldest first; the exit code. */
export function history(inventoryPath: string, options: HistoryOptions): Promise<number> {
  return reach(inventoryPath, options, async (reached, { mark }) => {
    const { answers, faults } = await reached.on(async (host, connection) => {
      const questions = [readJournal, lockProbe];
      const [journal, lock] = await ask(connection, host, questions, { become: true, mark: mark() });
      return { entries: parseJournal(journal!.stdout), holder: parseLock(lock!.stdout).lease?.id };
    });
    const runs = mergeRuns(answers).slice(-options.number);
    if (options.json) print(JSON.stringify({ format: 1, runs }, null, 2));
    else print(runs.length === 0 ? 'No host tells of a run.' : table([heading, ...runs.map(rowOf)]));
    return allReached([...reached.faults, ...faults]) ? exitCodes.done : exitCodes.hostFailed;
  });
}

const heading = ['TIME', 'RUN', 'WHO', 'COMMAND', 'PLAYBOOK', 'HOSTS', 'CHANGES', 'OUTCOME', 'PLAN'];
/** Characters of a digest that tell plans apart. */
const shortDigest = 'sha256:'.length + 12;

function rowOf(run: FleetRun): readonly string[] {
  const changes =
    run.outcome === 'done' || run.done === run.planned ? String(run.done) : `${run.done} of ${run.planned}`;
  const { time, who, command, playbook, hosts, outcome, digest } = run;
  return [time, run.run, who, command, playbook, hosts.join(','), changes, outcome, digest.slice(0, shortDigest)].map(
    visible,
  );
}
