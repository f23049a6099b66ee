import type { Resource } from '../resources/resource.ts';
import type { Item } from './plan.ts';
import { visible } from './text-diff.ts';

/** Characters of an id that a line has room for; commands have their whole text as id. */
const longest = 72;

/** A resource as people are told of it: the first line of its id, cut where it is long. */
export function label(resource: Resource): string {
  const [first = '', ...more] = resource.id.split('\n');
  return oneLine(more.length > 0 ? `${first} …` : first);
}

/** A thing to do as people are told of it: gates and drains by the name of their task, which says more than a URL. */
export function titleOf({ resource, change, drain }: Item): string {
  return change.action === 'await' || drain !== undefined ? oneLine(resource.task.name) : label(resource);
}

function oneLine(text: string): string {
  const line = visible(text.replace(/\s+/g, ' '));
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** The same for where it stays: of a hidden resource, whose id may be its secret, the kind and the task. */
export function openLabel(resource: Resource): string {
  return resource.noLog ? `${resource.kind} "${visible(resource.task.name)}"` : label(resource);
}
