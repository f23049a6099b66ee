import { type Diagnostic, type Result, result } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { isAddress } from './host-range.ts';
import type { Inventory } from './inventory.ts';

/** What one part of a pattern came to. */
type Matched = { readonly hosts: readonly string[]; readonly isKnown: boolean } | { readonly fault: Diagnostic };

interface Selection {
  readonly hosts: readonly string[];
  /** Parts that fit no host and no group. */
  readonly unmatched: readonly string[];
  readonly faults: readonly Diagnostic[];
}

/**
 * The names of the hosts that a pattern selects, in Ansible's language and order: `all`, groups, hosts, globs,
 * `~regex`, `a:b` or `a,b`, `a:&b`, `a:!b`, `group[0]`, `group[0:2]`. `limit` selects among them and never adds. A part
 * that fits nothing is a warning in the pattern and an error in the limit.
 */
export function matchHosts(inventory: Inventory, pattern: string, limit?: string): Result<readonly string[]> {
  const chosen = select(inventory, pattern);
  const within = limit === undefined ? undefined : select(inventory, limit);
  const diagnostics = [
    ...chosen.faults,
    ...chosen.unmatched.map((part) => unmatched(inventory, part, 'warning')),
    ...(within?.faults ?? []),
    ...(within?.unmatched ?? []).map((part) => unmatched(inventory, part, 'error')),
  ];
  return result(() => chosen.hosts.filter((host) => within === undefined || within.hosts.includes(host)), diagnostics);
}

function select(inventory: Inventory, pattern: string): Selection {
  const parts = splitPattern(pattern);
  const plain = parts.filter((part) => !/^[&!]/.test(part));
  const unmatched: string[] = [];
  const faults: Diagnostic[] = [];
  const resolve = (part: string): readonly string[] => {
    const matched = matchPart(inventory, part);
    if ('fault' in matched) faults.push(matched.fault);
    else if (!matched.isKnown) unmatched.push(part);
    return 'fault' in matched ? [] : matched.hosts;
  };
  const isOnlyRestricting = parts.length > 0 && plain.length === 0;
  const hosts = new Set((isOnlyRestricting ? ['all'] : plain).flatMap(resolve));
  for (const part of parts.filter((one) => one.startsWith('&'))) {
    const kept = new Set(resolve(part.slice(1)));
    for (const host of hosts) if (!kept.has(host)) hosts.delete(host);
  }
  for (const part of parts.filter((one) => one.startsWith('!'))) {
    for (const host of resolve(part.slice(1))) hosts.delete(host);
  }
  return { hosts: [...hosts], unmatched, faults };
}

/** Commas separate; without any, so do colons that belong neither to an address nor to brackets. */
function splitPattern(pattern: string): readonly string[] {
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : isAddress(pattern)
      ? [pattern]
      : (pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function matchPart(inventory: Inventory, part: string): Matched {
  if (inventory.hosts.has(part)) return { hosts: [part], isKnown: true };
  if (part.startsWith('@')) {
    const mend = 'Write the hosts into the pattern, separated by commas.';
    return fault('bad-pattern', `A pattern cannot take hosts from a file, as "${part}" would.`, mend);
  }
  const subscript = part.startsWith('~') ? undefined : /^(.+)\[(?:(-?\d+)|(\d+)([:-])(\d*))\]$/.exec(part);
  if (!subscript) return matchName(inventory, part);
  const [, name = '', index, first, separator, last] = subscript;
  if (separator === '-') {
    const mend = `Write "${name}[${first}:${last}]" for positions, or a regular expression "~${name}[${first}-${last}]".`;
    return fault('bad-pattern', `"${part}" is neither a range of positions nor a glob.`, mend);
  }
  const matched = matchName(inventory, name);
  if ('fault' in matched || matched.hosts.length === 0) return matched;
  const hosts =
    index === undefined
      ? matched.hosts.slice(Number(first), last === '' || last === undefined ? undefined : Number(last) + 1)
      : [matched.hosts.at(Number(index))].filter((host) => host !== undefined);
  if (hosts.length > 0 || index === undefined) return { hosts, isKnown: true };
  const count = matched.hosts.length;
  const mend = `Positions count from 0 to ${count - 1}, or back from -1.`;
  return fault('bad-pattern', `"${part}" asks for more than the ${count} hosts of "${name}".`, mend);
}

/** A glob or regex may fit groups, hosts or both; a plain name is a group or, if there is none, a host. */
function matchName(inventory: Inventory, name: string): Matched {
  const fits = matcher(name);
  if (!fits) return fault('bad-pattern', `"${name}" is not a valid regular expression.`, 'Mend or quote it.');
  const groups = [...inventory.groups.values()].filter((group) => fits(group.name));
  const isPlain = !name.startsWith('~') && !/[.?*[]/.test(name);
  const hosts = groups.length > 0 && isPlain ? [] : [...inventory.hosts.keys()].filter(fits);
  const all = new Set([...groups.flatMap((group) => group.allHosts), ...hosts]);
  return { hosts: [...all], isKnown: groups.length > 0 || all.size > 0 || name === 'all' };
}

function matcher(pattern: string): ((name: string) => boolean) | undefined {
  try {
    const regex = new RegExp(pattern.startsWith('~') ? `^(?:${pattern.slice(1)})` : globSource(pattern), 'su');
    return (name) => regex.test(name);
  } catch {
    return undefined;
  }
}

function globSource(glob: string): string {
  const parts = glob.match(/\[!?\]?[^\]]*\]|[\s\S]/gu) ?? [];
  const sources = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length < 2 || !part.startsWith('[')) return part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    const isNegated = part.startsWith('[!');
    const inner = part.slice(isNegated ? 2 : 1, -1).replace(/[\\[\]^&~|]/g, '\\$&');
    return `[${isNegated ? '^' : ''}${inner}]`;
  });
  return `^(?:${sources.join('').replaceAll('\\-', '\\x2d')})$`;
}

function unmatched(inventory: Inventory, part: string, severity: 'warning' | 'error'): Diagnostic {
  const what = `${severity === 'error' ? 'The limit' : 'The host pattern'} "${part}" fits no host and no group.`;
  const known = [...inventory.groups.keys(), ...inventory.hosts.keys()].filter((name) => name !== 'ungrouped');
  return { code: 'no-match', severity, what, mend: didYouMean(part, known.slice(0, 50)) };
}

function fault(code: string, what: string, mend: string): { readonly fault: Diagnostic } {
  return { fault: { code, severity: 'error', what, mend } };
}
