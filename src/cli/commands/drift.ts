import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { visible } from '../../diagnostics/visible.ts';
import { drifted, driftJson, driftText } from '../../plan/drift.ts';
import { kinds } from '../../resources/index.ts';
import { type DriftLook, lookForDrift } from '../../run/drift.ts';
import { unfinishedFaults } from '../../run/journal/unfinished.ts';
import { paints } from '../../ui/paint.ts';
import { exitCodes } from '../exit-code.ts';
import { print, printFaults, takesColour } from '../output.ts';
import { allReached, type ReachOptions, reach } from '../reach.ts';

/** The options of `drift`. */
export interface DriftOptions extends ReachOptions {
  readonly diff?: boolean;
  readonly json?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `hadeploy drift`: what differs on the hosts from what was last applied to them; the exit code. */
export function drift(inventoryPath: string, options: DriftOptions): Promise<number> {
  return reach(inventoryPath, options, async (reached, world) => {
    const { answers, faults } = await reached.on((host, connection) => lookForDrift(connection, host, kinds, world));
    const hosts = [...answers.values()].map((one) => one.drift);
    printFaults(notesOn(answers));
    const paint = paints(takesColour(process.stdout)).plan;
    if (options.json) print(JSON.stringify(driftJson(hosts), null, 2));
    else if (hosts.length > 0) print(driftText(hosts, kinds, { diffs: options.diff === true }, paint));
    if (!allReached([...reached.faults, ...faults])) return exitCodes.hostFailed;
    const found = hosts.some((one) => drifted(one).length > 0);
    return found && options.detailedExitcode ? exitCodes.changesPending : exitCodes.done;
  });
}

/** What a reader of drift should know of hosts: a run is at work or was broken off there, or none ever was. */
function notesOn(answers: ReadonlyMap<string, DriftLook>): readonly Diagnostic[] {
  const unfinished = [...answers].flatMap(([host, one]) => (one.unfinished ? [[host, one.unfinished] as const] : []));
  return [
    ...unfinishedFaults(new Map(unfinished)),
    ...[...answers].flatMap(
      ([
        host,
        {
          drift: { items },
          busy,
        },
      ]): readonly Diagnostic[] => [
        ...(busy === undefined ? [] : [atWork(host, busy)]),
        ...(items.length === 0 ? [neverApplied(host)] : []),
      ],
    ),
  ];
}

function atWork(host: string, who: string): Diagnostic {
  return {
    code: 'run-at-work',
    severity: 'warning',
    host,
    what: `A run of ${visible(who)} is changing ${host} at this moment.`,
    mend: 'Look again once it has ended.',
  };
}

function neverApplied(host: string): Diagnostic {
  return {
    code: 'never-applied',
    severity: 'warning',
    host,
    what: `Nothing is known to have been applied to ${host}.`,
    why: 'A host keeps what the last `hadeploy apply` brought it to, or found it to be.',
    mend: 'Run `hadeploy apply`.',
  };
}
