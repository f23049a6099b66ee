import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { label } from '../plan/label.ts';
import type { Item, Observations } from '../plan/plan.ts';
import type { Script } from '../posix/script.ts';
import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import { ask, quoted } from './conversation.ts';
import type { Connection, Ports } from './ports.ts';

/** Seconds for all checks of one host: each starts a program, some of them in a container. */
const checkTimeoutS = 300;

/**
 * Lets the programs that will use the new bytes judge them on the host, before anything is touched: one more
 * conversation, and only on a host where something with a check is about to change.
 */
export async function checkItems(
  connection: Connection,
  host: string,
  items: readonly Item[],
  observed: Observations,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
): Promise<void> {
  const checks = items.flatMap((item) => {
    const { resource, change } = item;
    if (!isDeed(change)) return [];
    const script = kinds.get(resource.kind)!.check?.(resource.spec, change, observed.get(resource));
    return script === undefined ? [] : [{ resource, script }];
  });
  const faults: Diagnostic[] = [];
  for (const become of [true, false]) {
    const group = checks.filter(({ resource }) => resource.become === become);
    if (group.length === 0) continue;
    const scripts: readonly Script[] = group.map(({ script }) => script);
    const answers = await ask(connection, host, scripts, { become, mark: ports.mark(), timeoutS: checkTimeoutS });
    for (const [index, { resource }] of group.entries()) {
      const answer = answers[index]!;
      if (answer.code === 0) continue;
      faults.push({
        code: 'check-failed',
        severity: 'error',
        what: `The new content of ${label(resource)} was refused by the program that is to use it (exit code ${answer.code}).`,
        at: resource.task.at,
        host,
        step: resource.task.name,
        ...(resource.noLog ? { output: '(hidden by no_log)' } : quoted(`${answer.stdout}\n${answer.stderr}`)),
        state: 'Nothing was touched.',
        mend: 'Mend what the output names, then run the same command again.',
      });
    }
  }
  if (faults.length > 0) throw new Refusal(faults);
}
