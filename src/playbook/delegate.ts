import { didYouMean } from '../diagnostics/suggest.ts';
import type { Delegate } from '../resources/resource.ts';
import { holdsUnknown } from './fill.ts';
import { attempt, filledIn, type OnHost } from './on-host.ts';
import type { Task } from './playbook.ts';
import type { Scope } from './scope.ts';

/** The hosts that do a task in place of its own; `open` while that depends on a fact nobody asked for yet. */
export function delegateOf(
  here: OnHost,
  { to, mayFail }: NonNullable<Task['delegate']>,
  scope: Scope,
): Delegate | 'open' | undefined {
  const value = attempt(
    here,
    () => to.at(),
    () => filledIn(here, to, scope),
  );
  if (value === undefined) return undefined;
  if (holdsUnknown(value)) return 'open';
  const hosts = (Array.isArray(value) ? value : [value]).map(String);
  const known = [...here.estate.inventory.hosts.keys()];
  const unknown = hosts.filter((host) => !known.includes(host));
  if (hosts.length > 0 && unknown.length === 0) return { hosts, mayFail };
  const at = to.at();
  here.report({
    code: 'unknown-host',
    severity: 'error',
    what:
      hosts.length === 0
        ? '`delegate_to` is an empty list.'
        : `\`delegate_to\` names ${unknown.map((host) => `"${host}"`).join(', ')}, which the inventory does not have.`,
    ...(at && { at }),
    mend: hosts.length === 0 ? 'Say with `when:` where the task does not apply.' : didYouMean(unknown[0]!, known),
  });
  return undefined;
}
