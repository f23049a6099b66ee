import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { Refusal } from '../../../src/diagnostics/diagnostic.ts';
import { formatDiagnostics } from '../../../src/diagnostics/format.ts';
import { type Project, projectOf, textOf } from '../../../src/diagnostics/project.ts';
import { JinjaError, parseTemplate } from '../../../src/jinja/jinja.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { compile } from '../../../src/playbook/compile.ts';
import { hostTarget } from '../../../src/playbook/host-target.ts';
import { readSoundParts } from '../../../src/playbook/read-playbook.ts';
import { readProject } from '../../../src/project/read-project.ts';
import { kinds } from '../../../src/resources/index.ts';
import { judge, knownHosts, linesFor, parseKnownHosts } from '../../../src/ssh/known-hosts.ts';
import { jumpParts } from '../../../src/ssh/settings.ts';
import { parseSshG } from '../../../src/ssh/ssh-config.ts';
import { readEstate } from '../../../src/topology/read-estate.ts';
import { checkTopology } from '../../../src/topology/rules/rules.ts';
import { readYaml } from '../../../src/yaml/yaml.ts';
import { corpus } from './corpus.ts';
import { edits, isLong, mutated, runs, soon } from './mutations.ts';

/** What people write, in each of the forms there are. */
const written: Readonly<Record<string, string>> = {
  'ini/hosts.ini': `[web]
web-[01:03].example.org ansible_host=10.0.0.1 ansible_port=2222 note='a b # c'
db-[a:c]:22 ansible_user="x y"

[web:vars]
pool={"size": 3, "names": ["a", 'b']}
[all:children]
web
`,
  'yaml/hosts.yml': `all:
  vars: {ansible_user: admin, size: "{{ 3 + 4 }}"}
  children:
    web:
      hosts:
        web-[01:03]: {ansible_host: 10.0.0.1, ansible_ssh_common_args: "-o ProxyJump=a@b:22 -o Port=3"}
      vars: {list: [1, 2, {a: b}]}
`,
  'yaml/group_vars/web.yml': 'motd: |\n  Hello {{ inventory_hostname }}\nother: &o {a: 1}\nmore: {<<: *o, b: 2}\n',
  'site.yml': `- name: Web
  hosts: web:!nobody
  serial: [1, "50%"]
  vars: {name: "x{{ size }}", words: [a, b]}
  facts: {disk: {command: df -h, type: string}}
  handlers:
    - name: told
      command: echo {{ name }}
  tasks:
    - name: Files {{ item }}
      loop: "{{ words + ['c'] }}"
      when: item != 'z' and size | int > 3
      file: {path: "/etc/{{ item }}", content: "{{ list | to_json }}\\n{% for w in words %}{{ w }}{% endfor %}", mode: "0640"}
      notify: told
    - name: A page
      tags: [pages, "a,b"]
      http: {url: "http://127.0.0.1:80/{{ name }}", json: {a.b[].c: 1}}
    - block:
        - user: {name: web, groups: [adm]}
        - sysctl: {name: net.ipv4.ip_forward, value: 1}
        - package: {name: [curl, "jq"]}
        - service: {name: ssh, state: started, enabled: true}
        - directory: {path: /srv/web, mode: "0755"}
      when: size is defined
`,
};

const plain = projectOf(written);
const shipped = readProject(['inventory/example', 'playbooks']);
if (!shipped.ok) throw new Error('the shipped project must be readable');
const estate = shipped.value;

/** Each fault is told without a stack, and on the terminal without a control character. */
function told(faults: readonly Diagnostic[], project: Project): void {
  for (const fault of faults) {
    expect(fault.code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(`${fault.what} ${fault.why}`).not.toMatch(
      /\n\s+at .*:\d+:\d+|TypeError|RangeError|Maximum call stack|is not a function/,
    );
  }
  formatDiagnostics(faults, (file) => textOf(project, file));
}

/** All that happens to a project before a host is asked. */
function read(project: Project, inventoryPath: string, playbookPath: string): void {
  try {
    const found = readEstate(project, inventoryPath);
    if (!found.ok) {
      told(found.faults, project);
      return;
    }
    const { inventory, topology, estate: derived } = found.value;
    told(found.warnings, project);
    if (topology && derived) told(checkTopology({ topology, estate: derived, inventory, project }), project);
    const { playbook, faults } = readSoundParts(project, playbookPath, inventory, kinds, {
      rolesPaths: ['playbooks/roles'],
    });
    told(faults, project);
    const extraVars = new Map<string, unknown>();
    const compiled = compile({ playbook, inventory, extraVars, tags: [], skipTags: [], facts: () => undefined });
    told(compiled.ok ? compiled.warnings : compiled.faults, project);
    for (const host of [...inventory.hosts.keys()].slice(0, 3)) {
      const target = hostTarget(playbook, inventory, extraVars, host);
      told(target.ok ? target.warnings : target.faults, project);
      if (target.ok) for (const jump of target.value.jump ?? []) jumpParts(jump);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    told(error.diagnostics, project);
  }
}

const changedFile = (project: Project) =>
  fc
    .tuple(fc.constantFrom(...[...project.files.keys()].filter((path) => /\.(ya?ml|ini|j2)$/.test(path))), edits)
    .map(([path, all]) => ({ path, text: mutated(textOf(project, path)!, all) }));

const withFile = (project: Project, path: string, text: string | Uint8Array): Project => ({
  files: new Map([...project.files, [path, typeof text === 'string' ? new TextEncoder().encode(text) : text]]),
});

const named = (folder: Parameters<typeof corpus>[0]) => corpus(folder).map((kept) => [kept.name, kept] as const);

function readAlone(text: string): void {
  const answer = soon(() => readYaml('x.yml', text));
  told(answer.ok ? answer.warnings : answer.faults, projectOf({ 'x.yml': text }));
}

function render(text: string, name: string): void {
  try {
    soon(() => parseTemplate(text).render({ lookup: (one: string) => (one === 'name' ? name : undefined) } as never));
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
  }
}

function readPlanText(text: string): void {
  const read = soon(() => readPlan(text, 'x.plan', '0.1.0', () => 'y' as never));
  expect(read.ok).toBe(false);
  if (!read.ok) told(read.faults, projectOf({ 'x.plan': text }));
}

describe('a kept file is read or refused', () => {
  const places = ['yaml/hosts.yml', 'yaml/group_vars/web.yml', 'site.yml'];
  it.each(named('yaml'))('wherever YAML stands: %s', (_name, { bytes, text }) => {
    readAlone(text);
    for (const path of places) soon(() => read(withFile(plain, path, bytes), 'yaml', 'site.yml'));
    soon(() =>
      read(withFile(estate, 'inventory/example/topology.yml', bytes), 'inventory/example', 'playbooks/site.yml'),
    );
  });

  it.each(named('ini'))('as an inventory: %s', (_name, { bytes }) => {
    soon(() => read(withFile(plain, 'ini/hosts.ini', bytes), 'ini', 'site.yml'));
  });

  it.each(named('template'))('as a template: %s', (_name, { text }) => {
    render(text, 'a');
  });

  it.each(named('known-hosts'))('as known_hosts: %s', (_name, { text }) => {
    for (const host of ['a', '::1', `${'a'.repeat(200)}c`, 'bad.example.org'])
      soon(() => judge(linesFor([knownHosts(parseKnownHosts(text, 'known_hosts'))], host, 22), Buffer.from('key')));
  });

  it.each(named('plan'))('as a saved plan: %s', (_name, { text }) => readPlanText(text));
});

describe('whatever stands in', { timeout: isLong ? 3_600_000 : 60_000 }, () => {
  it.each(['ini', 'yaml'])('an inventory in %s or its playbook is read or refused', (form) => {
    fc.assert(
      fc.property(changedFile(plain), ({ path, text }) => {
        soon(() => read(withFile(plain, path, text), form, 'site.yml'));
      }),
      runs(),
    );
  });

  it('an estate or a shipped role is read or refused', () => {
    // The first time, schemas are compiled.
    read(estate, 'inventory/example', 'playbooks/site.yml');
    fc.assert(
      fc.property(changedFile(estate), ({ path, text }) => {
        soon(() => read(withFile(estate, path, text), 'inventory/example', 'playbooks/site.yml'));
      }),
      runs(10),
    );
  });

  it('a YAML file is read or refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(written)), edits, (text, all) => {
        readAlone(mutated(text, all));
      }),
      runs(),
    );
  });

  it('a template is rendered or refused', () => {
    const template = `{% set a = [1, 2] %}{% for x in a if x > 1 %}{{ loop.index ~ x | default('y') | replace('a', 'b') }}{% else %}-{% endfor %}
{% macro m(p, q=3) %}{{ p + q }}{% endmacro %}{{ m(1) }}{{ {'k': name.upper()[1:-1]} | to_json }}{% if name is match('^a.*') and not name in ['q'] %}{{ name | regex_replace('(a+)b', '\\\\1') }}{% endif %}{# c #}`;
    fc.assert(
      fc.property(edits, fc.string({ unit: 'binary' }), (all, name) => {
        render(mutated(template, all), name);
      }),
      runs(),
    );
  });

  it('known_hosts, the answer of ssh -G, a jump host or a saved plan is read or refused', () => {
    const known = `|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa AAAAB3NzaC1yc2E=
@revoked *.example.org,!a ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE
[10.0.0.1]:2222,web-?,host* ecdsa-sha2-nistp256 AAAAE2VjZHNh # note\n`;
    const config =
      'hostname a\nport 22\nuser x\nproxyjump a@b:22,[::1]:3\nidentityfile ~/.ssh/id_%h\nuserknownhostsfile ~/a /b\n';
    const plan = JSON.stringify({
      'hadeploy-plan': 1,
      version: '0.1.0',
      inventory: 'x',
      plays: [{ hosts: ['a'] }],
      seal: 'x',
    });
    fc.assert(
      fc.property(edits, fc.string({ unit: 'binary' }), (all, host) => {
        soon(() => {
          const found = linesFor([knownHosts(parseKnownHosts(mutated(known, all), 'known_hosts'))], host, 22);
          judge(found, Buffer.from(host));
          parseSshG(mutated(config, all), host, '/root');
          jumpParts(mutated('admin@[fe80::1%eth0]:2222', all));
          readPlanText(mutated(plan, all));
        });
      }),
      runs(),
    );
  });
});
