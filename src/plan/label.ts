import { visibleLine } from '../diagnostics/visible.ts';
import type { Change, Deed } from '../resources/change.ts';
import type { Resource } from '../resources/resource.ts';
import type { Item } from './plan.ts';

type Blocked = Extract<Change, { readonly action: 'blocked' }>;

/** Characters of an id that a line has room for; commands have their whole text as id. */
const longest = 72;

/** A resource as people are told of it: the first line of its id, cut where it is long; of a hidden one, whose id may be its secret, the kind and the task. */
export function label(resource: Resource): string {
  if (resource.noLog) return oneLine(`${resource.kind} "${resource.task.name}"`);
  const [first = '', ...more] = resource.id.split('\n');
  return oneLine(more.length > 0 ? `${first} …` : first);
}

/** A thing to do as people are told of it: gates and drains by the name of their task, which says more than a URL. */
export function titleOf({ resource, change, drain }: Item): string {
  return change.action === 'await' || drain !== undefined ? oneLine(resource.task.name) : label(resource);
}

function oneLine(text: string): string {
  const line = visibleLine(text);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** The name of a handler in the record, which everybody on the host may read: of a hidden one not what it does. */
export function pendingId(resource: Resource): string {
  return resource.noLog ? label(resource) : resource.id;
}

/** Why a thing is due, unless it is hidden and what it waits for or runs may be its secret. */
export function causeOf({ resource }: Item, { action, cause }: Deed): string {
  return resource.noLog && (action === 'await' || action === 'run') ? '(hidden by no_log)' : visibleLine(cause);
}

/** What stands in the way of a thing, unless it is hidden. */
export function obstacleOf(resource: Resource, change: Blocked): { readonly what: string; readonly why?: string } {
  if (!resource.noLog) return { what: change.what, why: change.why };
  return { what: `${label(resource)} cannot be looked at or changed.`, why: 'no_log hides the reason.' };
}
