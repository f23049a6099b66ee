import pLimit from 'p-limit';
import { type Diagnostic, Refusal, type Result } from '../diagnostics/diagnostic.ts';
import {
  nextOwnership,
  type Ownership,
  orphans,
  ownershipPath,
  ownershipText,
  withoutHandlers,
} from '../plan/ownership.ts';
import { blocked, deeds, type HostPlay, type Item, type Plan, planHost } from '../plan/plan.ts';
import { sh } from '../posix/script.ts';
import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import { checkItems } from './check.ts';
import { executeHost } from './execute.ts';
import { type FactProbe, type Hello, hello } from './hello.ts';
import { observe } from './observe.ts';
import type { Connection, Ports, Target } from './ports.ts';
import type { HostStep } from './step-script.ts';

/** A play as the runner needs it. */
export interface JobPlay {
  readonly name: string;
  readonly batches: readonly (readonly string[])[];
  readonly resources: ReadonlyMap<string, HostPlay['resources']>;
  readonly handlers: ReadonlyMap<string, HostPlay['handlers']>;
}

/** Everything that is desired, per play and host. */
export interface CompiledJob {
  readonly plays: readonly JobPlay[];
  /** Ids of everything declared per host, whatever `--tags` selects. */
  readonly declared: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is to be deployed, compiled as far as it can be before the hosts were asked. */
export interface Job {
  /** Name under which hosts remember what this playbook made. */
  readonly playbook: string;
  readonly targets: ReadonlyMap<string, Target>;
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** Whether anything on the host needs root. */
  readonly become: (host: string) => boolean;
  readonly factProbes: (host: string) => readonly FactProbe[];
  /**
   * What is wrong with a host as far as its facts tell; an error there stops the run before anything is touched. `asked`
   * is the time here before and after the question, in seconds.
   */
  readonly preflight: (
    host: string,
    facts: Hello['facts'],
    asked: { readonly from: number; readonly to: number },
  ) => readonly Diagnostic[];
  /** Compiles with the hosts' facts. */
  readonly compile: (facts: ReadonlyMap<string, Hello['facts']>) => Result<CompiledJob>;
  /** Whether to remove what is no longer declared; a run of some tags leaves it alone. */
  readonly prune: boolean;
  /** How many hosts are worked on at once. */
  readonly forks: number;
}

/**
 * How a run ended. Nothing was touched when the outcome is `planned`, `declined`, `bad-input` (the project is to be
 * mended) or `unfit` (a host is).
 */
export interface Report {
  readonly outcome: 'planned' | 'declined' | 'bad-input' | 'unfit' | 'done' | 'failed';
  readonly plan?: Plan;
  readonly faults: readonly Diagnostic[];
}

interface Site {
  readonly connection: Connection;
  readonly hello: Hello;
}

/**
 * One run: hello, probe, plan; then, unless `confirm` stops it there, batch by batch. A dry run is this same function
 * whose `confirm` answers 'stop'. Host failures end up in the report; only our own bugs reject.
 */
export async function deploy(
  job: Job,
  ports: Ports,
  confirm: (plan: Plan) => Promise<'go' | 'stop' | 'decline'>,
  stop: AbortSignal,
): Promise<Report> {
  const limit = pLimit(job.forks);
  const sites = new Map<string, Site>();
  try {
    const met = await each([...job.targets.keys()], limit, async (host) => {
      sites.set(host, await meet(job, host, ports, stop));
    });
    if (met.length > 0) return { outcome: 'unfit', faults: [...met, ...untouched(met)] };
    const compiled = job.compile(new Map([...sites].map(([host, site]) => [host, site.hello.facts])));
    if (!compiled.ok) return { outcome: 'bad-input', faults: compiled.faults };
    const made = await makePlan(job, compiled.value, sites, limit, ports);
    if (made.faults.length > 0) {
      const refusedByCheck = made.faults.every((fault) => fault.code === 'check-failed');
      return { outcome: refusedByCheck ? 'bad-input' : 'unfit', ...made };
    }
    ports.tell({ type: 'planned', plan: made.plan });
    if (stop.aborted) return { outcome: 'declined', plan: made.plan, faults: [] };
    const answer = deeds(made.plan).length === 0 ? 'stop' : await confirm(made.plan);
    if (answer === 'decline') return { outcome: 'declined', plan: made.plan, faults: [] };
    if (answer === 'stop') return { outcome: 'planned', plan: made.plan, faults: [] };
    const faults = await carryOut(job, made, sites, limit, ports, stop);
    return { outcome: faults.length > 0 ? 'failed' : 'done', plan: made.plan, faults };
  } finally {
    await Promise.all([...sites.values()].map((site) => site.connection.close()));
  }
}

async function meet(job: Job, host: string, ports: Ports, stop: AbortSignal): Promise<Site> {
  ports.tell({ type: 'connecting', host });
  const connection = await ports.transport.connect(job.targets.get(host)!, stop);
  try {
    const options = { become: job.become(host), mark: ports.mark() };
    const from = ports.clock.now() / 1000;
    const said = await hello(connection, host, job.factProbes(host), options);
    const findings = job.preflight(host, said.facts, { from, to: ports.clock.now() / 1000 });
    if (findings.some((finding) => finding.severity === 'error')) throw new Refusal(findings);
    for (const fault of findings) ports.tell({ type: 'fault', fault });
    ports.tell({ type: 'connected', host });
    return { connection, hello: said };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

interface MadePlan {
  readonly plan: Plan;
  readonly orphans: ReadonlyMap<string, readonly Resource[]>;
  readonly faults: readonly Diagnostic[];
}

async function makePlan(
  job: Job,
  compiled: CompiledJob,
  sites: ReadonlyMap<string, Site>,
  limit: ReturnType<typeof pLimit>,
  ports: Ports,
): Promise<MadePlan> {
  const planned = compiled.plays.map((play) => ({ ...play, items: new Map<string, readonly Item[]>() }));
  const orphaned = new Map<string, readonly Resource[]>();
  const faults = await each([...sites.keys()], limit, async (host) => {
    const site = sites.get(host)!;
    const declared = compiled.declared.get(host) ?? new Set<string>();
    const gone = job.prune ? orphans(site.hello.ownership, job.playbook, host, declared, job.kinds) : [];
    orphaned.set(host, gone);
    const mine = planned.filter((play) => play.resources.has(host));
    const plays = mine.map((play, index) => ({
      resources: [...play.resources.get(host)!, ...(index === mine.length - 1 ? gone : [])],
      handlers: play.handlers.get(host) ?? [],
    }));
    const all = plays.flatMap((play) => [...play.resources, ...play.handlers.map((handler) => handler.resource)]);
    const observed = await observe(site.connection, host, all, job.kinds, ports);
    const items = planHost(plays, observed, job.kinds, site.hello.ownership.get(job.playbook)?.pending);
    for (const [index, play] of mine.entries()) play.items.set(host, items[index]!);
    await checkItems(site.connection, host, items.flat(), observed, job.kinds, ports);
    ports.tell({ type: 'looked', host });
  });
  const plan = {
    plays: planned.map(({ name, batches, items }) => ({ name, batches, items: inOrder(batches, items) })),
  };
  return { plan, orphans: orphaned, faults: [...faults, ...blocked(plan)] };
}

/** Hosts answer in any order; the plan lists them in the order of its batches. */
function inOrder<T>(batches: readonly (readonly string[])[], items: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map(batches.flat().flatMap((host) => (items.has(host) ? [[host, items.get(host)!] as const] : [])));
}

/** Batch by batch; the first batch with a failed host is the last. */
async function carryOut(
  job: Job,
  { plan, orphans: orphaned }: MadePlan,
  sites: ReadonlyMap<string, Site>,
  limit: ReturnType<typeof pLimit>,
  ports: Ports,
  stop: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const touched = new Set<string>();
  const recorded = new Map<string, Ownership>();
  for (const play of plan.plays) {
    const busy = play.batches
      .map((batch) => batch.filter((host) => play.items.get(host)!.some((item) => isDeed(item.change))))
      .filter((batch) => batch.length > 0);
    for (const [index, batch] of busy.entries()) {
      ports.tell({ type: 'batch', play: play.name, index, count: busy.length, hosts: batch });
      const faults = await each(batch, limit, async (host) => {
        const site = sites.get(host)!;
        const all = plan.plays.flatMap((one) => one.items.get(host) ?? []);
        const removed = orphaned.get(host)!;
        const record = nextOwnership(site.hello.ownership, job.playbook, all, removed, job.kinds);
        const isLast = plan.plays.findLast((one) => one.items.get(host)?.some((item) => isDeed(item.change))) === play;
        const items = play.items.get(host)!;
        const during = recorded.get(host) ?? record.during;
        const next = isLast ? record.after : withoutHandlers(during, job.playbook, items);
        try {
          await executeHost(
            {
              host,
              connection: site.connection,
              items,
              touched: touched.has(host),
              before: touched.has(host) ? [] : recordSteps(site.hello.ownership, record.during),
              after: recordSteps(during, next),
            },
            job.kinds,
            ports,
            stop,
          );
          recorded.set(host, next);
          ports.tell({ type: 'host-ended', host, play: play.name, failed: false });
        } catch (error) {
          ports.tell({ type: 'host-ended', host, play: play.name, failed: true });
          throw error;
        } finally {
          touched.add(host);
        }
      });
      if (faults.length > 0 || stop.aborted) {
        const rest = plan.plays.flatMap((one) => deedHosts(one)).filter((host) => !touched.has(host));
        return withRest(faults.length > 0 ? faults : [stoppedFault(touched)], [...new Set(rest)]);
      }
    }
  }
  return [];
}

function stoppedFault(touched: ReadonlySet<string>): Diagnostic {
  return {
    code: 'interrupted',
    severity: 'error',
    what: 'The run was interrupted between two batches.',
    state: `Finished: ${[...touched].join(', ')}.`,
    mend: 'Run the same command again: finished work is not repeated.',
  };
}

function deedHosts(play: Plan['plays'][number]): readonly string[] {
  return [...play.items].filter(([, items]) => items.some((item) => isDeed(item.change))).map(([host]) => host);
}

/** Adds to each fault which hosts were not touched at all. */
function withRest(faults: readonly Diagnostic[], untouchedHosts: readonly string[]): readonly Diagnostic[] {
  if (untouchedHosts.length === 0) return faults;
  const rest = `Not touched: ${untouchedHosts.join(', ')}.`;
  return faults.map((fault) => ({ ...fault, state: [fault.state, rest].filter(Boolean).join(' ') }));
}

function recordSteps(from: Ownership, to: Ownership): readonly HostStep[] {
  const [before, after] = [ownershipText(from), ownershipText(to)];
  if (before === after) return [];
  const folder = ownershipPath.slice(0, ownershipPath.lastIndexOf('/'));
  return [
    { do: 'run', what: `make ${folder}`, script: sh`mkdir -p -m 0755 -- ${folder}` },
    { do: 'write', path: ownershipPath, content: after, mode: '0644', owner: 'root:root' },
  ];
}

/** Runs the work on each host within the limit; all faults of all hosts, in the order of the hosts. */
async function each(
  hosts: readonly string[],
  limit: ReturnType<typeof pLimit>,
  work: (host: string) => Promise<void>,
): Promise<readonly Diagnostic[]> {
  const faults = await Promise.all(
    hosts.map((host) =>
      limit(async () => {
        try {
          await work(host);
          return [];
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          return error.diagnostics;
        }
      }),
    ),
  );
  return faults.flat();
}

function untouched(faults: readonly Diagnostic[]): readonly Diagnostic[] {
  const hosts = [...new Set(faults.flatMap((fault) => fault.host ?? []))];
  if (hosts.length === 0) return [];
  return [
    {
      code: 'nothing-touched',
      severity: 'warning',
      what: 'No host was touched.',
      why: 'hadeploy changes nothing unless every host of the run answers.',
      mend: `To go on without: --limit '${['all', ...hosts.map((host) => `!${host}`)].join(':')}'.`,
    },
  ];
}
