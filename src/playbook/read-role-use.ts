import { join } from 'node:path/posix';
import { type Around, tagsOf } from './around.ts';
import { roleEntrySchema } from './language.ts';
import type { Block, HandlerTask, RoleUse, Search } from './playbook.ts';
import { readItems } from './read-items.ts';
import { readRole, roleFile } from './read-role.ts';
import { readHandlers } from './read-task.ts';
import { over, readVars, readVarsFile } from './read-vars.ts';
import { readWhen } from './read-when.ts';
import { inspect, openList, type Reading } from './reading.ts';
import { part, under, type Written } from './written.ts';

/** What the use of a role brings to a play. */
export interface Used {
  readonly block: Block;
  readonly handlers: readonly HandlerTask[];
  /** Whether all handlers could be read. */
  readonly sound: boolean;
}

/** A role where a play lists it. */
export function readRoleUse(reading: Reading, entry: Written, folder: string, around: Around): Used | undefined {
  const short = typeof entry.value === 'string';
  const kept = short ? { ...entry, value: {} } : inspect(reading, entry, roleEntrySchema, 'The entry of a role');
  if (!kept) return undefined;
  const at = short ? entry : part(kept, 'role');
  const role = readRole(reading, String(at.value), folder, at);
  if (!role) return undefined;
  const search: Search = {
    templates: [join(role.folder, 'templates'), role.folder, ...around.search.templates],
    files: [join(role.folder, 'files'), role.folder, ...around.search.files],
  };
  const own = readVarsFile(reading, roleFile(reading, role.folder, 'vars'), 'role vars');
  const vars = over(own, readVars(reading, under(kept, 'vars'), 'role vars'));
  const use: RoleUse = { role, at: at.at()!, search, vars };
  const become = (kept.value as { readonly become?: boolean }).become ?? around.become;
  const tags = [...new Set([...around.tags, ...tagsOf(kept)])];
  const within = (file: string | undefined): Around => {
    return { ...around, tags, become, role: use, search, files: [file ?? join(role.folder, 'tasks.yml')] };
  };
  const tasks = roleFile(reading, role.folder, 'tasks');
  const items = readItems(reading, openList(reading, tasks, 'A file of tasks'), within(tasks));
  const before = reading.faults.length;
  const file = roleFile(reading, role.folder, 'handlers');
  const handlers = readHandlers(reading, openList(reading, file, 'A file of handlers'), within(file));
  const sound = reading.faults.length === before;
  return { block: { is: 'block', vars: new Map(), when: readWhen(reading, kept), role: use, items }, handlers, sound };
}
