import type { FieldChange, Shown } from '../resources/change.ts';
import { textDiff, visible } from './text-diff.ts';

/** Lines of a difference that a fault has room for, and characters of a value. */
const fewLines = 4;
const fewCharacters = 80;

/** A value in a sentence: `"0644"`, `3 lines`, `absent`, `(secret)`. */
export function toldValue(value: Shown, hidden: boolean): string {
  if (value === undefined) return 'absent';
  if (hidden) return '(secret)';
  if (!isText(value)) return cut(visible(JSON.stringify(value)));
  const lines = String(value).replace(/\n$/, '').split('\n').length;
  return lines === 1 ? '1 line' : `${lines} lines`;
}

/** A field that is not as wanted, in a sentence, with what is wanted and what is found; `isDeed`: `to` says what is due. */
export function wantedAndFound({ field, from, to }: FieldChange, hidden: boolean, isDeed: boolean): string {
  const name = visible(field);
  const [wanted, found] = [toldValue(to, hidden), toldValue(from, hidden)];
  if (isDeed) return `${name}: wanted ${wanted}, found still ${found}`;
  if (hidden || from === undefined || to === undefined || !(isText(from) || isText(to))) {
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
