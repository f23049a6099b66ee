import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { type Diagnostic, Refusal, type Result } from '../diagnostics/diagnostic.ts';
import { deeds, type Plan } from '../plan/plan.ts';
import { lateRecords, recordUnchanged } from './applied.ts';
import { carryOut } from './carry-out.ts';
import { each } from './each.ts';
import { earlierAnswers } from './earlier-answers.ts';
import { type EarlyLook, type EarlyQuestions, earlyQuestions } from './early-look.ts';
import { fleet } from './fleet.ts';
import { foresee } from './foresee.ts';
import { type FactProbe, type Hello, hello } from './hello.ts';
import type { CompiledJob, Job, Report, Site } from './job.ts';
import type { HostRun, RunOutcome } from './journal/entries.ts';
import { unfinishedFaults } from './journal/unfinished.ts';
import { lending, lentForMs } from './lend.ts';
import { lockWarnings } from './lock/faults.ts';
import { takeLeases } from './lock/leases.ts';
import { makePlan } from './make-plan.ts';
import { askHttp } from './observe.ts';
import type { Connection, Ports } from './ports.ts';
import { leftOutWarnings, noting, withBlocked, withoutSilent, withSilent } from './silent.ts';

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
  const silent = new Map<string, Diagnostic>();
  return withSilent(await oneRun(job, ports, confirm, stop, silent), silent);
}

/** The run; hosts that it goes on without are noted in `silent`. */
async function oneRun(
  job: Job,
  ports: Ports,
  confirm: (plan: Plan) => Promise<'go' | 'stop' | 'decline'>,
  stop: AbortSignal,
  silent: Map<string, Diagnostic>,
): Promise<Report> {
  const limit = pLimit(job.forks);
  const looking = lending(limit, lentForMs);
  const sites = new Map<string, Site>();
  const connections = fleet(job, ports, sites, silent, stop);
  const prover = {
    kinds: job.kinds,
    ports: { ...ports, via: connections.via, anew: connections.anew, answers: earlierAnswers() },
    rolling: job.rolling,
    stop,
  };
  try {
    const unreached = new Map<string, Diagnostic>();
    const early = new Map<string, EarlyLook>();
    const met = await each([...job.targets.keys()], looking, async (host) => {
      sites.set(host, await meet(job, host, ports, early, stop).catch(noting(host, unreached)));
    });
    const compiled = () => job.compile(new Map([...sites].map(([host, site]) => [host, site.hello.facts])));
    const onlySilent = unreached.size > 0 && sites.size > 0 && sites.size + unreached.size === job.targets.size;
    if (met.length > 0 && !(onlySilent && job.rolling.skipUnreachable)) {
      return refused(met, unreached, onlySilent, compiled);
    }
    for (const [host, fault] of unreached) silent.set(host, fault);
    const tellUnfinished = (isOver?: (run: HostRun) => boolean) => {
      for (const fault of unfinishedFaults(leftOpen(sites), isOver)) ports.tell({ type: 'fault', fault });
    };
    const desired = wanted(job, sites, compiled());
    if (!desired.ok) {
      tellUnfinished();
      return { outcome: 'bad-input', faults: desired.faults };
    }
    const { plays } = desired.value;
    for (const fault of [...(job.back ? desired.warnings : []), ...leftOutWarnings(plays, silent)]) {
      ports.tell({ type: 'fault', fault });
    }
    const made = await makePlan(job, withoutSilent(desired.value, silent), sites, looking, prover, early);
    const isDone = job.prune && made.faults.length === 0 && deeds(made.plan).length === 0;
    tellUnfinished(({ started }) => isDone && started.playbook === job.playbook);
    if (made.faults.length > 0) {
      const refusedByCheck = made.faults.every((fault) => fault.code === 'check-failed');
      return { outcome: refusedByCheck ? 'bad-input' : 'unfit', ...made };
    }
    const objections = job.object?.(made.plan) ?? [];
    if (objections.some(({ severity }) => severity === 'error')) {
      return { outcome: 'bad-input', plan: made.plan, faults: objections };
    }
    for (const fault of objections) ports.tell({ type: 'fault', fault });
    const unproved = await foresee(made.plan, prover);
    if (unproved.length > 0) return { outcome: 'unfit', plan: made.plan, faults: unproved };
    ports.tell({ type: 'planned', plan: made.plan });
    if (stop.aborted) return { outcome: 'declined', plan: made.plan, faults: [] };
    const changes = deeds(made.plan).length;
    const late = lateRecords(job, made, sites);
    const answer = changes + late.size === 0 ? 'stop' : await confirm(made.plan);
    if (answer === 'decline') return { outcome: 'declined', plan: made.plan, faults: [] };
    if (answer === 'stop') return { outcome: 'planned', plan: made.plan, faults: [] };
    const unchanged = () => recordUnchanged(job, late, sites, limit, ports.mark);
    if (changes === 0) {
      await unchanged();
      return { outcome: 'planned', plan: made.plan, faults: [] };
    }
    const leases = await takeLeases(job.run, touchedBy(made.plan, sites), ports.mark);
    if (!leases.ok) return { outcome: 'unfit', plan: made.plan, faults: leases.faults };
    const both = AbortSignal.any([stop, leases.value.lost]);
    setMaxListeners(0, both);
    let outcome: RunOutcome = 'failed';
    try {
      const worked = await carryOut(job, made, sites, limit, { ...prover, stop: both });
      const faults = [...leases.value.faults(), ...worked];
      if (faults.length === 0) await unchanged();
      outcome = stop.aborted ? 'interrupted' : faults.length > 0 ? 'failed' : 'done';
      return { outcome: faults.length > 0 ? 'failed' : 'done', plan: made.plan, faults };
    } finally {
      await leases.value.release(outcome);
    }
  } finally {
    await connections.close();
  }
}

/** What the hosts are to become: what was compiled, or the way back from it. */
function wanted(job: Job, sites: ReadonlyMap<string, Site>, compiled: Result<CompiledJob>): Result<CompiledJob> {
  if (!compiled.ok || job.back === undefined) return compiled;
  return job.back(compiled.value, new Map([...sites].map(([host, site]) => [host, site.hello.generations])));
}

/** The end of a run whose hosts did not all answer, or are not all fit. */
function refused(
  met: readonly Diagnostic[],
  unreached: ReadonlyMap<string, Diagnostic>,
  onlySilent: boolean,
  compiled: () => Result<CompiledJob>,
): Report {
  const known = unreached.size > 0 ? compiled() : undefined;
  const faults = met.map((fault) => withBlocked(fault, unreached, known?.ok ? known.value.plays : []));
  const skip = onlySilent ? ' Or leave the cells alone that have a member there: --skip-unreachable.' : '';
  return { outcome: 'unfit', faults: [...faults, ...untouched(met, skip)] };
}

/** The runs that did not come to their end, by host. */
function leftOpen(sites: ReadonlyMap<string, Site>): ReadonlyMap<string, HostRun> {
  const found = [...sites].flatMap(([host, { hello: said }]) =>
    said.unfinished ? [[host, said.unfinished] as const] : [],
  );
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The connections to the hosts on which the plan does something. */
function touchedBy(plan: Plan, sites: ReadonlyMap<string, Site>): ReadonlyMap<string, Connection> {
  const hosts = new Set(deeds(plan).map((item) => item.resource.host));
  return new Map([...hosts].map((host) => [host, sites.get(host)!.connection]));
}

/** Connects to a host and talks with it for the first time; what it says of the plan's questions goes to `early`. */
async function meet(
  job: Job,
  host: string,
  ports: Ports,
  early: Map<string, EarlyLook>,
  stop: AbortSignal,
): Promise<Site> {
  ports.tell({ type: 'connecting', host });
  const ready: { asking?: Asking | undefined } = {};
  const connection = await ports.transport.connect(job.targets.get(host)!, stop, () => {
    ready.asking = askingOf(job, host);
  });
  try {
    const from = ports.clock.now() / 1000;
    const { said, look } = await firstTalk(job, host, ready, connection, ports);
    early.set(host, look);
    const findings = job.preflight(host, said.facts, { from, to: ports.clock.now() / 1000 });
    if (findings.some((finding) => finding.severity === 'error')) throw new Refusal(findings);
    for (const fault of [...findings, ...lockWarnings(host, said.lock)]) ports.tell({ type: 'fault', fault });
    ports.tell({ type: 'connected', host });
    return { connection, hello: said };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What a host is asked at first. */
interface Asking {
  readonly facts: readonly FactProbe[];
  readonly early: EarlyQuestions;
}

function askingOf(job: Job, host: string): Asking {
  return {
    facts: job.factProbes(host),
    early: earlyQuestions(job.foreseen?.(host) ?? [], job.kinds, job.become(host)),
  };
}

/** The first conversation with a host, and what it says of the plan's questions. What it was asked is not kept until it answers. */
function firstTalk(
  job: Job,
  host: string,
  ready: { asking?: Asking | undefined },
  connection: Connection,
  ports: Ports,
): Promise<{ readonly said: Hello; readonly look: EarlyLook }> {
  const { facts, early } = ready.asking ?? askingOf(job, host);
  ready.asking = undefined;
  const { scripts, look } = early;
  const options = { become: job.become(host), mark: ports.mark(), generations: job.back !== undefined, early: scripts };
  const talk = hello(connection, host, facts, options);
  const looked = look(
    talk.then(({ answers }) => answers),
    (page) => askHttp(connection, page, ports),
  );
  return Promise.all([talk, looked]).then(([{ answers: _, ...said }, seen]) => ({ said, look: seen }));
}

function untouched(faults: readonly Diagnostic[], skip: string): readonly Diagnostic[] {
  const hosts = [...new Set(faults.flatMap((fault) => fault.host ?? []))];
  if (hosts.length === 0) return [];
  return [
    {
      code: 'nothing-touched',
      severity: 'warning',
      what: 'No host was touched.',
      why: 'hadeploy changes nothing unless every host of the run answers.',
      mend: `To go on without: --limit '${['all', ...hosts.map((host) => `!${host}`)].join(':')}'.${skip}`,
    },
  ];
}
