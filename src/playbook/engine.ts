import type { Inventory } from '../inventory/inventory.ts';
import type { HostFault } from './faults.ts';
import { fill } from './fill.ts';
import { handlerTable } from './handler-table.ts';
import { type Estate, type Facts, makeEstate, playScope } from './host-names.ts';
import { attempt, type OnHost } from './on-host.ts';
import type { Play, Playbook } from './playbook.ts';
import { makeResolver, type Resolver } from './scope.ts';

/** Fills in variables of hosts, each once. */
export interface Engine {
  readonly estate: Estate;
  readonly resolver: Resolver;
  /** What compiling a play for each of some hosts goes by; faults are gathered in `found`. */
  onHosts(
    play: Play,
    hosts: readonly string[],
    facts: (host: string) => Facts | undefined,
    found: HostFault[],
  ): Iterable<OnHost>;
}

/** Readies a playbook and an inventory for being filled in. */
export function makeEngine(playbook: Playbook, inventory: Inventory, extraVars: ReadonlyMap<string, unknown>): Engine {
  const resolver = makeResolver((source, lookup, names) =>
    fill(source, { templates: playbook.templates, lookup, names }),
  );
  const estate = makeEstate(playbook, inventory, extraVars, () => resolver);
  return {
    estate,
    resolver,
    *onHosts(play, hosts, facts, found) {
      const made: OnHost['made'] = new Map();
      const rounds: OnHost['rounds'] = new Map();
      const handlers = handlerTable(play.handlers);
      for (const host of hosts) {
        let factsRead = false;
        const scope = playScope(estate, play, host, facts(host), () => {
          factsRead = true;
        });
        const report = (fault: Omit<HostFault, 'host'>) => void found.push({ ...fault, host });
        const here = {
          estate,
          resolver,
          play,
          handlers,
          host,
          scope,
          made,
          rounds,
          report,
          reported: () => found.length,
          become: false,
          readsFacts: () => factsRead,
        };
        yield { ...here, become: becomes(here) };
      }
    },
  };
}

/** What the inventory says of becoming root, for tasks that say nothing. */
function becomes(here: OnHost): boolean {
  const value = attempt(
    here,
    () => undefined,
    () => here.resolver.resolve(here.scope, 'ansible_become') ?? here.resolver.resolve(here.scope, 'become'),
  );
  return value === true || (typeof value === 'string' && /^(?:yes|true|on|1)$/i.test(value));
}
