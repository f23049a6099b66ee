import { setTimeout as pause } from 'node:timers/promises';
import { longestSilence } from '../estate/bench.ts';
import type { Outcome } from '../lab/command.ts';
import { knock } from '../soak/knock.ts';
import { silences } from '../soak/measure/cells.ts';
import type { Round } from '../soak/recording.ts';
import { watchMembers } from '../soak/watch.ts';
import type { Running } from '../support/program.ts';
import type { Column, Heal, Scene } from './columns.ts';
import { type Estate, holder, versionsOf } from './estate.ts';
import { filesOf, halfWritten } from './files.ts';
import { flawed, flaws, makeFlawed, type Program } from './images.ts';
import type { Row } from './rows.ts';

/** What one fault in one step came to. */
export interface Result {
  readonly row: string;
  readonly column: string;
  readonly verdict: 'ok' | 'wrong' | 'pointless';
  /** Everything that was not as it must be; of a pointless one, why it is that. */
  readonly wrong: readonly string[];
  /** Exit code of the run in which the fault came. */
  readonly code?: number | undefined;
  readonly seconds?: { readonly fault: number; readonly next: number; readonly all: number };
  /** The longest time for which no push was taken at the shared address, in milliseconds. */
  readonly pushless?: number;
  /** What the runs said, in order. */
  readonly said: readonly string[];
}

/** A run that takes longer than this hangs. */
const LONGEST_MS = 300_000;

/** Lets a step of an upgrade meet a fault, then runs the same command until nothing is to be done. */
export async function runCell(estate: Estate, row: Row, column: Column): Promise<Result> {
  const reason = column.pointless?.(row);
  if (reason !== undefined)
    return { row: row.name, column: column.name, verdict: 'pointless', wrong: [reason], said: [] };
  const start = Date.now();
  const notes: Notes = { wrong: [], said: [] };
  const { wrong } = notes;
  const rounds: Round[] = [];
  const unwatch = watchMembers(estate.members, (round) => rounds.push(round));
  const ended = await upgrade(estate, row, column, notes).catch((error: unknown) => {
    wrong.push(messageOf(error));
    return undefined;
  });
  unwatch();
  for (const { name, members } of estate.cells)
    for (const { from, to, faults } of silences(rounds, members))
      wrong.push(`both of ${name} silent for ${to - from + 500} ms: ${faults.join(', ')}`);
  return {
    row: row.name,
    column: column.name,
    verdict: wrong.length === 0 ? 'ok' : 'wrong',
    ...notes,
    code: ended?.code,
    seconds: { fault: ended?.fault ?? 0, next: ended?.next ?? 0, all: since(start) },
    pushless: longestSilence(estate.bench, estate.vip, start),
  };
}

interface Notes {
  readonly wrong: string[];
  readonly said: string[];
}

interface Told {
  readonly code: number;
  /** Seconds of the run with the fault, and of the next. */
  readonly fault: number;
  readonly next: number;
}

async function upgrade(estate: Estate, row: Row, column: Column, notes: Notes): Promise<Told> {
  const { wrong, said } = notes;
  const begin = Date.now();
  const member = await row.member(estate);
  const [now, other] = await versionsOf(estate, row.program, member);
  const image = column.sameVersion ? now : other;
  const alone = row.last && column.options === undefined;
  const command = (wanted: string) => [
    ...['apply', 'inventory', '--yes', '--tags', row.tag, '-e', `versions.${row.program}=${wanted}`],
    ...(alone ? ['--limit', member.host] : []),
  ];
  const run = async (args: readonly string[]) => {
    const ended = await within(estate.start(args));
    said.push(told(args, ended));
    return ended;
  };
  // Cells of the matrix that were about the last member alone left the others of its cell at any version.
  if (row.last && !alone) {
    const same = await run(command(now));
    if (same.code !== 0) wrong.push(`the cell cannot be brought to one version: ${firstFault(same)}`);
  }
  const given = column.flaw === undefined ? image : flawed(row.program, column.flaw);
  const first = [...command(given), ...(column.options ?? [])];
  if (row.deed === 'pull') await forgetImage(estate, row.program, image);
  if (column.flaw !== undefined) await makeFlawed(estate.lab, row.program, column.flaw);
  const before = await filesOf(estate);
  const ended = await faulty({ estate, row, member, image, again: () => estate.start(first) }, column, first, notes);
  const fault = since(begin);
  if (!column.codes.includes(ended.code)) wrong.push(`exit code ${ended.code} instead of ${column.codes.join(' or ')}`);
  const text = `${ended.stdout}\n${ended.stderr}`;
  if (ended.code !== 0) for (const wish of column.says) if (!wish.test(text)) wrong.push(`it does not say ${wish}`);
  const between = await filesOf(estate);
  const healed = Date.now();
  let next = await run(command(image));
  // A host whose controller is cut off holds its lock until it has noticed, after 20 s at most.
  const patience = Date.now() + 30_000;
  while (next.code === 1 && /^error locked /m.test(next.stderr) && Date.now() < patience)
    next = await run(command(image));
  if (next.code !== 0) wrong.push(`the next run ends with ${next.code}: ${firstFault(next)}`);
  if (column.next && !column.next.test(next.stderr)) wrong.push(`the next run does not say ${column.next}`);
  const dry = command(image).map((word) => (word === '--yes' ? '--dry-run' : word));
  const empty = await run([...dry, '--detailed-exitcode']);
  if (empty.code !== 0) wrong.push(`one more ends with ${empty.code}: ${firstFault(empty) || changesIn(empty)}`);
  const after = await filesOf(estate);
  wrong.push(...halfWritten(before, between, after).map((path) => `half-written: ${path}`));
  wrong.push(...between.rubbish.filter((one) => one.startsWith('garbled')), ...after.rubbish);
  return { code: ended.code, fault, next: since(healed) };
}

/** The run in which the fault comes, to its end and that of the fault. */
async function faulty(
  scene: Omit<Scene, 'run'>,
  column: Column,
  args: readonly string[],
  notes: Notes,
): Promise<Outcome> {
  const inject = column.inject ?? (async () => async () => {});
  const early = column.when === 'before' ? await inject(scene) : undefined;
  const run = scene.again();
  let heal: Heal | undefined = early;
  try {
    if (column.when !== 'before') {
      await moment(scene, column, run);
      heal = await inject({ ...scene, run });
    }
  } catch (error) {
    notes.wrong.push(`the fault did not come about: ${messageOf(error)}`);
  }
  const ended = await within(run);
  notes.said.push(told(args, ended));
  await heal?.().catch((error: unknown) => notes.wrong.push(messageOf(error)));
  return ended;
}

/** Returns once a run is where the fault is to come. */
async function moment({ estate, row, member }: Omit<Scene, 'run'>, column: Column, run: Running): Promise<void> {
  const { host, name } = member;
  if (column.when === 'told') {
    await run.says(
      row.deed === 'pull' ? /^Play "Images".*: mon-/m : new RegExp(`^Play "[^"]*${name}".*: ${host}`, 'm'),
    );
    return;
  }
  const doing = {
    pull: 'image:\\S+',
    drain: 'The other gateway has the address and every pusher',
    change: `compose:${name}`,
  };
  await run.says(new RegExp(`^  ${host}  ${doing[row.deed]} \\.\\.\\.`, 'm'));
  if (row.deed === 'drain') await until(run, async () => (await holder(estate)) !== host);
  if (row.deed === 'change')
    await until(run, async () => (await knock({ ...member, path: '/-/ready', timeout: 500 })) !== undefined);
}

/** Asks again and again, until it holds; rejects when the run ends before. */
async function until(run: Running, holds: () => Promise<boolean>): Promise<void> {
  let over = false;
  void run.ended.then(() => {
    over = true;
  });
  while (!(await holds())) {
    if (over) throw new Error('the run ended before');
    await pause(25);
  }
}

/** The end of a run; one that hangs is killed. */
async function within(run: Running): Promise<Outcome> {
  const timer = setTimeout(() => run.signal('SIGKILL'), LONGEST_MS);
  const ended = await run.ended;
  clearTimeout(timer);
  return ended;
}

/** Takes a version off all hosts, and the broken ones that were made of it. */
async function forgetImage({ lab, on }: Estate, program: Program, image: string): Promise<void> {
  const gone = [image, ...flaws.map((flaw) => flawed(program, flaw))].join(' ');
  await Promise.all(lab.hosts.map(({ name }) => on(name, `docker rmi -f ${gone} >/dev/null 2>&1 || :`)));
}

const since = (time: number): number => Math.round((Date.now() - time) / 100) / 10;
const told = (args: readonly string[], { code, stdout, stderr }: Outcome): string =>
  `$ hadeploy ${args.join(' ')}\n${stdout}${stderr}(exit code ${code})\n`;
const firstFault = ({ stderr }: Outcome): string => /^error .*(?:\n .*){0,3}/m.exec(stderr)?.[0].slice(0, 400) ?? '';
const changesIn = ({ stdout }: Outcome): string => (stdout.match(/^ {4}[+~!-] .*$/gm) ?? []).join('; ').slice(0, 400);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 1500) : String(error));
