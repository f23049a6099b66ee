import { type Diagnostic, Refusal } from '../../diagnostics/diagnostic.ts';
import { visible } from '../../diagnostics/visible.ts';
import { frozenFault, lockedFault } from '../../run/lock/faults.ts';
import { changeFreeze, freezeScript, thawScript } from '../../run/lock/freeze.ts';
import { type HostLock, lookAtLock } from '../../run/lock/look.ts';
import { type Freeze, utc } from '../../run/lock/notes.ts';
import type { Visit } from '../../run/visit.ts';
import { secondsOf } from '../../topology/duration.ts';
import { exitCodes } from '../exit-code.ts';
import { print, printFaults } from '../output.ts';
import { allReached, type ReachOptions, reach } from '../reach.ts';
import { whoAmI } from '../run-note.ts';
import { table } from '../table.ts';

/** The options of `lock acquire`. */
export interface AcquireOptions extends ReachOptions {
  readonly message: string;
  /** `2h`. */
  readonly for: string;
}

/** `hadeploy lock status`: which hosts are held by a run or frozen, and by whom; the exit code. */
export function lockStatus(inventoryPath: string, options: ReachOptions): Promise<number> {
  return reach(inventoryPath, options, async (reached, { mark }) => {
    const { answers, faults } = await look(reached, mark);
    const rows = [...answers].flatMap(([host, lock]) => rowsOf(host, lock));
    if (rows.length > 0) print(table([['HOST', 'STATE', 'WHO', 'SINCE', 'UNTIL', 'WHY'], ...rows]));
    return allReached([...reached.faults, ...faults]) ? exitCodes.done : exitCodes.hostFailed;
  });
}

/** `hadeploy lock acquire`: freezes all hosts or none until a time; a freeze of somebody else is not replaced. */
export function lockAcquire(inventoryPath: string, options: AcquireOptions): Promise<number> {
  const freeze = freezeOf(options);
  return reach(inventoryPath, options, async (reached, { mark }) => {
    const { answers, faults } = await look(reached, mark);
    const foreign = [...answers].flatMap(([host, { freeze: there }]) =>
      there !== undefined && there.who !== freeze.who ? [frozenFault(host, there)] : [],
    );
    if (!allReached([...reached.faults, ...faults, ...foreign])) return exitCodes.hostFailed;
    const running = [...answers].flatMap(([host, { lease }]) =>
      lease ? [stillRunning(lockedFault(host, lease))] : [],
    );
    printFaults(running);
    const script = freezeScript(freeze);
    const done = await reached.on((host, connection) => changeFreeze(connection, host, script, mark()));
    for (const host of done.answers.keys()) print(`${host} is frozen until ${freeze.until}.`);
    return allReached(done.faults) ? exitCodes.done : exitCodes.hostFailed;
  });
}

/** `hadeploy lock release`: ends freezes, whoever made them, and says whose they were. */
export function lockRelease(inventoryPath: string, options: ReachOptions): Promise<number> {
  return reach(inventoryPath, options, async (reached, { mark }) => {
    const { answers, faults } = await reached.on(async (host, connection) => {
      const { freeze } = await lookAtLock(connection, host, mark());
      if (freeze !== undefined) await changeFreeze(connection, host, thawScript, mark());
      return freeze;
    });
    for (const [host, freeze] of answers) {
      if (freeze === undefined) print(`${host} was not frozen.`);
      else print(`${host} is no longer frozen; ${visible(freeze.who)} had said: ${visible(freeze.message)}`);
    }
    return allReached([...reached.faults, ...faults]) ? exitCodes.done : exitCodes.hostFailed;
  });
}

function look(reached: Visit, mark: () => string) {
  return reached.on((host, connection) => lookAtLock(connection, host, mark()));
}

function rowsOf(host: string, { lease, freeze }: HostLock): readonly (readonly string[])[] {
  const rows = [
    ...(lease ? [[host, 'locked', lease.who, lease.since, '', `${lease.command} (run ${lease.id})`]] : []),
    ...(freeze ? [[host, 'frozen', freeze.who, freeze.since, freeze.until, freeze.message]] : []),
  ];
  return rows.length > 0 ? rows.map((row) => row.map(visible)) : [[host, 'free', '', '', '', '']];
}

function freezeOf(options: AcquireOptions): Freeze {
  const seconds = secondsOf(options.for);
  if (!(seconds >= 1)) {
    const what = `--for ${JSON.stringify(options.for)} is no duration of at least a second.`;
    throw new Refusal([{ code: 'bad-duration', severity: 'error', what, mend: 'Write for example --for 2h or 30m.' }]);
  }
  const now = Date.now();
  const message = options.message.replace(/\s+/g, ' ').trim();
  return { who: whoAmI(), message, since: utc(now), until: utc(now + seconds * 1000) };
}

function stillRunning(locked: Diagnostic): Diagnostic {
  const { state: _, ...fault } = locked;
  return { ...fault, severity: 'warning', mend: 'That run goes on to its end; the freeze stops the next one.' };
}
