import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kinds } from '../src/resources/index.ts';
import { explainSchema } from '../src/schema/explain.ts';
import { hadeploy } from './support/hadeploy.ts';

const readme = readFileSync('README.md', 'utf8');
const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts;

/** The schema of the long form of a kind that also has a short one. */
function objectForm(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, object>> {
  const forms = [schema, ...((schema['anyOf'] ?? schema['oneOf'] ?? []) as Record<string, unknown>[])];
  return forms.find((form) => form['properties'] !== undefined) as Record<string, object>;
}

describe('the documents', () => {
  it('have continuous integration run exactly the command that the README gives', () => {
    expect(readFileSync('.ci/run', 'utf8')).toMatch(/^exec npm test$/m);
    expect(readme).toContain('npm test ');
  });

  it('name only npm scripts that exist', () => {
    for (const file of ['README.md', 'CONTRIBUTING.md']) {
      for (const [, name] of readFileSync(file, 'utf8').matchAll(/npm run ([\w:]+)/g))
        expect(scripts).toHaveProperty([name!]);
    }
  });

  it('name only files and folders that exist', () => {
    for (const file of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']) {
      for (const [, path] of readFileSync(file, 'utf8').matchAll(/\]\(([^):#]+)\)/g))
        expect(existsSync(path!), `${path} in ${file}`).toBe(true);
    }
  });

  it('have the README describe each shipped role, and no other', () => {
    const roles = readme.slice(readme.indexOf('| role |'));
    const table = roles.slice(0, roles.indexOf('\n\n'));
    expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, role]) => role).sort()).toEqual(
      readdirSync('playbooks/roles').sort(),
    );
  });

  it('have the README show the picture that is drawn of the lab', () => {
    const drawn = hadeploy(['graph', 'inventory/lab', '--format', 'mermaid']);
    expect(readme).toContain(`\`\`\`mermaid\n${drawn.stdout.trim()}\n\`\`\``);
  }, 60_000);

  it('name every kind of task, and every kind explains all its fields', () => {
    for (const kind of kinds.values()) {
      expect(readme).toContain(kind.name);
      const properties = Object.keys(objectForm(kind.schema)['properties'] ?? {});
      expect(properties.length).toBeGreaterThan(0);
      const text = explainSchema(kind.schema);
      for (const property of properties) expect(text, `${kind.name}.${property}`).toContain(property);
    }
  });

  it('ship inventories and playbooks without a fault', () => {
    // What there is to say of two servers alone is that they have no third one.
    const warnings = { 'inventory/lab': undefined, 'inventory/example': ['no-backup'], 'inventory/prod': [] };
    for (const [inventory, expected] of Object.entries(warnings)) {
      const lint = hadeploy(['lint', inventory]);
      expect(lint.stdout + lint.stderr).toMatch(/^No faults/m);
      expect(lint.code).toBe(0);
      const told = [...lint.stderr.matchAll(/^warning (\S+)/gm)].map(([, code]) => code);
      if (expected) expect(told, inventory).toEqual(expected);
    }
    expect(readFileSync('inventory/example/topology.yml', 'utf8').split('\n').length).toBeLessThanOrEqual(31);
  }, 60_000);

  it('list in the README the exit codes that --help lists', () => {
    const help = hadeploy(['--help']).stdout;
    for (const code of ['0', '1', '2', '3', '130']) {
      expect(help).toMatch(new RegExp(`^  ${code} +\\w`, 'm'));
      expect(readme).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
    }
  }, 60_000);
});
