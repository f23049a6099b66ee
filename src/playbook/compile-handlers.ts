import type { Resource } from '../resources/resource.ts';
import { compileRepeated } from './compile-items.ts';
import { roleNames, varNames } from './host-names.ts';
import type { OnHost } from './on-host.ts';
import { innerScope } from './scope.ts';
import { sameSpec } from './twins.ts';

/** A handler on a host, and the names by which resources notify it. */
export interface Handler {
  readonly names: readonly string[];
  readonly resource: Resource;
}

/** The handlers of a play on a host, in order; equal ones (a role used twice) are one that goes by the names of both. */
export function compileHandlers(here: OnHost): readonly Handler[] {
  const handlers: Handler[] = [];
  for (const task of here.play.handlers) {
    const within = task.role ? innerScope(here.scope, roleNames(here.estate, here.scope, task.role)) : here.scope;
    const name = here.handlers.keyOf(task);
    for (const { resource } of compileRepeated(
      here,
      task,
      innerScope(within, varNames(here.estate, task.vars)),
      false,
    )) {
      if (!resource) continue;
      const twin = handlers.findIndex(
        (one) =>
          one.resource.id === resource.id &&
          sameSpec(one.resource.spec, resource.spec) &&
          sameSpec(one.resource.delegate, resource.delegate),
      );
      if (twin < 0) handlers.push({ names: [name], resource });
      else handlers[twin] = { ...handlers[twin]!, names: [...new Set([...handlers[twin]!.names, name])] };
    }
  }
  return handlers;
}
