import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { factProbes } from '../../../src/playbook/fact-probes.ts';
import { builtInFacts } from '../../../src/playbook/facts.ts';
import { estate } from './estate.ts';

const files = {
  'site.yml': `- hosts: web
  vars: { folder: "/srv/{{ inventory_hostname }}" }
  facts:
    size: { command: "du -s {{ folder }}", type: int }
- hosts: db
  facts:
    version: { command: psql --version }
`,
};

describe('what a host is asked', () => {
  const asked = (host: string) => {
    const { playbook, inventory } = estate(files);
    return unwrap(factProbes(playbook, inventory, new Map(), host)).slice(builtInFacts.length);
  };

  it('is what every host is, and what its own plays declare, with its variables', () => {
    expect(asked('web-b').map(({ name, script }) => [name, script.text])).toEqual([['size', 'du -s /srv/web-b']]);
    expect(asked('db-a.example.org').map(({ name }) => name)).toEqual(['version']);
  });

  it('is read as it was declared', () => {
    expect(asked('web-a')[0]!.parse({ code: 0, stdout: '42\n', stderr: '' })).toMatchObject({ ok: true, value: 42 });
    const wrong = asked('web-a')[0]!.parse({ code: 0, stdout: '42 /srv\n', stderr: '' });
    expect(wrong.ok ? [] : wrong.faults).toMatchObject([
      { code: 'fact-type', at: { file: 'site.yml', line: 4, col: 5 } },
    ]);
  });
});
