import { valueFailure } from '../fault.ts';

const ESCAPE = /\\(?:g<(\w+)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S]?))/gu;
const CONTROL: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text that a replacement in Python's notation (`\1`, `\g<name>`) stands for after a match. */
export function expandReplacement(replacement: string, match: RegExpMatchArray): string {
  return replacement.replace(ESCAPE, (all, name, octal, position, letter: string | undefined) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (name !== undefined) return groupOf(match, name);
    if (position !== undefined) return groupOf(match, position);
    const control = CONTROL[letter ?? ''];
    if (control !== undefined) return control;
    if (letter === '' || /[A-Za-z]/.test(letter!)) throw valueFailure(`A replacement has no escape '\\${letter}'.`);
    return all;
  });
}

/** The text of a group by its number or name; empty where the group took no part in the match. */
function groupOf(match: RegExpMatchArray, name: string): string {
  const isNumber = /^\d+$/.test(name);
  const known = isNumber ? Number(name) < match.length : Object.hasOwn(match.groups ?? {}, name);
  if (!known) throw valueFailure(`The regular expression has no group '${name}'.`);
  return (isNumber ? match[Number(name)] : match.groups?.[name]) ?? '';
}
