/** What a plain (unquoted) scalar means, or why it must be quoted because readers of YAML disagree about it. */
export type Resolved = { readonly value: string | number | boolean | null } | { readonly doubt: string };

const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER = /^([-+]?)(?:0b([01_]+)|0x([0-9a-fA-F_]+)|0([0-7_]+)|(0|[1-9][0-9_]*))$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const SPECIAL = /^(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const BASE_SIXTY = /^[-+]?(?:[1-9][0-9_]*(?::[0-5]?[0-9])+|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;

/**
 * Resolves a plain scalar as PyYAML does, which is what Ansible's users know: `yes` is true, `0644` is 420, `0o644`,
 * `1e3` and `08` are text. Dates stay text. Numbers in base sixty (`22:22`) and integers beyond 2^53 are doubts.
 */
export function resolvePlain(text: string): Resolved {
  if (TRUE.test(text)) return { value: true };
  if (FALSE.test(text)) return { value: false };
  if (NULL.test(text)) return { value: null };
  const integer = INTEGER.exec(text);
  if (integer) return resolveInteger(text, integer);
  if (FLOAT.test(text)) return { value: Number(text.replaceAll('_', '')) };
  const special = SPECIAL.exec(text);
  if (special) return { value: special[1] === undefined ? Number.NaN : special[1] === '-' ? -Infinity : Infinity };
  if (BASE_SIXTY.test(text)) {
    return { doubt: `Ansible reads ${text} as a number in base sixty; almost nobody means that.` };
  }
  return { value: text };
}

function resolveInteger(text: string, [, sign, binary, hex, octal, decimal]: RegExpExecArray): Resolved {
  const digits = (binary ?? hex ?? octal ?? decimal ?? '').replaceAll('_', '');
  const base = binary !== undefined ? 2 : hex !== undefined ? 16 : octal !== undefined ? 8 : 10;
  if (digits === '') return base === 8 ? { value: 0 } : { value: text };
  const size = Number.parseInt(digits, base);
  if (!Number.isSafeInteger(size)) return { doubt: `${text} is too big to be kept exactly as a number.` };
  return { value: sign === '-' && size !== 0 ? -size : size };
}
