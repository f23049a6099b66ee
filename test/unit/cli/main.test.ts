import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hadeploy } from '../../support/hadeploy.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const here = (...args: string[]) => hadeploy(args, { cwd: folder });
const hosts = 'all:\n  hosts:\n    one: {ansible_host: 127.0.0.1, ansible_port: 1}\n';

describe('the command line', () => {
  it.each([
    [['apply'], "missing required argument 'inventory'"],
    [['aply', 'x'], "unknown command 'aply'"],
    [['apply', 'x', '--dry-rum'], "unknown option '--dry-rum'"],
    [['apply', 'x', '--forks', '0'], '0 is not a whole number above 0'],
    [['inventory', 'x', '--graph', '--host', 'a'], 'cannot be used with'],
    [['apply', 'nowhere', '--yes'], 'nowhere does not exist'],
  ])('refuses %j with exit code 3 and no stack trace', (args, said) => {
    const { code, stderr } = here(...args);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(code).toBe(3);
  });

  it('tells all faults of all files at once, each with its line, and touches nothing', () => {
    write({
      'inv/hosts.yml': hosts,
      'playbooks/site.yml': `- name: One
  hosts: all
  tasks:
    - name: First
      file: {path: /tmp/x, content: "{{ nope }}"}
    - name: Second
      fiel: {path: /tmp/y}
    - name: Third
      file: {path: /tmp/z, content: "", mode: 644}
`,
    });
    const { code, stderr } = here('apply', 'inv', '--yes');
    expect(stderr).toContain('playbooks/site.yml:5:');
    expect(stderr).toContain('playbooks/site.yml:7:7');
    expect(stderr).toContain('Did you mean "file"?');
    expect(stderr).toContain('playbooks/site.yml:9:');
    expect(code).toBe(3);
  });

  it.each([
    ['garbage.plan', [], '\u0000\u0001', 'error no-plan '],
    ['renamed', [], '{"hadeploy-plan": 1, "version": "0.0.1"}', 'error other-version '],
    ['keyless.plan', [], `{"hadeploy-plan": 1, "version": "${version}"}`, 'error no-plan-key '],
    ['x.plan', ['--tags', 'a', '--on-failure', 'halt'], '', ': --tags, --on-failure cannot be given with it.'],
  ])('refuses the plan %s %j', (name, more, text, said) => {
    write({ [name]: text });
    const { code: exit, stderr } = here('apply', name, ...more);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(exit).toBe(3);
  });

  it('writes no plan over something else, nor where it cannot, before it asks a host', () => {
    write({ 'inv/hosts.yml': hosts, notes: 'mine' });
    expect(here('plan', 'inv', '--out', 'notes').stderr).toContain('error not-replaced ');
    expect(here('plan', 'inv', '--out', 'nowhere/p').stderr).toContain('error unwritable ');
  });

  it('reports a host that cannot be reached with exit code 1', () => {
    write({
      'inv/hosts.yml': hosts,
      'playbooks/site.yml': '- name: One\n  hosts: all\n  tasks:\n    - file: {path: /tmp/x, content: ""}\n',
    });
    const { code, stderr } = here('apply', 'inv', '--dry-run');
    expect(stderr).toContain('connection-refused');
    expect(stderr).toContain("--limit 'all:!one'");
    expect(code).toBe(1);
  });

  it('takes variables as name=text and as JSON, and refuses others', () => {
    write({
      'inv/hosts.yml': hosts,
      'playbooks/site.yml': `- name: One
  hosts: all
  tasks:
    - name: "{{ a }} and {{ b.c }}"
      file: {path: "/tmp/{{ a }}", content: "{{ b.c + 1 }}"}
`,
    });
    expect(here('lint', 'inv', '-e', 'a=x', '-e', '{"b": {"c": 1}}').code).toBe(0);
    expect(here('lint', 'inv', '-e', 'a=x', '-e', 'what').stderr).toContain('bad-extra-vars');
  });

  it('takes values of the topology by their paths, and says where in it a path leads nowhere', () => {
    const inventory = resolve('inventory/lab');
    const explained = here(
      'explain',
      'var',
      'scraper_instances',
      '--host',
      'mon-a',
      '-i',
      inventory,
      '-e',
      'scrape_interval=9s',
    );
    expect(explained.stdout).toContain('scrape_timeout: 9s');
    expect(explained.stdout).toContain('derived from the topology with -e scrape_interval');
    const faulty = here(
      'lint',
      inventory,
      '-e',
      'versions.prometheus=7',
      '-e',
      '{"scrapers": {"scraper1": {"interval": 1}}}',
    );
    expect(faulty.stderr).toMatch(/^ {2}-e versions\.prometheus$/m);
    expect(faulty.stderr).toMatch(/^ {2}-e scrapers\.scraper1\.interval$/m);
    expect(here('lint', inventory, '-e', 'version.prometheus=x').stderr).toContain('Did you mean "versions"?');
    write({ 'inv/hosts.yml': hosts });
    expect(here('lint', 'inv', '-e', 'versions.prometheus=x').stderr).toContain('unknown-override');
  });

  it('has compiled all of its own schemas before it starts, and loads ajv for those of a role alone', () => {
    write({
      'refuse.cjs': `const { Module } = require('node:module');
        const load = Module._load;
        Module._load = (name, ...rest) => {
          if (name.startsWith('ajv')) throw new Error('ajv was loaded');
          return load(name, ...rest);
        };`,
      'inv/hosts.yml': hosts,
      'play.yml': '- hosts: all\n  roles: [web]\n',
      'roles/web/tasks/main.yml': '- file: {path: "/srv/{{ name }}", content: ""}\n',
      'roles/web/variables.yml': 'name: {type: string, pattern: "^[a-z]+$"}\n',
      'roles/web/defaults/main.yml': 'name: "8080"\n',
    });
    const env = { NODE_OPTIONS: `--require ${join(folder, 'refuse.cjs')}` };
    const own = hadeploy(['lint', 'inventory/lab'], { env });
    expect(own.stderr).not.toContain('ajv');
    expect(own.code).toBe(0);
    expect(hadeploy(['lint', 'inv', '-p', 'play.yml'], { cwd: folder, env }).stderr).toContain('ajv was loaded');
    expect(here('lint', 'inv', '-p', 'play.yml').stderr).toContain('is "8080", which is not of the expected form');
  });

  it('uses the shipped playbook where there is none', () => {
    write({ 'inv/hosts.yml': 'monitoring:\n  hosts:\n    one: {ansible_host: 192.0.2.1}\n' });
    const { code, stdout, stderr } = here('lint', 'inv');
    expect(stderr + stdout).toMatch(/^No faults: \d+ plays/m);
    expect(code).toBe(0);
  });

  it('prints the inventory, one host, and the editor schema as JSON', () => {
    write({ 'inv/hosts.yml': hosts });
    expect(JSON.parse(here('inventory', 'inv').stdout)).toHaveProperty('_meta.hostvars.one.ansible_port', 1);
    expect(JSON.parse(here('inventory', 'inv', '--host', 'one').stdout)).toEqual({
      ansible_host: '127.0.0.1',
      ansible_port: 1,
    });
    expect(here('inventory', 'inv', '--host', 'onw')).toMatchObject({ code: 3 });
    expect(JSON.parse(here('schema').stdout)).toHaveProperty('title', 'hadeploy playbook');
    expect(JSON.parse(here('schema', 'topology').stdout)).toHaveProperty('title', 'hadeploy topology');
  });
});
