import { dirname } from 'node:path/posix';
import { Refusal } from '../diagnostics/diagnostic.ts';
import type { Host, Inventory, Variable } from '../inventory/inventory.ts';
import { UNKNOWN } from '../jinja/jinja.ts';
import { builtInFacts } from './facts.ts';
import { omit } from './fill.ts';
import type { Play, Playbook, RoleUse, Search, Vars } from './playbook.ts';
import { reserved } from './read-vars.ts';
import { type Binding, outermostScope, type Resolver, type Scope } from './scope.ts';
import { searchName } from './templates.ts';
import { holdsTemplate, placed, type Written } from './written.ts';

const noSearch: Search = { templates: [], files: [] };

export type Facts = Readonly<Record<string, unknown>>;

/** Everything about names that is the same for all plays and hosts of a compilation. */
export interface Estate {
  readonly playbook: Playbook;
  readonly inventory: Inventory;
  readonly extra: ReadonlyMap<string, Binding>;
  readonly groups: Facts;
  /** `hostvars`: of each host, the variables of its inventory, filled in for it. */
  readonly hostvars: Facts;
}

/** Gathers what is the same for all plays and hosts. `resolver` is asked when a template uses `hostvars`. */
export function makeEstate(
  playbook: Playbook,
  inventory: Inventory,
  extraVars: ReadonlyMap<string, unknown>,
  resolver: () => Resolver,
): Estate {
  const extra = new Map<string, Binding>();
  for (const [name, value] of extraVars) {
    if (!reserved.has(name))
      extra.set(name, holdsTemplate(value) ? { source: placed(value, undefined) } : { known: value });
  }
  let groups: Facts | undefined;
  let hostvars: Facts | undefined;
  const estate: Estate = {
    playbook,
    inventory,
    extra,
    get groups() {
      groups ??= Object.fromEntries([...inventory.groups].map(([name, group]) => [name, [...group.allHosts]]));
      return groups;
    },
    get hostvars() {
      hostvars ??= varsOfAll(estate, resolver());
      return hostvars;
    },
  };
  return estate;
}

function varsOfAll(estate: Estate, resolver: Resolver): Facts {
  const all: Record<string, unknown> = {};
  for (const [name, host] of estate.inventory.hosts) {
    let vars: Facts | undefined;
    lazy(all, name, true, () => (vars ??= hostVars(inventoryScope(estate, name, host), resolver)));
  }
  return all;
}

function lazy(target: object, name: string, enumerable: boolean, get: () => unknown): void {
  Object.defineProperty(target, name, { enumerable, configurable: true, get });
}

function hostVars(scope: Scope, resolver: Resolver): Facts {
  const vars: Record<string, unknown> = {};
  for (const name of scope.names.keys()) {
    if (name !== 'hostvars' && name !== 'facts') lazy(vars, name, true, () => resolver.resolve(scope, name));
  }
  lazy(vars, 'facts', false, () => {
    throw noFacts(scope.host);
  });
  return vars;
}

/** The names of a host without any play and without facts: what other hosts see of it, and how it is reached. */
export function inventoryScope(estate: Estate, name: string, host: Host): Scope {
  const names = inventoryNames(estate, name, host, noSearch);
  names.set(
    'facts',
    later(() => factsOutOfReach(name)),
  );
  for (const [variable, binding] of estate.extra) names.set(variable, binding);
  return outermostScope(name, names);
}

/** Facts that are a fault as soon as one of them is used. */
function factsOutOfReach(host: string): Facts {
  const facts = {};
  for (const fact of builtInFacts) {
    lazy(facts, fact.name, true, () => {
      throw noFacts(host);
    });
  }
  return facts;
}

function noFacts(host: string): Refusal {
  return new Refusal([
    {
      code: 'facts-out-of-reach',
      severity: 'error',
      what: `The facts of ${host} are not known here.`,
      why: 'Only its own tasks know them: seen through `hostvars`, they would be there or not as `--limit` chooses.',
      mend: 'Set the value in the inventory, and use that.',
    },
  ]);
}

/** A value that costs something for each host of the inventory, and that few templates ask for. */
function later(get: () => unknown): Binding {
  return {
    get known() {
      return get();
    },
  };
}

function inventoryNames(estate: Estate, name: string, host: Host, search: Search): Map<string, Binding> {
  const { playbook } = estate;
  const names = new Map<string, Binding>([
    ['inventory_hostname', { known: name }],
    ['inventory_hostname_short', { known: name.split('.')[0]! }],
    ['inventory_dir', { known: inventoryFolder(estate) }],
    ['playbook_dir', { known: dirname(playbook.path) }],
    ['group_names', { known: host.groups.filter((group) => group !== 'all').sort() }],
    ['groups', later(() => estate.groups)],
    ['hostvars', later(() => estate.hostvars)],
    ['omit', { known: omit }],
    [searchName, { known: search }],
  ]);
  for (const [variable, one] of host.vars) {
    if (reserved.has(variable)) continue;
    const source = fromInventory(one);
    names.set(variable, holdsTemplate(one.value) ? { source } : { known: one.value, source });
  }
  const address = names.get('ansible_host') ?? names.get('address') ?? { known: name };
  for (const one of ['ansible_host', 'address']) if (!names.has(one)) names.set(one, address);
  return names;
}

/** A variable of the inventory as a value that knows its places. */
function fromInventory(variable: Variable): Written {
  const known = settings.get(variable);
  if (known) return known;
  const written: Written = {
    value: variable.value,
    at: (path = []) => variable.within(path),
    inside: (path, line, col) => variable.within(path, line, col),
  };
  settings.set(variable, written);
  return written;
}

const settings = new WeakMap<Variable, Written>();

function inventoryFolder({ playbook, inventory }: Estate): string {
  return playbook.project.files.has(inventory.path) ? dirname(inventory.path) : inventory.path;
}

/** The names that a host has in a play. `facts` undefined: the host was not asked yet; `onRead` is told of each use of them. */
export function playScope(
  estate: Estate,
  play: Play,
  host: string,
  facts: Facts | undefined,
  onRead: () => void = () => {},
): Scope {
  const known: Record<string, unknown> = {};
  for (const { name } of [...builtInFacts, ...play.facts]) {
    known[name] = facts === undefined ? UNKNOWN : (facts[name] ?? null);
  }
  const names = inventoryNames(estate, host, estate.inventory.hosts.get(host)!, play.search);
  names.set(
    'facts',
    later(() => {
      onRead();
      return known;
    }),
  );
  names.set('ansible_play_hosts', { known: play.hosts });
  names.set('ansible_play_hosts_all', { known: play.hosts });
  for (const [name, source] of play.vars) names.set(name, { source });
  for (const [name, binding] of estate.extra) names.set(name, binding);
  return outermostScope(host, names);
}

/** The names that a role adds: its defaults where nothing else gives a value, and its variables. */
export function roleNames(estate: Estate, scope: Scope, use: RoleUse): ReadonlyMap<string, Binding> {
  const names = new Map<string, Binding>([
    ['role_name', { known: use.role.name }],
    [searchName, { known: use.search }],
  ]);
  for (const [name, source] of use.role.defaults) if (!scope.names.has(name)) names.set(name, { source });
  for (const [name, source] of use.vars) if (!estate.extra.has(name)) names.set(name, { source });
  return names;
}

/** The names that a block or task adds. */
export function varNames(estate: Estate, vars: Vars): ReadonlyMap<string, Binding> {
  const names = new Map<string, Binding>();
  for (const [name, source] of vars) if (!estate.extra.has(name)) names.set(name, { source });
  return names;
}
