import pLimit from 'p-limit';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { deeds, type Plan } from '../plan/plan.ts';
import { carryOut } from './carry-out.ts';
import { each } from './each.ts';
import { fleet } from './fleet.ts';
import { foresee } from './foresee.ts';
import { hello } from './hello.ts';
import type { Job, Report, Site } from './job.ts';
import type { HostRun, RunOutcome } from './journal/entries.ts';
import { unfinishedFaults } from './journal/unfinished.ts';
import { lockWarnings } from './lock/faults.ts';
import { takeLeases } from './lock/leases.ts';
import { makePlan } from './make-plan.ts';
import type { Connection, Ports } from './ports.ts';

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
  const connections = fleet(job, ports, sites, stop);
  const prover = { kinds: job.kinds, ports: { ...ports, via: connections.via }, rolling: job.rolling, stop };
  try {
    const met = await each([...job.targets.keys()], limit, async (host) => {
      sites.set(host, await meet(job, host, ports, stop));
    });
    if (met.length > 0) return { outcome: 'unfit', faults: [...met, ...untouched(met)] };
    for (const fault of unfinishedFaults(leftOpen(sites))) ports.tell({ type: 'fault', fault });
    const compiled = job.compile(new Map([...sites].map(([host, site]) => [host, site.hello.facts])));
    if (!compiled.ok) return { outcome: 'bad-input', faults: compiled.faults };
    const kept = new Map([...sites].map(([host, site]) => [host, site.hello.generations]));
    const desired = job.back?.(compiled.value, kept) ?? compiled;
    if (!desired.ok) return { outcome: 'bad-input', faults: desired.faults };
    for (const fault of job.back ? desired.warnings : []) ports.tell({ type: 'fault', fault });
    const made = await makePlan(job, desired.value, sites, limit, prover.ports);
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
    const answer = deeds(made.plan).length === 0 ? 'stop' : await confirm(made.plan);
    if (answer === 'decline') return { outcome: 'declined', plan: made.plan, faults: [] };
    if (answer === 'stop') return { outcome: 'planned', plan: made.plan, faults: [] };
    const leases = await takeLeases(job.run, touchedBy(made.plan, sites), ports.mark);
    if (!leases.ok) return { outcome: 'unfit', plan: made.plan, faults: leases.faults };
    const both = AbortSignal.any([stop, leases.value.lost]);
    let outcome: RunOutcome = 'failed';
    try {
      const worked = await carryOut(job, made, sites, limit, { ...prover, stop: both });
      const faults = [...leases.value.faults(), ...worked];
      outcome = stop.aborted ? 'interrupted' : faults.length > 0 ? 'failed' : 'done';
      return { outcome: faults.length > 0 ? 'failed' : 'done', plan: made.plan, faults };
    } finally {
      await leases.value.release(outcome);
    }
  } finally {
    await connections.close();
  }
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

async function meet(job: Job, host: string, ports: Ports, stop: AbortSignal): Promise<Site> {
  ports.tell({ type: 'connecting', host });
  const connection = await ports.transport.connect(job.targets.get(host)!, stop);
  try {
    const options = { become: job.become(host), mark: ports.mark(), generations: job.back !== undefined };
    const from = ports.clock.now() / 1000;
    const said = await hello(connection, host, job.factProbes(host), options);
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
