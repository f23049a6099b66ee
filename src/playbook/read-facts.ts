import { builtInFacts, type DeclaredFact, type FactType } from './facts.ts';
import { type Reading, report } from './reading.ts';
import { scanTemplates } from './scan-templates.ts';
import { part, under, type Written } from './written.ts';

/** The facts that a play declares. */
export function readFacts(reading: Reading, entry: Written): readonly DeclaredFact[] {
  if (!under(entry, 'facts')) return [];
  const whole = part(entry, 'facts');
  return Object.entries(
    whole.value as Readonly<Record<string, { readonly command: string; readonly type?: FactType }>>,
  ).flatMap(([name, fact]) => {
    if (builtInFacts.some((known) => known.name === name)) {
      report(
        reading,
        { at: part(whole, name), key: true },
        {
          code: 'reserved-name',
          what: `A play cannot declare the fact "${name}".`,
          why: 'Every host is asked for a fact of this name already.',
          mend: 'Choose another name, or take the declaration out.',
        },
      );
      return [];
    }
    const command = part(whole, name, 'command');
    scanTemplates(reading, command);
    return [{ name, type: fact.type ?? 'string', command, at: whole.at([name], 'key')! }];
  });
}
