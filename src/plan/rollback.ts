import type { Diagnostic, Result } from '../diagnostics/diagnostic.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import { type Formerly, type Generation, generationsKept } from './generation.ts';
import type { HostPlay } from './plan.ts';

/** A play, as far as going back concerns it. */
export interface PlayOfHosts {
  readonly resources: ReadonlyMap<string, HostPlay['resources']>;
}

/** What a host was right after a run: for each thing that later runs changed, what it was before the first of them. */
export function formerlyAfter(generations: readonly Generation[], playbook: string, to: string): readonly Formerly[] {
  const later = generations.filter((one) => one.playbook === playbook && one.run > to);
  const inOrder = [...later].sort((a, b) => (a.run < b.run ? -1 : 1));
  const first = new Map<string, Formerly>();
  for (const entry of inOrder.flatMap(({ entries }) => entries)) if (!first.has(entry.id)) first.set(entry.id, entry);
  return [...first.values()];
}

/**
 * After which run a rollback leaves the hosts: the one asked for, or the one before the last (`''` where there is none
 * before it). A fault where nothing is kept to go back to it.
 */
export function rollbackTarget(
  generations: ReadonlyMap<string, readonly Generation[]>,
  playbook: string,
  to: string | undefined,
): Result<string> {
  const mine = [...generations.values()].flat().filter((one) => one.playbook === playbook && leadsBack(one));
  const runs = [...new Set(mine.map(({ run }) => run))].sort();
  if (runs.length === 0) return refused('nothing-kept', 'No run is kept on these hosts to go back from.', runs);
  if (to === undefined) return { ok: true, value: runs.at(-2) ?? '', warnings: [] };
  if (!runs.includes(to)) return refused('unknown-run', `No host keeps a run "${to}".`, runs);
  const short = [...generations].filter(
    ([, kept]) => kept.length >= generationsKept && kept.every(({ run }) => run > to),
  );
  if (short.length === 0) return { ok: true, value: to, warnings: [] };
  const hosts = short.map(([host]) => host).join(', ');
  return refused('run-too-old', `${hosts} keeps only later runs than "${to}", so what it was then is not known.`, runs);
}

/** Whether anything of what a run changed can be put back. */
function leadsBack({ entries }: Generation): boolean {
  return entries.some(({ former }) => 'spec' in former);
}

/** The plays of a playbook with what later runs changed put back, last things first, each with the gates it has. */
export function rollbackPlays<P extends PlayOfHosts>(
  plays: readonly P[],
  former: ReadonlyMap<string, readonly Formerly[]>,
  isGate: (resource: Resource) => boolean,
  playbook: string,
  partOf: (resource: Resource) => ReturnType<NonNullable<AnyKind['part']>> = () => undefined,
): { readonly plays: readonly P[]; readonly unplayed: readonly string[] } {
  const last = new Map<string, P>();
  for (const play of plays) for (const host of play.resources.keys()) last.set(host, play);
  const declared = new Map<string, Set<string>>();
  for (const play of plays)
    for (const [host, resources] of play.resources)
      declared.set(
        host,
        new Set([...(declared.get(host) ?? []), ...resources.map((one) => partOf(one)?.of ?? one.id)]),
      );
  const reworked = plays.map((play) => {
    const resources = [...play.resources].map(([host, mine]): readonly [string, readonly Resource[]] => {
      const entries = new Map((former.get(host) ?? []).map((entry) => [entry.id, entry]));
      const kept = mine.flatMap((resource) => {
        const part = partOf(resource);
        return spec(entries.get(part?.of ?? resource.id), resource, part?.to);
      });
      const gone =
        play === last.get(host) ? [...entries.values()].filter(({ id }) => !declared.get(host)!.has(id)) : [];
      const back = [...kept, ...gone.flatMap((entry) => spec(entry, undeclared(host, entry, playbook)))].reverse();
      return [host, back.length === 0 ? [] : [...back, ...mine.filter(isGate)]];
    });
    return { ...play, resources: new Map(resources) };
  });
  return {
    plays: reworked,
    unplayed: [...former.keys()].filter((host) => former.get(host)!.length > 0 && !last.has(host)),
  };
}

function spec(
  entry: Formerly | undefined,
  resource: Resource,
  part: (whole: unknown) => unknown = (whole) => whole,
): readonly Resource[] {
  if (entry === undefined || !('spec' in entry.former)) return [];
  const wanted = part(entry.former.spec);
  return wanted === undefined ? [] : [{ ...resource, spec: wanted }];
}

function undeclared(host: string, entry: Formerly, playbook: string): Resource {
  const { kind, id, become, noLog, notify } = entry;
  const task = { name: entry.task, at: { file: playbook, line: 1, col: 1 }, tags: [] };
  return { host, kind, id, spec: undefined, task, become, notify, noLog };
}

/** What a rollback leaves as it is, or does not bring back exactly: a warning each, before anything is done. */
export function rollbackWarnings(former: ReadonlyMap<string, readonly Formerly[]>): readonly Diagnostic[] {
  return [...former].flatMap(([host, entries]) =>
    entries.flatMap((entry): readonly Diagnostic[] => {
      const why = 'lost' in entry.former ? entry.former.lost : entry.former.except;
      if (why === undefined) return [];
      const lost = 'lost' in entry.former;
      const name = entry.noLog ? `${entry.kind} "${entry.task}"` : entry.id;
      return [
        {
          code: lost ? 'not-put-back' : 'not-exactly-back',
          severity: 'warning',
          host,
          what: lost ? `${name} stays as it is.` : `${name} does not come back exactly.`,
          why,
          step: entry.task,
        },
      ];
    }),
  );
}

function refused(code: string, what: string, runs: readonly string[]): Result<string> {
  const mend = runs.length > 0 ? `Kept are: ${runs.join(', ')}.` : 'Run `hadeploy apply` with the inventory as it was.';
  return { ok: false, faults: [{ code, severity: 'error', what, mend }] };
}
