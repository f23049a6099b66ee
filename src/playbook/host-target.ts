import { type Place, type Result, result } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { readTarget, type TargetVars } from '../inventory/target.ts';
import { makeEngine } from './engine.ts';
import type { HostFault } from './faults.ts';
import { inventoryScope } from './host-names.ts';
import { attemptIn } from './on-host.ts';
import type { Playbook } from './playbook.ts';

/** Variables beside those called `ansible_…` that say how a host is reached. */
const ownNames: ReadonlySet<string> = new Set([
  'address',
  'port',
  'user',
  'private_key_file',
  'known_hosts_file',
  'jump',
  'host_keys',
  'become',
  'connect_timeout',
]);

/** How a host is reached, from its variables with their templates filled in; plays have no say in it. */
export function hostTarget(
  playbook: Playbook,
  inventory: Inventory,
  extraVars: ReadonlyMap<string, unknown>,
  host: string,
): Result<TargetVars> {
  const { estate, resolver } = makeEngine(playbook, inventory, extraVars);
  const one = inventory.hosts.get(host)!;
  const scope = inventoryScope(estate, host, one);
  const nowhere: Place = { file: inventory.path, line: 1, col: 1 };
  const placeOf = (name: string): Place => one.vars.get(name)?.at ?? nowhere;
  const faults: HostFault[] = [];
  const vars: Record<string, unknown> = {};
  for (const name of [...one.vars.keys(), ...extraVars.keys()]) {
    if (!name.startsWith('ansible_') && !ownNames.has(name)) continue;
    const report = (fault: Omit<HostFault, 'host'>) => void faults.push({ ...fault, host });
    vars[name] = attemptIn(
      report,
      () => placeOf(name),
      () => resolver.resolve(scope, name),
    );
  }
  const target = readTarget(host, vars, placeOf);
  const diagnostics = [...faults, ...(target.ok ? target.warnings : target.faults)];
  return result(
    () => (target.ok ? target.value : { address: host, hostKeys: 'strict', connectTimeoutS: 10 }),
    diagnostics,
  );
}
