import type { Result } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { toYaml } from '../yaml/yaml.ts';
import type { Inventory, Variable } from './inventory.ts';

/** Names whose values are not shown. */
const SECRET = /(?:password|passwd|passphrase|_pass|secret|token|api_key)$/i;

/** Where the value of a host's variable comes from and what it overrode, as text; the winner stands first. */
export function explainVariable(inventory: Inventory, hostName: string, name: string): Result<string> {
  const host = inventory.hosts.get(hostName);
  if (!host) {
    const what = `The inventory has no host "${hostName}".`;
    const mend = didYouMean(hostName, [...inventory.hosts.keys()]);
    return { ok: false, faults: [{ code: 'unknown-host', severity: 'error', what, mend }] };
  }
  const variable = host.vars.get(name);
  if (!variable) {
    const what = `The inventory sets no variable "${name}" for ${hostName}.`;
    const why = 'Values of roles, plays and the command line are not part of the inventory.';
    const mend = didYouMean(name, [...host.vars.keys()]);
    return { ok: false, faults: [{ code: 'unknown-variable', severity: 'error', what, why, mend }] };
  }
  const shown = ({ value }: Variable) => (SECRET.test(name) ? '***' : valueText(value));
  const lines = [
    `${name} of ${hostName} is ${shown(variable)}`,
    `  set by    ${levelText(variable)}`,
    ...variable.overrode.map((other) => `  overrode  ${levelText(other)}: ${shown(other)}`),
  ];
  return { ok: true, value: lines.join('\n'), warnings: [] };
}

function levelText({ source, at }: Variable): string {
  return `${source}, ${at.file}:${at.line}`;
}

/** A value as YAML: on the line when it is one, indented below it otherwise. */
function valueText(value: unknown): string {
  const text = toYaml(value).trimEnd();
  const isCollection = typeof value === 'object' && value !== null;
  return text.includes('\n') || (isCollection && !/^[[{]/.test(text)) ? `\n${text.replace(/^/gm, '    ')}` : text;
}
