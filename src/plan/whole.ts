import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';

/** The id under which hosts remember what a task works at: its own, or that of the whole it has a part in. */
export function wholeId({ kind, id, spec }: Resource, kinds: ReadonlyMap<string, AnyKind>): string {
  return kinds.get(kind)?.part?.(spec)?.of ?? id;
}
