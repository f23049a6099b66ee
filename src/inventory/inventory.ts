import type { Place } from '../diagnostics/diagnostic.ts';

/** One setting of a variable: its raw value (templates are rendered later) and where it was written. */
export interface Variable {
  readonly value: unknown;
  /** Place of the value. */
  readonly at: Place;
  /** The level it was set at: `group_vars of "web"`. */
  readonly source: string;
  /** What it replaced, the last replaced first. */
  readonly overrode: readonly Variable[];
  /** Place of a value inside this one; with `line` and `col`, of a character inside that value's text. */
  within(path: readonly (string | number)[], line?: number, col?: number): Place;
}

/** One server. */
export interface Host {
  readonly name: string;
  /** All its groups, from the weakest to the strongest in precedence: `all` first. */
  readonly groups: readonly string[];
  readonly vars: ReadonlyMap<string, Variable>;
}

/** A set of hosts and of other groups. */
export interface Group {
  readonly name: string;
  /** Hosts that are members themselves, in the order they were declared. */
  readonly hosts: readonly string[];
  /** Hosts that are members themselves or through a child, in the order of the inventory. */
  readonly allHosts: readonly string[];
  readonly children: readonly string[];
  /** Longest way down from `all`, whose depth is 0. */
  readonly depth: number;
  /** Among groups of one depth the higher priority wins, and then the later name. */
  readonly priority: number;
  /** It follows from something other than the inventory's own files, so it may well be empty. */
  readonly given?: true;
}

/** The hosts and groups of an estate. Both maps are in the order of the inventory; `all` and `ungrouped` always exist. */
export interface Inventory {
  readonly path: string;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
}
