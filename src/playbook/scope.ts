import { Refusal } from '../diagnostics/diagnostic.ts';
import { addUse, cycle } from './template-faults.ts';
import type { Written } from './written.ts';

/** Something a name can stand for: a value as it is (and where it was written, if it was), or one to fill in when it is used. */
export type Binding = { readonly known: unknown; readonly source?: Written } | { readonly source: Written };

/** The names of one level, over those of the levels around it. */
export interface Scope {
  readonly host: string;
  readonly parent: Scope | undefined;
  readonly names: ReadonlyMap<string, Binding>;
  /** What was filled in, once there is any. */
  values?: Map<string, { readonly value: unknown; readonly uses: ReadonlySet<string> }>;
}

/** How a value as written is filled in; `lookup` gives the names it uses, `names` those that it could use. */
export type Fill = (source: Written, lookup: (name: string) => unknown, names: () => readonly string[]) => unknown;

/** A scope within another. */
export function innerScope(parent: Scope, names: ReadonlyMap<string, Binding>): Scope {
  return names.size === 0 ? parent : { host: parent.host, parent, names };
}

export function outermostScope(host: string, names: ReadonlyMap<string, Binding>): Scope {
  return { host, parent: undefined, names };
}

/** Every name that a scope knows. */
export function namesOf(scope: Scope | undefined): readonly string[] {
  return scope ? [...scope.names.keys(), ...namesOf(scope.parent)] : [];
}

/** Where a name of a scope stands; undefined for names that nobody wrote. */
export function sourceOf(scope: Scope | undefined, name: string): Written | undefined {
  const found = scope?.names.get(name);
  if (found) return found.source;
  return scope && sourceOf(scope.parent, name);
}

export interface Resolver {
  /** The value of a name, filled in where it is used; undefined when there is no such name. */
  resolve(scope: Scope, name: string): unknown;
}

/**
 * Fills in variables when they are used, each once for all scopes in which it comes out the same: what is remembered
 * with a value is every name it was made of, so an inner scope shares it unless it gives one of them another meaning.
 */
export function makeResolver(fill: Fill): Resolver {
  const open: { readonly scope: Scope; readonly name: string; readonly uses: Set<string> }[] = [];

  const resolve = (scope: Scope, name: string): unknown => {
    const user = open.at(-1);
    user?.uses.add(name);
    const defining = definingScope(scope, name);
    const binding = defining?.names.get(name);
    if (!defining || !binding) return undefined;
    if ('known' in binding) return binding.known;
    const found = remembered(scope, defining, name) ?? compute(scope, defining, name, binding.source);
    if (user) for (const used of found.uses) user.uses.add(used);
    return found.value;
  };

  const compute = (scope: Scope, defining: Scope, name: string, source: Written) => {
    const again = open.findIndex((one) => one.name === name && one.scope.host === scope.host);
    if (again >= 0) throw cycle([...open.slice(again).map((one) => one.name), name], source);
    const uses = new Set<string>();
    open.push({ scope, name, uses });
    try {
      const found = {
        value: fill(
          source,
          (used) => resolve(scope, used),
          () => namesOf(scope),
        ),
        uses,
      };
      const sharing = outermostSharing(scope, defining, uses);
      sharing.values ??= new Map();
      sharing.values.set(name, found);
      return found;
    } catch (error) {
      if (error instanceof Refusal) addUse(error, name);
      throw error;
    } finally {
      open.pop();
    }
  };

  return { resolve };
}

function definingScope(scope: Scope, name: string): Scope | undefined {
  let at: Scope | undefined = scope;
  while (at && !at.names.has(name)) at = at.parent;
  return at;
}

function remembered(scope: Scope, defining: Scope, name: string) {
  for (let at: Scope = scope; ; at = at.parent!) {
    const found = at.values?.get(name);
    if (found) return outermostSharing(scope, at, found.uses) === at ? found : undefined;
    if (at === defining) return undefined;
  }
}

/** The outermost scope, no further out than `limit`, in which these names mean the same. */
function outermostSharing(scope: Scope, limit: Scope, uses: ReadonlySet<string>): Scope {
  let at = scope;
  while (at !== limit && !overlaps(at.names, uses)) at = at.parent!;
  return at;
}

function overlaps(names: ReadonlyMap<string, Binding>, uses: ReadonlySet<string>): boolean {
  const [few, many] = names.size < uses.size ? [names, uses] : [uses, names];
  for (const name of few.keys()) if (many.has(name)) return true;
  return false;
}
