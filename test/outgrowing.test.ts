import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatDiagnostic } from '../src/diagnostics/format.ts';
import { checkTopology } from '../src/topology/rules/rules.ts';
import { soundFiles, surveyOf } from './unit/topology/rules/sound.ts';

const page = readFileSync('docs/outgrowing.md', 'utf8');
const snippets = [...page.matchAll(/^```yaml\n# topology\.yml\n(.*?)^```$/gms)].map(([, text]) => text!);

type Cells = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A sound topology with the cells of a snippet in the place of its own, and who is let in beside those that were. */
function withSnippet(snippet: string): string {
  const base = parse(soundFiles['topology.yml']!) as Cells;
  const { firewall, ...more } = parse(snippet) as Cells;
  const sections = Object.entries(more).map(([name, cells]) => [name, { ...base[name], ...cells }]);
  const allow = [base['firewall'], firewall].flatMap((one) => one?.['allow'] ?? []);
  return stringify({ ...base, ...Object.fromEntries(sections), firewall: { allow } });
}

describe('the page on outgrowing federators', () => {
  it('has a snippet for every kind of store, for the ruler and for small federators', () => {
    expect(snippets).toHaveLength(6);
    const written = snippets.join('\n');
    for (const kind of ['mimir', 'thanos', 'victoriametrics']) expect(written).toContain(`kind: ${kind}`);
  });

  it.each(snippets)('breaks no rule with this:\n%s', (snippet) => {
    const survey = surveyOf({ ...soundFiles, 'topology.yml': withSnippet(snippet) });
    expect(checkTopology(survey).map((fault) => formatDiagnostic(fault, () => undefined))).toEqual([]);
  });

  it('says rightly that an estate without federators and pushgateways is sound', () => {
    const { federators: _, pushgateways: __, firewall, ...rest } = parse(soundFiles['topology.yml']!);
    const allow = [{ from: ['10.0.9.7'], to: ['alertmanagers'] }];
    const survey = surveyOf({
      ...soundFiles,
      'topology.yml': stringify({ ...rest, firewall: { ...firewall, allow } }),
    });
    expect(checkTopology(survey).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('names alerts that are shipped', () => {
    const folder = 'playbooks/roles/federator/files/rules';
    const shipped = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
    const named = [...page.matchAll(/`(RemoteWrite\w+)`/g)].map(([, name]) => name);
    expect(named).toHaveLength(3);
    for (const name of named) expect(shipped.join('\n')).toContain(`- alert: ${name}\n`);
  });
});
