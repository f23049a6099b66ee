import pLimit from 'p-limit';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { label } from '../plan/label.ts';
import type { Item, Observations } from '../plan/plan.ts';
import { isDeed } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import { ask, quoted } from './conversation.ts';
import type { Connection, Ports } from './ports.ts';

/** Seconds for one check: it starts a program, perhaps in a container. */
const checkTimeoutS = 300;

/** Checks of one host at the same time: each starts a program, and waits for Docker most of its time. */
const checksAtOnce = 3;

/**
 * Lets the programs that will use the new bytes judge them on the host, before anything is touched, and only on a host
 * where something with a check is about to change. Tells what was judged, and rejects with what was refused.
 */
export async function checkItems(
  connection: Connection,
  host: string,
  items: readonly Item[],
  observed: Observations,
  kinds: ReadonlyMap<string, AnyKind>,
  ports: Ports,
): Promise<readonly Resource[]> {
  const checks = items.flatMap((item) => {
    const { resource, change } = item;
    if (!isDeed(change)) return [];
    const script = kinds.get(resource.kind)!.check?.(resource.spec, change, observed.get(resource));
    return script === undefined ? [] : [{ resource, script }];
  });
  const faults: Diagnostic[] = [];
  const limit = pLimit(checksAtOnce);
  const answers = await Promise.all(
    checks.map(({ resource: { become }, script }) =>
      limit(() => ask(connection, host, [script], { become, mark: ports.mark(), timeoutS: checkTimeoutS })),
    ),
  );
  for (const [index, { resource }] of checks.entries()) {
    const answer = answers[index]![0]!;
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
  if (faults.length > 0) throw new Refusal(faults);
  return checks.map(({ resource }) => resource);
}
