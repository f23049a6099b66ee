import { Refusal } from '../diagnostics/diagnostic.ts';
import type { Item } from '../plan/plan.ts';
import { sh } from '../posix/script.ts';
import { judge } from '../resources/http-judge.ts';
import type { Step } from '../resources/step.ts';
import { heard } from './confirm.ts';
import { lostFault } from './conversation.ts';
import { delegated } from './delegated.ts';
import type { Trace } from './execute.ts';
import { gateFault, interruptedFault, lostState, place, state, stepFault } from './faults.ts';
import type { HostWork, Move } from './host-work.ts';
import { journaled, note } from './journal/watch.ts';
import { leaseLostFault } from './lock/faults.ts';
import { fence } from './lock/lease-script.ts';
import { askHttp } from './observe.ts';
import { patience } from './patience.ts';
import type { Ports } from './ports.ts';
import { type HostStep, stepsReader, stepsScript } from './step-script.ts';

/** Does the moves in order, noting the items begun; host steps that follow each other travel as one conversation. */
export async function move(
  work: HostWork,
  moves: readonly Move[],
  ports: Ports,
  stop: AbortSignal,
  trace: Pick<Trace, 'begun' | 'unconfirmed'>,
): Promise<void> {
  const { begun } = trace;
  const done: Item[] = [];
  let index = 0;
  while (index < moves.length) {
    const first = moves[index]!;
    if (first.step.do === 'confirm') {
      await confirm(work, first, first.step, { done, ...trace }, ports);
      index += 1;
      continue;
    }
    if (stop.aborted) throw new Refusal([interruptedFault(work, done)]);
    if (first.step.do === 'await') {
      if (first.item) begun.add(first.item);
      if (first.item) ports.tell({ type: 'item-started', host: work.host, item: first.item });
      await awaitAnswer(work, first.item!, first.step, ports, stop, done);
      await note(work, [first], [0]);
      if (first.last) finish(work, first.item, done, ports);
      index += 1;
      continue;
    }
    const delegate = first.item?.resource.delegate;
    if (delegate) {
      begun.add(first.item);
      ports.tell({ type: 'item-started', host: work.host, item: first.item });
      const worked = await delegated(work, { ...first, item: first.item }, delegate, ports, done).catch((error) => {
        ports.tell({ type: 'item-ended', host: work.host, item: first.item!, outcome: 'failed' });
        throw error;
      });
      await note(work, [first], [worked ? 0 : 1]);
      if (worked) finish(work, first.item, done, ports);
      else ports.tell({ type: 'item-ended', host: work.host, item: first.item, outcome: 'failed' });
      index += 1;
      continue;
    }
    const become = first.item?.resource.become ?? true;
    let end = index;
    while (
      end < moves.length &&
      !waits(moves[end]!.step) &&
      moves[end]!.item?.resource.delegate === undefined &&
      (moves[end]!.item?.resource.become ?? become) === become
    ) {
      end += 1;
    }
    const next = moves[end];
    if (next?.step.do === 'confirm') trace.unconfirmed.set(next.item!, next.step.withinS);
    await converse(work, moves.slice(index, end), become, { done, begun }, ports, stop);
    index = end;
  }
}

/** Lets everyone be heard who is to confirm a change, and makes it stay by a conversation over the new connection. */
async function confirm(
  work: HostWork,
  { item, last }: Move,
  step: Extract<Step, { readonly do: 'confirm' }>,
  { done, begun, unconfirmed }: Pick<Trace, 'begun' | 'unconfirmed'> & { readonly done: Item[] },
  ports: Ports,
): Promise<void> {
  const fresh = await heard(work, item!, step, ports, done);
  const { what, script } = step;
  try {
    // Whoever stops the run now stops it after this.
    const goOn = new AbortController().signal;
    const moves: readonly Move[] = [{ item, step: { do: 'run', what, script }, last }];
    await converse({ ...work, connection: fresh }, moves, item!.resource.become, { done, begun }, ports, goOn);
    unconfirmed.delete(item!);
  } finally {
    await fresh.close();
  }
}

function waits(step: Step): boolean {
  return step.do === 'await' || step.do === 'confirm';
}

async function converse(
  work: HostWork,
  moves: readonly Move[],
  become: boolean,
  { done, begun }: { readonly done: Item[]; readonly begun: Set<Item> },
  ports: Ports,
  stop: AbortSignal,
): Promise<void> {
  const steps = moves.map((one) => one.step as HostStep);
  const mark = ports.mark();
  const timeoutS = steps.reduce((sum, step) => sum + ((step.do === 'run' ? step.timeoutS : undefined) ?? 300), 0);
  let pid: number | undefined;
  let ended = 0;
  let failure: { readonly code: number; readonly output: string } | undefined;
  let refused = false;
  const codes: number[] = [];
  const start = () => {
    const item = moves[ended]?.item;
    if (item === undefined || begun.has(item)) return;
    begun.add(item);
    ports.tell({ type: 'item-started', host: work.host, item });
  };
  const halt = () => {
    if (pid !== undefined) void work.connection.exec(sh`kill -TERM ${pid}`, { become, timeoutS: 10 });
  };
  const onLine = stepsReader(mark, (event) => {
    if (event.pid !== undefined) {
      pid = event.pid;
      if (stop.aborted) halt();
      start();
    }
    refused ||= event.refused === true;
    if (event.ended === undefined) return;
    codes.push(event.ended.code);
    if (event.ended.code !== 0) failure = event.ended;
    else if (moves[ended]!.last) finish(work, moves[ended]!.item, done, ports);
    ended += 1;
    if (failure === undefined) start();
  });
  // The journal is root's; what another user does is written after.
  const watch = become ? journaled(work, moves) : { ...fence(work.started.run), after: () => sh`:` };
  stop.addEventListener('abort', halt, { once: true });
  const answered = await work.connection.exec(stepsScript(steps, mark, watch), { become, timeoutS, onLine });
  stop.removeEventListener('abort', halt);
  if (!become) await note(work, moves, codes);
  const at = moves[Math.min(ended, moves.length - 1)]!;
  if (failure !== undefined) {
    const failed = moves[ended - 1]!;
    if (failed.item) ports.tell({ type: 'item-ended', host: work.host, item: failed.item, outcome: 'failed' });
    throw new Refusal([stepFault(work, failed, failure, done)]);
  }
  if (ended === moves.length && answered.lost === undefined) return;
  if (refused) throw new Refusal([{ ...leaseLostFault(work.host), state: state(work, done, undefined) }]);
  if (stop.aborted && answered.lost === undefined) throw new Refusal([interruptedFault(work, done)]);
  const lost = answered.lost ?? 'connection';
  const fault = lostFault(work.host, { ...answered, lost }, timeoutS);
  const known = lost === 'connection' ? lostState(work, done) : state(work, done, at.item);
  throw new Refusal([{ ...fault, ...place(at), state: known }]);
}

function finish(work: HostWork, item: Item | undefined, done: Item[], ports: Ports): void {
  if (item === undefined) return;
  done.push(item);
  ports.tell({ type: 'item-ended', host: work.host, item, outcome: 'done' });
}

/** Asks until the answer is as wanted; one second lies between an answer and the next question. */
async function awaitAnswer(
  work: HostWork,
  item: Item,
  step: Extract<Step, { readonly do: 'await' }>,
  ports: Ports,
  stop: AbortSignal,
  done: readonly Item[],
): Promise<void> {
  const time = patience(step, 1, ports.clock, (question) => askHttp(work.connection, question, ports));
  for (;;) {
    const answer = await askHttp(work.connection, step.ask, ports);
    const why = judge(answer, step.want);
    if (why === undefined) return;
    if (stop.aborted) throw new Refusal([interruptedFault(work, done)]);
    ports.tell({ type: 'waiting', host: work.host, item, last: item.resource.noLog ? '(hidden by no_log)' : why });
    if (await time.isOver()) {
      ports.tell({ type: 'item-ended', host: work.host, item, outcome: 'failed' });
      throw new Refusal([gateFault(work, item, step, answer, why, done)]);
    }
    await ports.clock.sleep(1000, stop);
  }
}
