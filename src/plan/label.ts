import type { Resource } from '../resources/resource.ts';
import { visible } from './text-diff.ts';

/** Characters of an id that a line has room for; commands have their whole text as id. */
const longest = 72;

/** A resource as people are told of it: its id on one line, cut where it is long. */
export function label(resource: Resource): string {
  const id = visible(resource.id.replace(/\s+/g, ' '));
  return id.length > longest ? `${id.slice(0, longest - 1)}…` : id;
}
