import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { visible } from '../diagnostics/visible.ts';
import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Moving, Proved } from '../resources/member.ts';
import type { Resource } from '../resources/resource.ts';
import type { Rolling } from './job.ts';
import { askHttp, observe } from './observe.ts';
import { type Patience, patience } from './patience.ts';
import type { Connection, Ports } from './ports.ts';

/** What proofs are asked with. */
export interface Prover {
  readonly kinds: ReadonlyMap<string, AnyKind>;
  readonly ports: Ports & { readonly via: NonNullable<Ports['via']> };
  readonly rolling: Rolling;
  readonly stop: AbortSignal;
}

/** A gate that does not hold, and why. */
interface Open {
  readonly gate: Resource;
  readonly why: string;
  /** Whether the answer says for certain that nothing is there. */
  readonly nobody?: boolean;
}

/**
 * Why a member may not change now: a fault for each other member of its cell that is not proved well, once every gate
 * had `share` times its own time. A member that does nothing at all has nothing to lose, and may.
 */
export async function proveOthers(
  prover: Prover,
  moving: Moving,
  share: number,
  others: readonly Proved[] = moving.others,
): Promise<readonly Diagnostic[]> {
  const { rolling } = prover;
  if (rolling.allowDegraded.has(moving.cell) || others.length === 0) return [];
  if (await isDead(prover, moving)) return [];
  // A member that stands apart may be what keeps the others from being one, and its change the cure.
  const apart = (await look(prover, moving.host, moving.together)).length > 0;
  const faults = await Promise.all(
    others.map(async (other) => {
      // One that is dead will not come back by itself; one that has just started may take its time.
      const dead = share < 1 && (await isDead(prover, other));
      const alone = share < 1 ? [] : other.coverage;
      const gates = [...other.proof, ...(apart ? [] : other.together), ...alone];
      const open = await waitFor(prover, moving.host, other, gates, dead ? 0 : share);
      return open === undefined ? [] : [notProved(moving, other, open)];
    }),
  );
  return faults.flat();
}

/** Which of these members belong to cells of which nothing is there; a member that does not answer well may be there. */
export async function lifeless(prover: Prover, members: readonly Moving[]): Promise<ReadonlySet<Moving>> {
  const known = new Map<string, Promise<boolean>>();
  const lives = (one: Proved) => {
    const key = JSON.stringify([one.host, one.cell, one.member]);
    const answer = known.get(key) ?? mayLive(prover, one);
    known.set(key, answer);
    return answer;
  };
  const found = await Promise.all(
    members.map(async (moving) => {
      const living = await Promise.all([moving, ...moving.others].map(lives));
      return living.includes(true) ? [] : [moving];
    }),
  );
  return new Set(found.flat());
}

/** Waits until a member that has changed is well again; rejects with what does not come true. */
export async function proveItself(prover: Prover, moving: Moving): Promise<void> {
  const open = await waitFor(prover, moving.host, moving, await ownGates(prover, moving), 1);
  if (open !== undefined) throw new Refusal([notWell(moving, open)]);
}

/** Whether a member is well now. */
export async function isWell(prover: Prover, moving: Moving): Promise<boolean> {
  return (await look(prover, moving.host, await ownGates(prover, moving))).length === 0;
}

/** The gates that prove a member itself: those of all members together only while the others do anything. */
async function ownGates(prover: Prover, moving: Moving): Promise<readonly Resource[]> {
  const dead = await Promise.all(moving.others.map((other) => isDead(prover, other)));
  const alone = dead.includes(true) || prover.rolling.allowDegraded.has(moving.cell);
  return alone ? moving.proof : [...moving.proof, ...moving.together];
}

/** The first gate of a proof tells whether a member does anything at all. */
async function isDead(prover: Prover, member: Proved): Promise<boolean> {
  return (await firstGate(prover, member)) !== undefined;
}

/** Only a sure answer that nothing is there counts as one; whoever does not answer well may still be doing something. */
async function mayLive(prover: Prover, member: Proved): Promise<boolean> {
  return (await firstGate(prover, member))?.nobody !== true;
}

async function firstGate(prover: Prover, { host, proof }: Proved): Promise<Open | undefined> {
  return (await look(prover, host, proof.slice(0, 1)))[0];
}

/** The first gate that did not come true in time; undefined once all of them hold at the same look. */
async function waitFor(
  prover: Prover,
  waiting: string,
  { member, host }: Proved,
  gates: readonly Resource[],
  share: number,
): Promise<Open | undefined> {
  const { clock } = prover.ports;
  const times = new Map(gates.map((gate) => [gate, timeOf(prover, host, gate, share)]));
  for (;;) {
    const open = await look(prover, host, gates);
    if (open.length === 0) return undefined;
    const over = await Promise.all(open.map(({ gate }) => times.get(gate)!.isOver()));
    const late = open.find((_, index) => over[index]);
    if (late !== undefined || prover.stop.aborted) return late ?? open[0]!;
    const { gate, why } = open[0]!;
    prover.ports.tell({
      type: 'proving',
      host: waiting,
      member,
      gate: gate.task.name,
      last: gate.noLog ? '(hidden by no_log)' : why,
    });
    await clock.sleep(1000, prover.stop);
  }
}

/** The gates that do not hold now. */
async function look({ kinds, ports }: Prover, host: string, gates: readonly Resource[]): Promise<readonly Open[]> {
  if (gates.length === 0) return [];
  const connection = await ports.via(host);
  if (connection === undefined || 'what' in connection) {
    return gates.map((gate) => ({ gate, why: connection?.what ?? `${host} was not reached.` }));
  }
  try {
    return await ask(connection, host, gates, kinds, ports);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return gates.map((gate) => ({ gate, why: error.diagnostics[0]!.what }));
  }
}

async function ask(
  connection: Connection,
  host: string,
  gates: readonly Resource[],
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
): Promise<readonly Open[]> {
  const observed = await observe(connection, host, gates, kinds, ports);
  return gates.flatMap((gate) => {
    const kind = kinds.get(gate.kind)!;
    const change = kind.diff(gate.spec, observed.get(gate), { disturbed: false });
    if (change.action === 'none') return [];
    const nobody = kind.nobody?.(observed.get(gate)) === true;
    return [{ gate, why: isDeed(change) ? change.cause : change.what, nobody }];
  });
}

function timeOf({ kinds, ports }: Prover, host: string, gate: Resource, share: number): Patience {
  const steps = kinds.get(gate.kind)!.apply(gate.spec, { action: 'await', cause: '', fields: [] }, undefined);
  const step = steps.find((one) => one.do === 'await')!;
  return patience(step, share, ports.clock, async (question) => {
    const connection = await ports.via(host);
    const lost = connection === undefined || 'what' in connection;
    return lost ? { status: undefined, error: 'not reached' } : askHttp(connection, question, ports);
  });
}

/** A member that does something by now, so that those of its cell cannot be made at once. */
export function cameToLife({ member, cell, host, proof }: Proved): Diagnostic {
  return {
    code: 'stale-plan',
    severity: 'error',
    what: `${member} on ${host} was to be made at once with all of ${cell}, of which nothing was there when the plan was made.`,
    at: proof[0]!.task.at,
    host,
    step: proof[0]!.task.name,
    why: 'Something of it is there by now, or does not say that nothing is.',
    mend: 'Run the same command again: it makes a new plan, in which one member changes after the other.',
  };
}

function notProved(moving: Moving, other: Proved, { gate, why }: Open): Diagnostic {
  return {
    code: 'peer-not-proved',
    severity: 'error',
    what: `${moving.member} on ${moving.host} may not change: ${other.member} on ${other.host} is not proved well.`,
    at: gate.task.at,
    host: other.host,
    step: gate.task.name,
    why: `${visible(why)}. While a member of ${moving.cell} changes, the others do its work.`,
    mend: `Mend ${other.member} first (perhaps with --limit ${other.host}), or accept the risk: --allow-degraded ${moving.cell}.`,
  };
}

function notWell(moving: Moving, { gate, why }: Open): Diagnostic {
  return {
    code: 'member-not-well',
    severity: 'error',
    what: `${moving.member} on ${moving.host} is not well after its change: "${gate.task.name}" did not come true.`,
    at: gate.task.at,
    host: moving.host,
    step: gate.task.name,
    why: visible(why),
    mend: 'Read the logs of the service on the host, mend the cause, then run the same command again.',
  };
}
