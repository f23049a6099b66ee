import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { visible } from '../diagnostics/visible.ts';
import { obstacleOf, titleOf } from '../plan/label.ts';
import type { Item } from '../plan/plan.ts';
import { tellingOf, wantedAndFound } from '../plan/told-values.ts';
import { type Change, type Deed, isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { HttpAnswer, Step } from '../resources/step.ts';
import { quoted } from './conversation.ts';
import type { HostWork, Move } from './host-work.ts';

/** The world has moved since the plan was shown. */
export function staleFault(work: HostWork, item: Item, moved: string): Diagnostic {
  return {
    code: 'stale-plan',
    severity: 'error',
    what: `${titleOf(item)} is not as it was when the plan was made: ${moved}.`,
    at: item.resource.task.at,
    host: work.host,
    step: item.resource.task.name,
    why: 'Somebody or something changed it in between; hadeploy does only what the plan shows.',
    state: `Nothing in this play was done on ${work.host}.`,
    mend: 'Run the same command again and read the new plan.',
  };
}

/** A resource that is still not as desired after all its steps succeeded. */
export function notConverged(
  work: HostWork,
  item: Item,
  change: Exclude<Change, { readonly action: 'none' }>,
  kinds: ReadonlyMap<string, AnyKind>,
): Diagnostic {
  const { what, why: reason } = isDeed(change)
    ? { what: whatIsDue(change, item, kinds) }
    : obstacleOf(item.resource, change);
  const why = [what, reason].filter(Boolean).join(' ');
  return {
    code: 'not-converged',
    severity: 'error',
    what: `${titleOf(item)} is still not as desired after its steps succeeded.`,
    at: item.resource.task.at,
    host: work.host,
    step: item.resource.task.name,
    why,
    state: `All steps of this play were done on ${work.host}. A rerun is safe.`,
    mend: 'Another program may manage the same thing; find out which, then run the same command again.',
  };
}

function whatIsDue(change: Deed, { resource }: Item, kinds: ReadonlyMap<string, AnyKind>): string {
  const telling = tellingOf(resource, kinds);
  const fields = change.fields.map((one) => wantedAndFound(one, telling(one.field)));
  if (fields.length > 0) return fields.join('; ');
  return resource.noLog ? `${change.action} is due` : `${change.action} is due: ${visible(change.cause)}`;
}

/** A step that failed on the host, with what it printed. */
export function stepFault(
  work: HostWork,
  { item, step }: Move,
  failure: { readonly code: number; readonly output: string },
  done: readonly Item[],
): Diagnostic {
  return {
    code: 'step-failed',
    severity: 'error',
    what: `On ${work.host} the step "${item?.resource.noLog ? step.do : stepName(step)}" failed with exit code ${failure.code}.`,
    ...place({ item, step, last: true }),
    host: work.host,
    ...(item?.resource.noLog ? { output: '(hidden by no_log)' } : quoted(failure.output)),
    state: state(work, done, item),
    mend: 'Mend the cause, then run the same command again: finished work is not repeated.',
  };
}

/** A step as people are told of it. */
export function stepName(step: Step): string {
  return step.do === 'write' || step.do === 'remove' ? `${step.do} ${step.path}` : step.what;
}

/** Ctrl-C, or another way in which the user ended the run. */
export function interruptedFault(work: HostWork, done: readonly Item[]): Diagnostic {
  return {
    code: 'interrupted',
    severity: 'error',
    what: `The run was interrupted on ${work.host}.`,
    host: work.host,
    state: state(work, done, undefined),
    mend: 'Run the same command again: finished work is not repeated.',
  };
}

/** Where in the playbook a move comes from. */
export function place({ item }: Move): { readonly at?: Diagnostic['at'] & {}; readonly step?: string } {
  return item === undefined ? {} : { at: item.resource.task.at, step: item.resource.task.name };
}

/** What was done on the host in this play and what was not, in one or two sentences. */
export function state(work: HostWork, done: readonly Item[], failed: Item | undefined): string {
  const open = openItems(work, done).filter((item) => item !== failed);
  return [
    finished(work, done),
    failed === undefined ? '' : `Not finished: ${titleOf(failed)}.`,
    open.length > 0 ? `Not begun: ${titlesOf(open)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The same where the host fell silent: until it notices, it goes on with the steps that were sent to it. */
export function lostState(work: HostWork, done: readonly Item[]): string {
  const open = openItems(work, done);
  return [finished(work, done), open.length > 0 ? `Not known, may be done by now: ${titlesOf(open)}.` : '']
    .filter(Boolean)
    .join(' ');
}

function finished(work: HostWork, done: readonly Item[]): string {
  return done.length > 0
    ? `Done on ${work.host}: ${titlesOf(done)}.`
    : `Nothing was finished in this play on ${work.host}.`;
}

function openItems(work: HostWork, done: readonly Item[]): readonly Item[] {
  return work.items.filter((item) => isDeed(item.change) && !done.includes(item));
}

function titlesOf(items: readonly Item[]): string {
  return items.map((item) => titleOf(item)).join(', ');
}

/** A gate that did not come true in time, with the last answer. */
export function gateFault(
  work: HostWork,
  item: Item,
  step: Extract<Step, { readonly do: 'await' }>,
  answer: HttpAnswer,
  why: string,
  done: readonly Item[],
): Diagnostic {
  const { noLog } = item.resource;
  const seen: Pick<Diagnostic, 'why' | 'output'> = noLog
    ? { why: 'no_log hides what was asked and answered.' }
    : {
        why: `${step.ask.method} ${step.ask.url} asked from the ${step.ask.from}: ${visible(why)}`,
        ...(answer.status === undefined ? {} : quoted(answer.body.slice(0, 1000))),
      };
  return {
    code: 'gate-timeout',
    severity: 'error',
    what: `${noLog ? titleOf(item) : step.what} did not come true within ${step.timeoutS} s.`,
    at: item.resource.task.at,
    host: work.host,
    step: item.resource.task.name,
    ...seen,
    state: state(work, done, item),
    mend: 'Read the logs of the service on the host, then run the same command again: finished work is not repeated.',
  };
}
