import { visible } from '../diagnostics/visible.ts';
import type { FieldChange, Shown } from '../resources/change.ts';
import type { AnyKind } from '../resources/kind.ts';
import type { Resource } from '../resources/resource.ts';
import { textDiff } from './text-diff.ts';

/** What of a field may be told where nobody asked for differences: of hidden values nothing, of contents their length. */
export type Telling = 'hidden' | 'content' | 'deed' | undefined;

/** Lines of a difference that a fault has room for, and characters of a value. */
const fewLines = 4;
const fewCharacters = 80;

/** What may be told of the fields of a resource. */
export function tellingOf(resource: Resource, kinds: ReadonlyMap<string, AnyKind>): (field: string) => Telling {
  const kind = kinds.get(resource.kind);
  return (field) => (resource.noLog ? 'hidden' : kind?.tells?.(field));
}

/** A value in a sentence: `"0644"`, `3 lines`, `absent`, `(secret)`. */
export function toldValue(value: Shown, telling: Telling): string {
  if (value === undefined) return 'absent';
  if (telling === 'hidden') return '(secret)';
  if (telling !== 'content' && !isText(value)) return cut(visible(JSON.stringify(value)));
  const lines = String(value).replace(/\n$/, '').split('\n').length;
  return lines === 1 ? '1 line' : `${lines} lines`;
}

/** A field that is not as wanted, in a sentence, with what is wanted and what is found. */
export function wantedAndFound({ field, from, to }: FieldChange, telling: Telling): string {
  const name = visible(field);
  const [wanted, found] = [toldValue(to, telling), toldValue(from, telling)];
  if (telling === 'deed') return `${name}: wanted ${wanted}, found still ${found}`;
  if (telling !== undefined || from === undefined || to === undefined || !(isText(from) || isText(to))) {
    return `${name}: wanted ${wanted}, found ${wanted === found ? `another ${found}` : found}`;
  }
  const differing = textDiff(String(to), String(from)).lines.filter((line) => /^[-+]/.test(line));
  const told = differing.slice(0, fewLines).map((line) => `${line[0]}${cut(JSON.stringify(line.slice(1)))}`);
  const more = differing.length > fewLines ? ` and ${differing.length - fewLines} more lines` : '';
  return `${name}: wanted ${wanted}, found ${found}, from one to the other ${told.join(' ')}${more}`;
}

function isText(value: Shown): boolean {
  return typeof value === 'string' && value.includes('\n');
}

function cut(text: string): string {
  return text.length > fewCharacters ? `${text.slice(0, fewCharacters - 1)}…` : text;
}
