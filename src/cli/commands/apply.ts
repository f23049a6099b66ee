import { type Diagnostic, unwrap } from '../../diagnostics/diagnostic.ts';
import { countChanges } from '../../plan/counts.ts';
import { deeds, type Plan } from '../../plan/plan.ts';
import { planJson } from '../../plan/plan-json.ts';
import { planText } from '../../plan/plan-text.ts';
import { deploy } from '../../run/deploy.ts';
import type { Event } from '../../run/events.ts';
import type { Job, Report } from '../../run/job.ts';
import { paints } from '../../ui/paint.ts';
import { type Progress, silent } from '../../ui/progress.ts';
import { progressLines } from '../../ui/progress-lines.ts';
import { askYes, canAsk } from '../ask.ts';
import { type BecomeOptions, readBecomePassword } from '../become-password.ts';
import { exitCodeOf } from '../exit-code.ts';
import { jobOf } from '../job.ts';
import { load, type PlaybookOptions } from '../load.ts';
import { print, printFaults, takesColour } from '../output.ts';
import { ports, stopOnInterrupt } from '../outside.ts';
import { type RollingOptions, readRolling } from '../rolling.ts';
import { runNote } from '../run-note.ts';

/** The options of `apply`; `plan` is `apply` with `dryRun`. */
export interface ApplyOptions extends PlaybookOptions, BecomeOptions, RollingOptions {
  readonly dryRun?: boolean;
  readonly diff?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly forks: number;
  readonly detailedExitcode?: boolean;
  readonly hostKeys?: 'strict' | 'accept-new';
  readonly acceptDataLoss?: boolean;
}

/** What other commands make of `apply`. */
export interface Variant {
  /** Goes back instead of to what the playbook says. */
  readonly back?: (playbook: string) => NonNullable<Job['back']>;
  /** Told of the plan once it stands. */
  readonly onPlan?: (plan: Plan) => void;
  /** The plan was agreed to already: what speaks against this being it. */
  readonly agreed?: (plan: Plan) => readonly Diagnostic[];
}

/** Reads, checks, connects, plans, asks and carries out; the exit code. */
export async function apply(
  inventoryPath: string,
  options: ApplyOptions,
  { back, onPlan, agreed }: Variant = {},
): Promise<number> {
  const loaded = load(inventoryPath, options);
  const becomePassword = await readBecomePassword(options);
  const reached = loaded.targets({ becomePassword, hostKeys: options.hostKeys });
  const targets = unwrap(reached);
  printFaults([...loaded.warnings, ...(reached.ok ? reached.warnings : [])]);
  const { foreseen, ...known } = jobOf(loaded);
  const job: Job = {
    ...known,
    run: runNote(back === undefined ? 'apply' : 'rollback', inventoryPath, options),
    targets,
    witness: loaded.witness({ becomePassword, hostKeys: options.hostKeys }),
    rolling: unwrap(readRolling(options, loaded.foreseen)),
    object: (plan) => {
      const other = agreed?.(plan) ?? [];
      return other.length > 0 || options.acceptDataLoss ? other : loaded.object(plan);
    },
    ...(back ? { back: back(loaded.playbook) } : { foreseen }),
    prune: back === undefined && options.tags.length === 0 && options.skipTags.length === 0,
    forks: options.forks,
  };
  const stop = new AbortController();
  const forget = stopOnInterrupt(stop);
  const live = !options.json && process.stderr.isTTY === true && targets.size <= maxRows;
  let progress = live ? (await import('../../ui/progress-tree.ts')).progressLook(targets.size) : silent;
  const findings: Diagnostic[] = [];
  const tell = (event: Event) => {
    if (event.type === 'fault') findings.push(event.fault);
    if (event.type === 'planned') onPlan?.(event.plan);
    progress.tell(event);
  };
  try {
    const report = await deploy(
      job,
      ports(tell, () => progress.close()),
      confirm,
      stop.signal,
    );
    await progress.close();
    printFaults(findings.splice(0));
    return end(report, options, stop.signal.aborted);
  } finally {
    await progress.close();
    forget();
  }

  async function confirm(plan: Plan): Promise<'go' | 'stop' | 'decline'> {
    await progress.close();
    printFaults(findings.splice(0));
    if (options.dryRun) return 'stop';
    // Hosts that are as they should be may still have to note it.
    if (deeds(plan).length === 0) return 'go';
    showPlan(plan, options);
    if (!options.yes && agreed === undefined && !(await saidYes())) return 'decline';
    progress = await watcher(plan, live, options);
    return 'go';
  }
}

/** Whether somebody at a terminal says yes; nobody being there is a fault, since there is something to agree to. */
async function saidYes(): Promise<boolean> {
  if (canAsk()) return askYes('Carry out this plan?');
  printFaults([nobodyToAsk]);
  return false;
}

/** More rows than this do not fit a terminal; such runs are told line by line. */
const maxRows = 40;

async function watcher(plan: Plan, live: boolean, options: ApplyOptions): Promise<Progress> {
  if (live) return (await import('../../ui/progress-tree.ts')).progressTree(plan);
  return options.json ? silent : progressLines(print);
}

function end(report: Report, options: ApplyOptions, interrupted: boolean): number {
  const changes = report.plan === undefined ? 0 : countChanges(report.plan).changes;
  if (report.plan !== undefined && (report.outcome === 'planned' || report.outcome === 'unfit'))
    showPlan(report.plan, options);
  printFaults(report.faults);
  if (report.outcome === 'declined' && !options.json) print('Nothing was touched.');
  if (report.outcome === 'done' && !options.json) {
    print(`Done: ${changes === 1 ? '1 change was' : `${changes} changes were`} made, and looked at again.`);
  }
  return exitCodeOf(report, changes, options.detailedExitcode === true, interrupted);
}

function showPlan(plan: Plan, options: ApplyOptions): void {
  if (options.json) print(JSON.stringify(planJson(plan), null, 2));
  else print(planText(plan, { diffs: options.diff === true }, paints(takesColour(process.stdout)).plan));
}

const nobodyToAsk: Diagnostic = {
  code: 'nobody-to-ask',
  severity: 'error',
  what: 'There are changes to make and no terminal to ask on.',
  why: 'apply shows its plan and asks before it changes anything.',
  mend: 'Add --yes to go on without a question, or --dry-run to see the plan alone.',
};
