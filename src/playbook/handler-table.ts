import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { HandlerTask, RoleUse } from './playbook.ts';

/** Which handlers of a play a name means. A handler goes by a key of its own, since roles may use one name twice. */
export interface HandlerTable {
  keyOf(handler: HandlerTask): string;
  /** The keys of the handlers that a task notifies; undefined when there is none of that name. */
  keysFor(name: string, role: RoleUse | undefined): readonly string[] | undefined;
  unknown(name: string, label: string, at: Place | undefined): Diagnostic;
}

/**
 * A name means the handler of the task's own role first, then every handler of the play with that name (or, written
 * `role : name`, that of the role), and every handler that listens to it.
 */
export function handlerTable(handlers: readonly HandlerTask[]): HandlerTable {
  const keys = new Map<HandlerTask, string>();
  const taken = new Set<string>();
  const found = new Map<RoleUse | undefined, Map<string, readonly string[]>>();
  for (const handler of handlers) {
    const named = nameOf(handler);
    const candidates = [named, ...(handler.role ? [`${handler.role.role.name} : ${named}`] : [])];
    let key = candidates.find((one) => !taken.has(one));
    for (let n = 2; key === undefined; n++) {
      const numbered = `${candidates.at(-1)} (${n})`;
      if (!taken.has(numbered)) key = numbered;
    }
    taken.add(key);
    keys.set(handler, key);
  }
  return {
    keyOf: (handler) => keys.get(handler)!,
    keysFor(name, role) {
      const known = found.get(role)?.get(name);
      if (known) return known;
      const named = handlers.filter((one) => nameOf(one) === name || fullName(one) === name);
      const own = named.filter((one) => one.role !== undefined && one.role === role);
      const meant = [...(own.length > 0 ? own : named), ...handlers.filter((one) => one.listen.includes(name))];
      if (meant.length === 0) return undefined;
      const meantKeys = [...new Set(meant.map((one) => keys.get(one)!))];
      found.set(role, (found.get(role) ?? new Map<string, readonly string[]>()).set(name, meantKeys));
      return meantKeys;
    },
    unknown(name, label, at) {
      const known = [...new Set(handlers.flatMap((one) => [nameOf(one), ...one.listen]))];
      return {
        code: 'unknown-handler',
        severity: 'error',
        what: `${label} notifies "${name}", and no handler of the play has that name.`,
        ...(at && { at }),
        mend: known.length === 0 ? 'Add it under `handlers:` of the play or of the role.' : didYouMean(name, known),
      };
    },
  };
}

function nameOf(handler: HandlerTask): string {
  return String(handler.name.value);
}

function fullName(handler: HandlerTask): string | undefined {
  return handler.role && `${handler.role.role.name} : ${nameOf(handler)}`;
}
