import { didYouMean, nearest } from '../diagnostics/suggest.ts';
import type { AnyKind } from '../resources/kind.ts';
import { foreignKeys, foreignKinds, shortName } from './ansible-words.ts';
import type { PartSchema } from './language.ts';
import { type Reading, report, reportForeign } from './reading.ts';
import { part, type Written } from './written.ts';

/** The kind of a task, from those of its keys that are its `own`; undefined, with a fault, unless there is exactly one. */
export function readKind(
  reading: Reading,
  entry: Written,
  own: readonly string[],
  schema: PartSchema,
  label: string,
): AnyKind | undefined {
  const kinds = own.filter((key) => reading.kinds.has(key));
  let explained = false;
  for (const key of own) {
    if (reading.kinds.has(key)) continue;
    explained = true;
    const short = shortName(key);
    const foreign = foreignKeys[key] ?? foreignKinds[short];
    if (foreign) reportForeign(reading, entry, key, label, foreign);
    else if (short !== key && reading.kinds.has(short)) reportForeign(reading, entry, key, label, sameName(short));
    else reportUnknown(reading, entry, key, schema, label, kinds.length > 0);
  }
  if (kinds.length > 1) {
    report(
      reading,
      { at: part(entry, kinds[1]!), key: true },
      {
        code: 'two-kinds',
        what: `${label} has two kinds: ${kinds.map((kind) => `"${kind}"`).join(' and ')}.`,
        why: 'A task is about one thing on a host.',
        mend: 'Make it a task for each.',
      },
    );
    return undefined;
  }
  if (kinds.length === 0 && !explained) {
    const known = [...reading.kinds.keys()].sort().join(', ');
    report(reading, entry, {
      code: 'no-kind',
      what: `${label} does not say what it is about.`,
      why: `A task has exactly one kind: ${known}.`,
      mend: 'Add the kind as a key, with what it needs below it.',
    });
  }
  return kinds.length === 1 ? reading.kinds.get(kinds[0]!) : undefined;
}

function sameName(short: string): { readonly why: string; readonly mend: string } {
  return {
    why: 'Kinds have one short name, and keys of their own.',
    mend: `Write \`${short}:\` (see \`hadeploy explain ${short}\`).`,
  };
}

function reportUnknown(
  reading: Reading,
  entry: Written,
  key: string,
  schema: PartSchema,
  label: string,
  hasKind: boolean,
): void {
  const kinds = hasKind ? [] : [...reading.kinds.keys()];
  const known = [...Object.keys(schema.properties), ...kinds];
  report(
    reading,
    { at: part(entry, key), key: true },
    hasKind || nearest(key, Object.keys(schema.properties)) !== undefined
      ? { code: 'unknown-key', what: `${label} has no key "${key}".`, mend: didYouMean(key, known) }
      : {
          code: 'unknown-kind',
          what: `${label} has the kind "${key}", which does not exist.`,
          mend: didYouMean(key, kinds),
        },
  );
}
