import { type Diagnostic, unwrap } from '../diagnostics/diagnostic.ts';
import { matchHosts } from '../inventory/match-hosts.ts';
import type { Ports, Target } from '../run/ports.ts';
import { type Visit, visit } from '../run/visit.ts';
import { type BecomeOptions, readBecomePassword } from './become-password.ts';
import { inventoryTargets } from './load.ts';
import { printFaults } from './output.ts';
import { ports, stopOnInterrupt } from './outside.ts';

/** What every command takes that talks with the hosts of an inventory and needs no playbook. */
export interface ReachOptions extends BecomeOptions {
  readonly limit?: string;
  readonly forks: number;
  readonly hostKeys?: Target['hostKeys'];
}

/** Logs in to the hosts of an inventory and lets `work` talk with those that were reached. */
export async function reach<T>(
  inventoryPath: string,
  options: ReachOptions,
  work: (reached: Visit, world: Ports) => Promise<T>,
): Promise<T> {
  const becomePassword = await readBecomePassword(options);
  const targets = inventoryTargets(inventoryPath, (inventory) => unwrap(matchHosts(inventory, 'all', options.limit)), {
    becomePassword,
    hostKeys: options.hostKeys,
  });
  printFaults(targets.ok ? targets.warnings : []);
  const stop = new AbortController();
  const forget = stopOnInterrupt(stop);
  const world = ports(() => {});
  try {
    return await visit(unwrap(targets), options.forks, world, stop.signal, (reached) => work(reached, world));
  } finally {
    forget();
  }
}

/** Whether all is well: the faults are printed, and nothing may be changed when there is one. */
export function allReached(faults: readonly Diagnostic[]): boolean {
  printFaults(faults);
  return faults.length === 0;
}
