import { type Diagnostic, type Place, type Result, result } from '../diagnostics/diagnostic.ts';
import type { Project } from '../diagnostics/project.ts';
import { addChild, type Draft, descendants, emptyDraft, groupNamed } from './draft.ts';
import type { Group, Host, Inventory, Variable } from './inventory.ts';
import type { Setting } from './setting.ts';
import { findSources, readSource } from './sources.ts';
import { readVarsFolder } from './vars-files.ts';

type Files = ReadonlyMap<string, readonly Setting[]>;

/** A group that does not stand in the inventory's own files; its hosts do. */
export interface GivenGroup {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly children: readonly string[];
  readonly at: Place;
}

/**
 * Reads an inventory as Ansible does: a file, or a folder of files, with group_vars and host_vars beside the hosts.
 * Of variables the later level wins: groups in the inventory (`all` first), group_vars/all, group_vars of other groups,
 * the host in the inventory, host_vars. Among groups: deeper, then higher priority, then later in the alphabet.
 * Given groups join those of the files and have group_vars like them.
 */
export function readInventory(project: Project, path: string, given: readonly GivenGroup[] = []): Result<Inventory> {
  const root = path.replace(/(?<=.)\/+$/, '');
  const sources = findSources(project, root);
  if ('code' in sources) return { ok: false, faults: [sources] };
  const draft = emptyDraft();
  for (const file of sources.files) readSource(project, draft, file);
  for (const { name, hosts, children, at } of given) {
    for (const host of hosts) groupNamed(draft, name).hosts.add(host);
    for (const child of children) {
      groupNamed(draft, child);
      addChild(draft, name, child, at);
    }
  }
  settle(draft);
  const { diagnostics } = draft;
  const groupVars = readVarsFolder(project, sources.folder, 'group_vars', new Set(draft.groups.keys()), diagnostics);
  const hostVars = readVarsFolder(project, sources.folder, 'host_vars', new Set(draft.hosts.keys()), diagnostics);
  diagnostics.push(...overloaded(draft));
  const names = new Set(given.map(({ name }) => name));
  return result(() => assemble(root, draft, groupVars, hostVars, names), diagnostics);
}

/** Hangs loose groups below `all`, and makes `ungrouped` hold exactly the hosts that are in no other group. */
function settle(draft: Draft): void {
  const all = draft.groups.get('all')!;
  const ungrouped = draft.groups.get('ungrouped')!;
  const children = new Set([...draft.groups.values()].flatMap((group) => [...group.children]));
  for (const name of draft.groups.keys()) {
    if (name !== 'all' && !children.has(name)) all.children.add(name);
  }
  const grouped = new Set(
    [...draft.groups.values()]
      .filter((group) => group !== all && group !== ungrouped)
      .flatMap((group) => [...group.hosts]),
  );
  for (const name of draft.hosts.keys()) {
    if (grouped.has(name)) ungrouped.hosts.delete(name);
    else ungrouped.hosts.add(name);
  }
}

function assemble(
  path: string,
  draft: Draft,
  groupVars: Files,
  hostVars: Files,
  given: ReadonlySet<string>,
): Inventory {
  const depths = depthsOf(draft);
  const groups = new Map<string, Group>();
  for (const { name, hosts, children, priority } of draft.groups.values()) {
    const allHosts = new Set([...descendants(draft, name)].flatMap((one) => [...draft.groups.get(one)!.hosts]));
    const depth = depths.get(name)!;
    const members = { hosts: [...hosts], allHosts: [...allHosts], children: [...children] };
    groups.set(name, { name, ...members, depth, priority, ...(given.has(name) && { given: true }) });
  }
  const memberships = membershipsOf(groups);
  const hosts = new Map<string, Host>();
  for (const name of groups.get('all')!.allHosts) {
    const own = memberships.get(name)!;
    hosts.set(name, { name, groups: own, vars: varsOf(name, own, draft, groupVars, hostVars) });
  }
  return { path, hosts, groups };
}

/** The groups of each host, weakest first. */
function membershipsOf(groups: ReadonlyMap<string, Group>): ReadonlyMap<string, readonly string[]> {
  const ranked = [...groups.values()].sort(
    (a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1),
  );
  const memberships = new Map<string, string[]>();
  for (const { name, allHosts } of ranked) {
    for (const host of allHosts) memberships.set(host, [...(memberships.get(host) ?? []), name]);
  }
  return memberships;
}

/** The longest way from `all` to each group; the draft holds no loops. */
function depthsOf(draft: Draft): ReadonlyMap<string, number> {
  const depths = new Map([...draft.groups.keys()].map((name) => [name, 0]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name, children } of draft.groups.values()) {
      for (const child of children) {
        if (depths.get(child)! > depths.get(name)!) continue;
        depths.set(child, depths.get(name)! + 1);
        changed = true;
      }
    }
  }
  return depths;
}

function varsOf(
  host: string,
  groups: readonly string[],
  draft: Draft,
  groupVars: Files,
  hostVars: Files,
): ReadonlyMap<string, Variable> {
  const levels = [
    ...groups.map((group) => draft.groups.get(group)!.settings),
    ...groups.map((group) => groupVars.get(group) ?? []),
    draft.hosts.get(host)!.settings,
    hostVars.get(host) ?? [],
  ];
  const vars = new Map<string, Variable>();
  for (const setting of levels.flat()) {
    const before = vars.get(setting.name);
    const overrode = before && [{ ...before, overrode: [] }, ...before.overrode];
    vars.set(setting.name, overrode ? { ...setting, overrode } : setting);
  }
  return vars;
}

/** Warnings about names that are a group and a host at once. */
function overloaded(draft: Draft): readonly Diagnostic[] {
  return [...draft.hosts.values()]
    .filter((host) => draft.groups.has(host.name))
    .map(({ name, at }) => ({
      code: 'host-is-group',
      severity: 'warning',
      what: `"${name}" is the name of a host and of a group.`,
      at,
      why: 'A pattern of this name means the host alone.',
      mend: 'Rename one of them.',
    }));
}
