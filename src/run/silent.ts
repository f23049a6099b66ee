import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import type { Moving } from '../resources/member.ts';
import type { CompiledJob, JobPlay, Report } from './job.ts';

// A host that answers and refuses us, or is not what it was, is no silent one.
const silences = new Set([
  'host-not-found',
  'host-unreachable',
  'connection-refused',
  'connection-cut',
  'connection-lost',
  'connect-timeout',
  'host-timeout',
]);

/**
 * What notes why a host cannot be reached and rejects as before; a fault of the way there that hosts share, as a jump
 * host is, may name another of them.
 */
export function noting(host: string, unreached: Map<string, Diagnostic>): (error: unknown) => never {
  return (error) => {
    const silence = error instanceof Refusal && error.diagnostics.every(({ code }) => silences.has(code));
    if (silence) unreached.set(host, error.diagnostics[0]!);
    throw error;
  };
}

/** The fault, saying which cells cannot change as long as the hosts are silent that it keeps from answering. */
export function withBlocked(
  fault: Diagnostic,
  unreached: ReadonlyMap<string, Diagnostic>,
  plays: readonly JobPlay[],
): Diagnostic {
  const cells = [...blockedCells(plays, (host) => unreached.get(host) === fault)];
  if (cells.length === 0) return fault;
  const named = cells.map(([cell, members]) => `${cell} (${[...members.keys()].join(', ')})`).join(', ');
  return { ...fault, state: `Meanwhile no member can change of cells that have one there: ${named}.` };
}

/** For whoever is asked to agree: which hosts a run goes on without, and which steps that takes out of its plan. */
export function leftOutWarnings(
  plays: readonly JobPlay[],
  silent: ReadonlyMap<string, Diagnostic>,
): readonly Diagnostic[] {
  const hosts = [...silent].map(
    ([host, { what }]): Diagnostic => ({
      code: 'host-left-out',
      severity: 'warning',
      host,
      what: `This run goes on without ${host}.`,
      why: what,
    }),
  );
  const cells = [...blockedCells(plays, (host) => silent.has(host))].map(([cell, members]): Diagnostic => {
    const steps = plays.flatMap((play) => {
      const mine = [...(play.moving ?? [])].filter(([, moving]) => moving.cell === cell);
      return mine.map(([host]) => `"${play.name}" on ${host}`);
    });
    return {
      code: 'cell-blocked',
      severity: 'warning',
      what: `${cell} is left alone: ${[...members].map(([member, host]) => `${member} lives on ${host}`).join(', ')}.`,
      why: 'While a member changes the others do its work, and whether they do cannot be seen on a silent host.',
      state: `Taken out of the plan: ${steps.join(', ')}.`,
      mend: 'See that the host is up, then run the same command again.',
    };
  });
  return [...hosts, ...cells];
}

/** What remains to be done without the silent hosts and without any step of a cell that has a member there. */
export function withoutSilent(compiled: CompiledJob, silent: ReadonlyMap<string, Diagnostic>): CompiledJob {
  if (silent.size === 0) return compiled;
  const cells = blockedCells(compiled.plays, (host) => silent.has(host));
  const isLeftAlone = (moving: Moving | undefined) => moving !== undefined && cells.has(moving.cell);
  const plays = compiled.plays.map((play): JobPlay => {
    const stays = (host: string) => !silent.has(host) && !isLeftAlone(play.moving?.get(host));
    const only = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([host]) => stays(host)));
    return {
      ...play,
      batches: play.batches.map((batch) => batch.filter(stays)).filter((batch) => batch.length > 0),
      resources: only(play.resources),
      handlers: only(play.handlers),
      ...(play.drain && { drain: only(play.drain) }),
      ...(play.moving && { moving: only(play.moving) }),
    };
  });
  const neighbours = compiled.plays.flatMap((play) =>
    [...(play.moving ?? [])].filter(([, moving]) => isLeftAlone(moving)).map(([host]) => host),
  );
  return { ...compiled, plays, spared: new Set(neighbours) };
}

/** The report with the fault of each host that the run went on without: such a run is no success. */
export function withSilent(report: Report, silent: ReadonlyMap<string, Diagnostic>): Report {
  if (silent.size === 0) return report;
  const worked = report.outcome === 'done' || report.outcome === 'failed';
  const state = worked ? 'was left out of this run' : 'would be left out of this run';
  const faults = [...silent].map(([host, fault]) => ({ ...fault, host, state: `${host} ${state}.` }));
  const outcome = { planned: 'unfit', done: 'failed' } as const;
  return {
    ...report,
    outcome: report.outcome === 'planned' || report.outcome === 'done' ? outcome[report.outcome] : report.outcome,
    faults: [...report.faults, ...faults],
  };
}

/** The cells with a member on such hosts: by cell, those members with their hosts. */
function blockedCells(
  plays: readonly JobPlay[],
  isSilent: (host: string) => boolean,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const all = plays.flatMap((play) => [...(play.moving?.values() ?? [])].flatMap((one) => [one, ...one.others]));
  const found = new Map<string, Map<string, string>>();
  for (const { cell, member, host } of all) {
    if (isSilent(host)) found.set(cell, (found.get(cell) ?? new Map<string, string>()).set(member, host));
  }
  return found;
}
