import { type Diagnostic, Refusal, type Result } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Inventory, Variable } from '../inventory/inventory.ts';
import { toYaml } from '../yaml/yaml.ts';
import { makeEngine } from './engine.ts';
import { holdsUnknown } from './fill.ts';
import { inventoryScope, playScope, roleNames } from './host-names.ts';
import type { Playbook, RoleUse, Source } from './playbook.ts';
import { innerScope, namesOf, type Scope } from './scope.ts';
import { explained } from './template-faults.ts';

/** One place that sets a variable: its level in words, and the value as it was written. */
interface Setting {
  readonly where: string;
  readonly value: unknown;
}

// Names whose values are not shown.
const secret = /(?:password|passwd|passphrase|_pass|secret|token|api_key)$/i;

/**
 * Where a variable of a host comes from, as text: for each play and role in which it comes out another way, its value,
 * what set it, and what that overrode. Values that need a fact are shown as they were written.
 */
export function explainVariable(
  playbook: Playbook,
  inventory: Inventory,
  extraVars: ReadonlyMap<string, unknown>,
  host: string,
  name: string,
): Result<string> {
  const one = inventory.hosts.get(host);
  if (!one) return refuse('unknown-host', `The inventory has no host "${host}".`, host, [...inventory.hosts.keys()]);
  const { estate, resolver } = makeEngine(playbook, inventory, extraVars);
  const plays = playbook.plays.filter((play) => play.hosts.includes(host));
  const seen = new Map<string, string>();
  const known = new Set<string>();
  const add = (title: string, scope: Scope, settings: readonly Setting[]): void => {
    for (const each of namesOf(scope)) known.add(each);
    const top = settings[0];
    if (!top) return;
    const shown = (value: unknown) => (secret.test(name) ? '***' : valueText(value));
    const lines = [
      `is ${shown(resolved(() => resolver.resolve(scope, name), top.value))}`,
      `  set by    ${top.where}: ${shown(top.value)}`,
      ...settings.slice(1).map(({ where, value }) => `  overrode  ${where}: ${shown(value)}`),
    ];
    const text = lines.join('\n');
    if (!seen.has(text)) seen.set(text, title);
  };
  const extra: readonly Setting[] = extraVars.has(name) ? [{ where: '-e', value: extraVars.get(name) }] : [];
  const own = inventorySettings(one.vars.get(name));
  add('', inventoryScope(estate, host, one), [...extra, ...own]);
  for (const play of plays) {
    const set = play.vars.get(name);
    const below = [...(set ? [setting(set)] : []), ...own];
    const scope = playScope(estate, play, host, undefined);
    add(` in the play "${play.name}"`, scope, [...extra, ...below]);
    for (const use of play.items.flatMap((item) => (item.is === 'block' && item.role ? [item.role] : []))) {
      const inner = innerScope(scope, roleNames(estate, scope, use));
      add(` in the role "${use.role.name}" of the play "${play.name}"`, inner, [
        ...extra,
        ...roleSettings(use, name, below),
      ]);
    }
  }
  if (seen.size === 0)
    return refuse('unknown-variable', `Nothing sets a variable "${name}" for ${host}.`, name, [...known]);
  const whereas = seen.size > 1;
  const texts = [...seen].map(([text, title]) => `${name} of ${host}${whereas ? title : ''} ${text}`);
  return { ok: true, value: texts.join('\n\n'), warnings: [] };
}

function roleSettings(use: RoleUse, name: string, below: readonly Setting[]): readonly Setting[] {
  const set = use.vars.get(name);
  const fallback = use.role.defaults.get(name);
  return [...(set ? [setting(set)] : []), ...below, ...(fallback ? [setting(fallback)] : [])];
}

function setting(source: Source): Setting {
  const at = source.at();
  return { where: `${source.level}${at ? `, ${at.file}:${at.line}` : ''}`, value: source.value };
}

function inventorySettings(variable: Variable | undefined): readonly Setting[] {
  if (!variable) return [];
  return [variable, ...variable.overrode].map(({ source, at, value }) => ({
    where: `${source}, ${at.file}:${at.line}`,
    value,
  }));
}

/** The value filled in; as it was written, where that cannot be told before the host is asked. */
function resolved(get: () => unknown, written: unknown): unknown {
  try {
    const value = get();
    return holdsUnknown(value) ? written : value;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `not to be told: ${explained(error, undefined)[0]?.what}`;
  }
}

function valueText(value: unknown): string {
  const text = toYaml(value).trimEnd();
  const isCollection = typeof value === 'object' && value !== null;
  return text.includes('\n') || (isCollection && !/^[[{]/.test(text)) ? `\n${text.replace(/^/gm, '    ')}` : text;
}

function refuse(code: string, what: string, name: string, known: readonly string[]): Result<string> {
  const fault: Diagnostic = { code, severity: 'error', what, mend: didYouMean(name, known) };
  return { ok: false, faults: [fault] };
}
