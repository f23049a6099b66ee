import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import type { Setting } from './setting.ts';

export interface DraftGroup {
  readonly name: string;
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly settings: Setting[];
  priority: number;
}

export interface DraftHost {
  readonly name: string;
  readonly settings: Setting[];
  readonly at: Place;
}

/** An inventory while its sources are being read, one after the other. */
export interface Draft {
  readonly groups: Map<string, DraftGroup>;
  readonly hosts: Map<string, DraftHost>;
  readonly diagnostics: Diagnostic[];
}

/** An inventory with nothing but the two groups that always exist. */
export function emptyDraft(): Draft {
  const draft: Draft = { groups: new Map(), hosts: new Map(), diagnostics: [] };
  groupNamed(draft, 'all').children.add('ungrouped');
  groupNamed(draft, 'ungrouped');
  return draft;
}

/** The group of this name, made if need be. */
export function groupNamed(draft: Draft, name: string): DraftGroup {
  const group = draft.groups.get(name) ?? {
    name,
    hosts: new Set(),
    children: new Set(),
    settings: [],
    priority: 1,
  };
  draft.groups.set(name, group);
  return group;
}

/** Makes hosts members of a group; `port` counts only for a host that was not known before, as in Ansible. */
export function addHosts(
  draft: Draft,
  group: string,
  names: readonly string[],
  port: Setting | undefined,
  at: Place,
): void {
  for (const name of names) {
    if (!draft.hosts.has(name)) draft.hosts.set(name, { name, settings: port ? [port] : [], at });
    groupNamed(draft, group).hosts.add(name);
  }
}

/** Makes a group the child of another, unless that closes a circle. */
export function addChild(draft: Draft, parent: string, child: string, at: Place): void {
  if (child === 'all' || descendants(draft, child).has(parent)) {
    const what = parent === child ? `The group "${parent}" is its own child.` : loopSentence(parent, child);
    draft.diagnostics.push({ code: 'group-loop', severity: 'error', what, at, mend: 'Remove one of the two lines.' });
  } else {
    groupNamed(draft, parent).children.add(child);
  }
}

function loopSentence(parent: string, child: string): string {
  return `The group "${child}" cannot be a child of "${parent}", for it contains it already.`;
}

/** Sets a variable of a group; `ansible_group_priority` is not a variable but the group's rank among its equals. */
export function setGroupVariable(draft: Draft, group: string, setting: Setting): void {
  if (setting.name !== 'ansible_group_priority') {
    groupNamed(draft, group).settings.push(setting);
  } else if (/^\s*[-+]?\d+\s*$/.test(String(setting.value))) {
    groupNamed(draft, group).priority = Number(setting.value);
  } else {
    const what = 'ansible_group_priority must be a whole number.';
    draft.diagnostics.push({ code: 'wrong-type', severity: 'error', what, at: setting.at });
  }
}

/** A group with all that is below it. */
export function descendants(draft: Draft, group: string): ReadonlySet<string> {
  const found = new Set([group]);
  for (const name of found) {
    for (const child of draft.groups.get(name)?.children ?? []) found.add(child);
  }
  return found;
}
