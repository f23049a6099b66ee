import {
  type Formerly,
  type Generation,
  generationPath,
  generationsFolder,
  generationsKept,
  generationText,
} from '../plan/generation.ts';
import type { Item, Observations } from '../plan/plan.ts';
import { wholeId } from '../plan/whole.ts';
import { sh } from '../posix/script.ts';
import type { AnyKind, Former } from '../resources/kind.ts';
import type { HostStep } from './step-script.ts';

/** What items were before they change, in the order they change: gates and handlers that are deeds leave nothing. */
export function formerly(
  items: readonly Item[],
  observed: Observations,
  kinds: ReadonlyMap<string, AnyKind>,
): readonly Formerly[] {
  return items.flatMap(({ resource, change, now }): readonly Formerly[] => {
    if (change.action === 'none' || change.action === 'await') return [];
    const kind = kinds.get(resource.kind)!;
    const former = kind.former?.(resource.spec, observed.get(resource)) as Former<unknown> | undefined;
    if (former === undefined && (kind.former !== undefined || now.notified !== undefined)) return [];
    const { become, noLog, notify } = resource;
    const id = wholeId(resource, kinds);
    const lost = { lost: `what a ${resource.kind} does cannot be undone` };
    return [{ id, kind: resource.kind, task: resource.task.name, become, noLog, notify, former: former ?? lost }];
  });
}

/** The steps that leave a generation on its host, for root alone, and only the last few of them; none when it is empty. */
export function generationSteps(generation: Generation): readonly HostStep[] {
  const path = generationPath(generation.run);
  if (generation.entries.length === 0) return [{ do: 'remove', path }];
  const script = sh`mkdir -p -m 0700 -- ${generationsFolder} && cd -- ${generationsFolder} && ls | grep -vxF ${`${generation.run}.json`} | LC_ALL=C sort -r | tail -n +${generationsKept} | while read -r old; do rm -f -- "$old"; done`;
  return [
    { do: 'run', what: `make room in ${generationsFolder}`, script },
    { do: 'write', path, content: generationText(generation), mode: '0600', owner: 'root:root' },
  ];
}
