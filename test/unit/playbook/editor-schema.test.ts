import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { editorSchema } from '../../../src/playbook/editor-schema.ts';
import { kinds } from '../../../src/resources/index.ts';
import { readYaml } from '../../../src/yaml/yaml.ts';

const schema = editorSchema(kinds);
const accepts = new Ajv2020({ strict: false }).compile(schema);
const isFine = (text: string): boolean => accepts(unwrap(readYaml('site.yml', text)).value);

describe('the schema for editors', () => {
  it('is plain JSON, and the same each time', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(editorSchema(kinds)).toEqual(schema);
  });

  it('describes every key of plays and tasks, and every kind', () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, one] of Object.entries((node as { properties?: object }).properties ?? {})) {
        const isDescribed = 'description' in one || '$ref' in one || path.includes('/kind-');
        if (!isDescribed) undescribed.push(`${path}/${name}`);
      }
      for (const [key, one] of Object.entries(node)) visit(one, `${path}/${key}`);
    };
    visit(schema, '');
    expect(undescribed).toEqual([]);
    const defs = schema['$defs'] as Readonly<Record<string, { readonly description?: string }>>;
    for (const kind of kinds.values()) expect(defs[`kind-${kind.name}`]?.description).toBe(kind.summary);
  });

  it('accepts the shipped playbook', () => {
    expect(isFine(readFileSync('playbooks/site.yml', 'utf8'))).toBe(true);
  });

  it('accepts the tasks of the shipped roles', () => {
    for (const role of readdirSync('playbooks/roles')) {
      const tasks = readFileSync(`playbooks/roles/${role}/tasks/main.yml`, 'utf8');
      expect([role, isFine(`- hosts: all\n  tasks:\n${tasks.replace(/^/gm, '    ')}`), accepts.errors]).toEqual([
        role,
        true,
        null,
      ]);
    }
  });

  it.each([
    ['- hosts: web\n  tasks:\n    - service: { name: x, state: started, enabled: "{{ boot }}" }\n', true],
    ['- hosts: web\n  tasks:\n    - block:\n        - directory: { path: "{{ where }}" }\n      when: x\n', true],
    [
      '- hosts: web\n  handlers:\n    - name: Restart\n      listen: a\n      service: { name: x, state: restarted }\n',
      true,
    ],
    ['- hosts: web\n  roles: [a, { role: b, vars: { c: 1 } }]\n', true],
    ['- import_playbook: other.yml\n', true],
    ['- hosts: web\n  tasks:\n    - service: { nam: x }\n', false],
    ['- hosts: web\n  tasks:\n    - service: { name: x }\n      directory: { path: /d }\n', false],
    ['- hosts: web\n  tasks:\n    - name: nothing\n', false],
    ['- hosts: web\n  task: []\n', false],
    ['- hosts: web\n  handlers:\n    - service: { name: x, state: restarted }\n', false],
    ['hosts: web\n', false],
  ])('judges %j: %s', (text, fine) => {
    expect(isFine(text)).toBe(fine);
  });
});
