import { run } from '../lab/command.ts';

/** One run of a command: seconds on the clock and of processor time, and what it said. */
export interface Run {
  readonly seconds: number;
  /** User and system time of the command and its children here. */
  readonly cpu: number;
  readonly code: number;
  readonly text: string;
}

/** A command to be measured. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input?: string;
}

/** What is measured of one who does the work of a row. */
export interface Candidate {
  readonly name: string;
  /** Readies the work; not measured. */
  readonly before?: () => Promise<unknown>;
  readonly work: () => Promise<Run>;
  /** The most runs that it gets, where each takes long. */
  readonly most?: number;
}

/** The measured runs of a candidate. */
export interface Measured {
  readonly name: string;
  readonly runs: readonly Run[];
  /** Medians. */
  readonly seconds: number;
  readonly cpu: number;
}

/** The shell's own clock: it counts the processor time of all that the command has waited for. */
const timed = 'exec 3>&2; TIMEFORMAT="bench-cpu %U %S"; time "$@" 2>&3';

/** Runs a command to its end. */
export async function runOnce({ argv, env = {}, input }: Command): Promise<Run> {
  const from = performance.now();
  const outcome = await run('bash', ['-c', timed, 'bash', ...argv], { env, ...(input !== undefined && { input }) });
  const seconds = (performance.now() - from) / 1000;
  const [, user, system] = /bench-cpu (\S+) (\S+)\s*$/.exec(outcome.stderr) ?? [];
  const text = `${outcome.stdout}${outcome.stderr}`.replace(/bench-cpu \S+ \S+\s*$/, '');
  return { seconds, cpu: Number(user) + Number(system), code: outcome.code, text };
}

/** Measures a command that has to succeed. */
export async function succeed(command: Command): Promise<Run> {
  const one = await runOnce(command);
  if (one.code === 0) return one;
  throw new Error(`${command.argv.join(' ').slice(0, 200)} ended with ${one.code}:\n${one.text.slice(-2000)}`);
}

/** Lets candidates take turns, after a round that is not counted where `warm`. */
export async function alternate(
  candidates: readonly Candidate[],
  runs: number,
  say: (line: string) => void,
  warm = true,
): Promise<readonly Measured[]> {
  const kept = new Map<string, Run[]>(candidates.map(({ name }) => [name, []]));
  for (let round = warm ? -1 : 0; round < runs; round++) {
    for (const { name, before, work, most = runs } of candidates) {
      if (round >= most || (round < 0 && most < runs)) continue;
      await before?.();
      const one = await work();
      if (round < 0) continue;
      kept.get(name)!.push(one);
      say(`  ${name.padEnd(12)} ${one.seconds.toFixed(2)} s (processor ${one.cpu.toFixed(2)} s)`);
    }
  }
  return candidates.map(({ name }) => {
    const list = kept.get(name)!;
    return {
      name,
      runs: list,
      seconds: median(list.map((one) => one.seconds)),
      cpu: median(list.map((one) => one.cpu)),
    };
  });
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
