import { Failure, valueFailure } from '../fault.ts';
import { dictGet } from '../values/dicts.ts';
import { boundSize } from '../values/limits.ts';
import { Dict, isDict, isList, Tuple, type Val } from '../values/values.ts';
import { formatValue } from './format-spec.ts';
import { ascii, repr, str } from './python-text.ts';

const FIELD = /^([^!:[\]]*?)((?:\[[^\]]*\])*)(?:!([rsa]))?(?::([\s\S]*))?$/;

/** Python's `'…{}…'.format(values)`; fields may be positions, names, and keys in brackets, but no attributes. */
export function braceFormat(template: string, args: readonly Val[], named: Val): string {
  let automatic = 0;
  let manual = false;
  const names = isDict(named) ? named : new Dict();
  const field = (written: string): string => {
    const parts = FIELD.exec(written);
    if (parts === null) throw valueFailure('A format text has a field that cannot be read.');
    const [, name = '', keys = '', conversion, spec = ''] = parts;
    if (name.includes('.')) throw new Failure('unsupported', 'Attributes in the fields of format() are not supported.');
    manual ||= /^\d+$/.test(name);
    if (manual && (name === '' || automatic > 0)) throw valueFailure('format() cannot have both {} and {0} fields.');
    const start = name === '' ? args[automatic++] : /^\d+$/.test(name) ? args[Number(name)] : dictGet(names, name);
    if (start === undefined) throw valueFailure(`format() was not given a value for '{${name}}'.`);
    const value = keys
      .split(/[[\]]+/)
      .filter((key) => key !== '')
      .reduce(part, start);
    const filledSpec = expand(spec, field);
    return formatValue(converted(value, conversion), filledSpec);
  };
  const result = expand(template, field);
  boundSize(result.length);
  return result;
}

function converted(value: Val, conversion: string | undefined): Val {
  if (conversion === undefined) return value;
  return conversion === 's' ? str(value) : conversion === 'r' ? repr(value) : ascii(value);
}

/** Replaces the fields of a format text, which may nest once; doubled braces stand for themselves. */
function expand(template: string, field: (written: string) => string): string {
  let result = '';
  let at = 0;
  while (at < template.length) {
    const char = template[at]!;
    if (char !== '{' && char !== '}') {
      result += char;
      at += 1;
    } else if (template[at + 1] === char) {
      result += char;
      at += 2;
    } else {
      const end = char === '{' ? closing(template, at) : -1;
      if (end === -1)
        throw valueFailure(`A format text has a single '${char}'.`, `Write '${char}${char}' for the character.`);
      result += field(template.slice(at + 1, end));
      at = end + 1;
    }
  }
  return result;
}

function closing(template: string, open: number): number {
  let depth = 0;
  for (let at = open; at < template.length; at += 1) {
    if (template[at] === '{') depth += 1;
    if (template[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function part(value: Val, key: string): Val {
  const index = /^\d+$/.test(key) ? Number(key) : key;
  const found = isDict(value)
    ? dictGet(value, index)
    : isList(value) && typeof index === 'number'
      ? value[index]
      : value instanceof Tuple && typeof index === 'number'
        ? value.items[index]
        : undefined;
  if (found === undefined) throw valueFailure(`format() was given a value without '${key}'.`);
  return found;
}
