import type { Host, Inventory } from './inventory.ts';

/** The inventory as `ansible-inventory --list` prints it. */
export function listJson(inventory: Inventory): string {
  const hostvars = [...inventory.hosts.values()].map((host) => [host.name, valuesOf(host)] as const);
  const groups: Record<string, unknown> = {};
  addGroup(inventory, 'all', groups, new Set());
  return asJson({ ...groups, _meta: { hostvars: Object.fromEntries(hostvars.filter(([, vars]) => !isEmpty(vars))) } });
}

/** The variables of one host as `ansible-inventory --host` prints them. */
export function hostJson(host: Host): string {
  return asJson(valuesOf(host));
}

/** The tree of groups and hosts as `ansible-inventory --graph` prints it. */
export function graphText(inventory: Inventory): string {
  return graphLines(inventory, 'all', 0).join('\n');
}

function valuesOf(host: Host): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...host.vars].map(([name, variable]) => [name, variable.value]));
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

function addGroup(inventory: Inventory, name: string, into: Record<string, unknown>, seen: Set<string>): void {
  seen.add(name);
  const { hosts, children } = inventory.groups.get(name)!;
  const entry = {
    ...(name !== 'all' && hosts.length > 0 && { hosts }),
    ...(children.length > 0 && { children }),
  };
  if (!isEmpty(entry)) into[name] = entry;
  for (const child of children) if (!seen.has(child)) addGroup(inventory, child, into, seen);
}

function graphLines(inventory: Inventory, name: string, depth: number): readonly string[] {
  const { hosts, children } = inventory.groups.get(name)!;
  const line = (text: string, at: number) => (at === 0 ? text : `${'  |'.repeat(at)}--${text}`);
  return [
    line(`@${name}:`, depth),
    ...children.flatMap((child) => graphLines(inventory, child, depth + 1)),
    ...(name === 'all' ? [] : hosts.map((host) => line(host, depth + 1))),
  ];
}

/** JSON with sorted keys and four blanks of indentation. */
function asJson(value: unknown): string {
  const sorted = (_: string, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one;
  return JSON.stringify(value, sorted, 4);
}
