import type { Fragment } from './check.ts';
import type { Schema } from './schema.ts';
import { inlineYaml, listWords, typeWords } from './words.ts';

interface Row {
  readonly name: string;
  readonly facts: string;
  readonly lines: readonly string[];
}

/** A schema as plain text for `explain`: per field its name, type, whether required, default, description, example. */
export function explainSchema(schema: Schema<unknown>): string {
  const root = schema as Fragment;
  const rows = [root, ...(root.oneOf ?? []), ...(root.anyOf ?? [])].flatMap((form) => rowsOf(form, ''));
  const width = Math.min(28, Math.max(0, ...rows.map((row) => row.name.length)));
  const indent = ' '.repeat(width + 2);
  const texts = rows.map(({ name, facts, lines }) =>
    [`${name.padEnd(width)}  ${facts}`, ...lines.map((line) => indent + line)].join('\n'),
  );
  return [...texts, ...choices(root)].join('\n');
}

function rowsOf(schema: Fragment, prefix: string): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const name = prefix + key;
    const isRequired = schema.required?.includes(key) ?? false;
    const facts = [
      typeText(field),
      isRequired && 'required',
      field.default !== undefined && `default ${inlineYaml(field.default)}`,
    ];
    const lines = [field.description, field.examples?.[0] !== undefined && `Example: ${inlineYaml(field.examples[0])}`];
    const row: Row = {
      name,
      facts: facts.filter(Boolean).join(', '),
      lines: lines.filter((line): line is string => typeof line === 'string' && line !== ''),
    };
    return [row, ...nested(field, name)];
  });
}

function nested(field: Fragment, name: string): readonly Row[] {
  const forms = [field, ...(field.oneOf ?? []), ...(field.anyOf ?? [])];
  return forms.flatMap((form) => {
    const entry = typeof form.items === 'object' ? form.items : undefined;
    const named = form['additionalProperties'] as Fragment | boolean | undefined;
    return [
      ...rowsOf(form, `${name}.`),
      ...(entry ? rowsOf(entry, `${name}[].`) : []),
      ...(typeof named === 'object' ? rowsOf(named, `${name}.NAME.`) : []),
    ];
  });
}

function typeText(field: Fragment): string {
  const allowed = field.enum ?? (field.const === undefined ? undefined : [field.const]);
  if (allowed) return listWords(allowed.map(inlineYaml), 'or');
  const forms = field.oneOf ?? field.anyOf;
  if (forms?.some((form) => typeText(form) !== 'any value')) {
    return listWords([...new Set(forms.map(typeText))], 'or');
  }
  if (field.type === undefined) return 'any value';
  const entry = field.type === 'array' && typeof field.items === 'object' ? typeText(field.items) : undefined;
  return entry === undefined || entry === 'any value' ? typeWords(field.type) : `a list of: ${entry}`;
}

/** "Exactly one of …" where the schema says so of its keys. */
function choices(schema: Fragment): readonly string[] {
  const forms = schema.oneOf ?? schema.anyOf ?? [];
  const names = forms.flatMap((form) => (form.required ? [listWords(form.required, 'and')] : []));
  if (names.length === 0 || names.length !== forms.length) return [];
  return [`${schema.oneOf ? 'Exactly' : 'At least'} one of ${listWords(names, 'or')} is needed.`];
}
