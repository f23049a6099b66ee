import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { type CompileInput, compile } from '../../../src/playbook/compile.ts';
import { compiled, contents, estate, resourcesOf } from './estate.ts';

const tasks = (text: string, play = '') => ({ 'site.yml': `- hosts: web\n${play}  tasks:\n${text}` });
const ids = (result: ReturnType<typeof compiled>, host?: string) => resourcesOf(result, host).map((one) => one.id);

describe('tasks', () => {
  it('become resources that know their line', () => {
    const result = compiled(
      tasks(`    - name: Docker runs on {{ inventory_hostname }}
      service: { name: docker, state: started }
      tags: [a, b]
      become: true
      no_log: true
`),
    );
    expect(resourcesOf(result)).toEqual([
      {
        host: 'web-a',
        kind: 'service',
        id: 'service:docker.service',
        spec: { name: 'docker', state: 'started' },
        task: {
          name: 'Docker runs on web-a',
          at: { file: 'site.yml', line: 3, col: 13, endCol: 52, secret: true },
          tags: ['a', 'b'],
        },
        become: true,
        notify: [],
        noLog: true,
      },
    ]);
  });

  it('without a name go by the id of their resource', () => {
    expect(resourcesOf(compiled(tasks('    - directory: { path: /d }\n')))[0]!.task.name).toBe('directory:/d');
  });

  it('apply where all their conditions hold', () => {
    const result = compiled(
      tasks(`    - directory: { path: /one }
      when: number == 1
    - directory: { path: /both }
      when: [number > 0, "'web' in group_names"]
    - directory: { path: /never }
      when: false
    - directory: { path: /guarded }
      when: [missing is defined, missing.deep == 1]
    - directory: { path: /list }
      when: groups.web
`),
    );
    expect(ids(result)).toEqual(['directory:/one', 'directory:/both', 'directory:/list']);
    expect(ids(result, 'web-b')).toEqual(['directory:/both', 'directory:/list']);
  });

  it('do not need what they would need if they applied', () => {
    const result = compiled(tasks('    - directory: { path: "{{ missing }}" }\n      when: missing is defined\n'));
    expect(ids(result)).toEqual([]);
  });

  it('are repeated by loops, named after each item', () => {
    const result = compiled(
      tasks(
        `    - name: User
      user: { name: "{{ who.name }}", uid: "{{ 1000 + at }}" }
      loop: "{{ people }}"
      loop_control: { loop_var: who, index_var: at, label: "{{ who.name }}" }
      when: who.name != 'eve'
`,
        '  vars: { people: [{ name: ann }, { name: eve }, { name: bob }] }\n',
      ),
    );
    expect(resourcesOf(result).map((one) => [one.task.name, one.spec])).toEqual([
      ['User (ann)', { name: 'ann', uid: 1000 }],
      ['User (bob)', { name: 'bob', uid: 1002 }],
    ]);
  });

  it('do not mind a loop over nothing known where they do not apply', () => {
    const result = compiled(
      tasks('    - directory: { path: "{{ item }}" }\n      loop: "{{ missing }}"\n      when: missing is defined\n'),
    );
    expect(ids(result)).toEqual([]);
  });

  it('have what is around them', () => {
    const result = compiled({
      'site.yml': `- hosts: web
  become: true
  tags: play
  tasks:
    - when: number == 1
      tags: block
      notify: Reload
      no_log: true
      block:
        - directory: { path: /a }
          tags: task
        - directory: { path: /b }
          become: false
          notify: Restart
  handlers:
    - name: Reload
      service: { name: app, state: reloaded }
    - name: Restart
      service: { name: app, state: restarted }
`,
    });
    const shown = resourcesOf(result).map(({ id, become, notify, noLog, task }) => [
      id,
      become,
      notify,
      noLog,
      task.tags,
    ]);
    expect(shown).toEqual([
      ['directory:/a', true, ['Reload'], true, ['play', 'block', 'task']],
      ['directory:/b', false, ['Reload', 'Restart'], true, ['play', 'block']],
    ]);
    expect(resourcesOf(result, 'web-b')).toEqual([]);
  });

  it('become root where the inventory says so, unless the play or the task knows better', () => {
    const files = {
      'inventory/host_vars/web-a.yml': 'ansible_become: yes\n',
      ...tasks('    - directory: { path: /a }\n    - directory: { path: /b }\n      become: false\n'),
    };
    const result = compiled(files);
    expect(resourcesOf(result).map((one) => one.become)).toEqual([true, false]);
    expect(resourcesOf(result, 'web-b').map((one) => one.become)).toEqual([false, false]);
  });

  it('with run_once are for the first host of the play', () => {
    const files = tasks('    - directory: { path: /once }\n      run_once: true\n');
    const result = compiled(files);
    expect([ids(result), ids(result, 'web-b')]).toEqual([['directory:/once'], []]);
    expect(ids(compiled(files, { limit: 'web-b' }), 'web-b')).toEqual([]);
  });

  it('may stand in other files, whose paths count from the file that names them', () => {
    const result = compiled({
      'site.yml':
        '- hosts: web\n  tasks:\n    - import_tasks: parts/a.yml\n      vars: { it: 1 }\n      tags: x\n      when: number == 1\n',
      'parts/a.yml': '- directory: { path: "/a{{ it }}" }\n- import_tasks: b.yml\n',
      'parts/b.yml': '- directory: { path: "/b{{ it }}" }\n',
    });
    expect(resourcesOf(result).map((one) => [one.id, one.task.tags, one.task.at.file])).toEqual([
      ['directory:/a1', ['x'], 'parts/a.yml'],
      ['directory:/b1', ['x'], 'parts/b.yml'],
    ]);
    expect(ids(result, 'web-b')).toEqual([]);
  });

  it('that want the very same are one, which notifies for all', () => {
    const result = compiled({
      'site.yml': `- hosts: web
  tasks:
    - directory: { path: /opt }
      notify: One
      tags: a
    - directory: { path: /x }
    - directory: { path: /opt }
      notify: Two
      tags: b
    - http: { url: "http://127.0.0.1/" }
    - directory: { path: /y }
    - http: { url: "http://127.0.0.1/" }
  handlers:
    - { name: One, service: { name: one, state: restarted } }
    - { name: Two, service: { name: two, state: restarted } }
`,
    });
    expect(resourcesOf(result).map((one) => [one.id, one.notify, one.task.tags])).toEqual([
      ['directory:/opt', ['One', 'Two'], ['a', 'b']],
      ['directory:/x', [], []],
      ['http:http://127.0.0.1/ status 200', [], []],
      ['directory:/y', [], []],
      ['http:http://127.0.0.1/ status 200', [], []],
    ]);
  });
});

describe('plays', () => {
  it('go over their hosts in batches and in order', () => {
    const play = (order: string) =>
      compiled({ 'site.yml': `- hosts: all\n  serial: [1, 2]\n  order: ${order}\n  tasks: []\n` }).plays[0]!.batches;
    expect(play('inventory')).toEqual([['web-a'], ['web-b', 'db-a.example.org']]);
    expect(play('reverse_inventory')).toEqual([['db-a.example.org'], ['web-b', 'web-a']]);
    expect(play('sorted')).toEqual([['db-a.example.org'], ['web-a', 'web-b']]);
  });

  it('go by patterns, as text or as a list', () => {
    const hosts = (pattern: string) => compiled({ 'site.yml': `- hosts: ${pattern}\n  tasks: []\n` }).plays[0]!.hosts;
    expect(hosts('"all:!db"')).toEqual(['web-a', 'web-b']);
    expect(hosts('[db, web-b]')).toEqual(['db-a.example.org', 'web-b']);
  });

  it('are chosen from by --limit, which changes nothing that is rendered', () => {
    const files = tasks(`    - file:
        path: /peers
        content: "{{ ansible_play_hosts | join(',') }} {{ groups.web | join(',') }} {{ hostvars['web-b'].number }}"
`);
    const whole = compiled(files);
    const limited = compiled(files, { limit: 'web-a' });
    expect(limited.plays[0]!.hosts).toEqual(['web-a']);
    expect(limited.plays[0]!.resources.has('web-b')).toBe(false);
    expect(resourcesOf(limited)).toEqual(resourcesOf(whole));
  });

  it('run the tasks that --tags chooses, and know what else is declared', () => {
    const files = tasks('    - directory: { path: /a }\n      tags: a\n    - directory: { path: /b }\n      tags: b\n');
    const result = compiled(files, { tags: ['a'] });
    expect(ids(result)).toEqual(['directory:/a']);
    expect(result.declared.get('web-a')).toEqual(new Set(['directory:/a', 'directory:/b']));
    expect([result.complete, compiled(files).complete, compiled(files, { skipTags: ['a'] }).complete]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('import other playbooks, with their tags', () => {
    const result = compiled({
      'site.yml': '- import_playbook: sub/other.yml\n  tags: x\n- hosts: db\n  tasks: []\n',
      'sub/other.yml': '- name: Other\n  hosts: web\n  tasks:\n    - file: { path: /f, source: a.txt }\n',
      'sub/files/a.txt': 'beside the other playbook',
    });
    expect(result.plays.map((play) => play.name)).toEqual(['Other', 'db']);
    expect(resourcesOf(result)[0]!.task.tags).toEqual(['x']);
    expect(contents(result)['/f']).toBe('beside the other playbook');
  });
});

describe('facts', () => {
  const files = tasks(
    `    - directory: { path: "/{{ facts.os_id }}" }
    - directory: { path: /debian }
      when: facts.os_id == 'debian'
    - directory: { path: "/{{ item }}" }
      loop: "{{ facts.disks }}"
    - directory: { path: /plain }
`,
    '  facts: { disks: { command: ls /d, type: lines } }\n',
  );

  it('that are known are values', () => {
    const result = compiled(files, { facts: () => ({ os_id: 'debian', disks: ['x', 'y'] }) });
    expect(ids(result)).toEqual(['directory:/debian', 'directory:/x', 'directory:/y', 'directory:/plain']);
    expect(result.plays[0]!.open).toEqual([]);
  });

  it('that nobody asked for yet leave open what depends on them', () => {
    const result = compiled(files, { facts: () => undefined });
    expect(ids(result)).toEqual(['directory:/plain']);
    expect(result.plays[0]!.open.map((one) => [one.at.line, one.hosts])).toEqual([
      [4, ['web-a', 'web-b']],
      [5, ['web-a', 'web-b']],
      [7, ['web-a', 'web-b']],
    ]);
  });

  it('on which nothing depends leave nothing to be compiled again', () => {
    const { settled } = compiled(tasks('    - directory: { path: "/{{ number }}" }\n'), { facts: () => undefined });
    expect([settled, compiled(files, { facts: () => undefined }).settled]).toEqual([true, false]);
  });

  it('that the host has not are null', () => {
    const found = compiled(tasks('    - directory: { path: "/{{ facts.package_manager or \'none\' }}" }\n'), {
      facts: () => ({ package_manager: null }),
    });
    expect(ids(found)).toEqual(['directory:/none']);
  });
});

describe('hosts that have something alike', () => {
  const result = compiled({
    ...tasks(`    - directory: { path: "/srv/{{ domain }}" }
    - file: { path: "/srv/{{ item }}", content: "{{ item }} {{ number }}" }
      loop: [a, b]
    - file: { path: /srv/c, template: c.j2 }
    - user: { name: "{{ 'one' if number == 1 else 'two' }}" }
`),
    'templates/c.j2': '{{ domain }}{% if number > 9 %}{{ inventory_hostname }}{% endif %}',
  });
  const [first, second] = [resourcesOf(result), resourcesOf(result, 'web-b')];

  it('have it once, and nothing of what differs', () => {
    expect(second.map((one, index) => one.spec === first[index]!.spec)).toEqual([true, false, false, true, false]);
    expect(second.map(({ host }) => host)).toEqual(Array(5).fill('web-b'));
    expect(contents(result)).toEqual({ '/srv/a': 'a 1', '/srv/b': 'b 1', '/srv/c': 'example.org' });
    expect(contents(result, 'web-b')).toEqual({ '/srv/a': 'a 2', '/srv/b': 'b 2', '/srv/c': 'example.org' });
  });

  it('have ids of their own', () => {
    expect(second.map(({ id }) => id)).toEqual([
      'directory:/srv/example.org',
      'file:/srv/a',
      'file:/srv/b',
      'file:/srv/c',
      'user:two',
    ]);
    expect(first.at(-1)!.id).toBe('user:one');
  });
});

describe('content', () => {
  it('comes from the role first, then from beside the playbook, byte for byte or rendered', () => {
    const result = compiled({
      'site.yml': '- hosts: web\n  roles: [app]\n  tasks:\n    - file: { path: /2, source: own.txt }\n',
      'shared/roles/app/tasks/main.yml': `- file: { path: /1, template: a.j2 }
- file: { path: /3, source: a.txt }
- file: { path: /4, source: own.txt }
- file: { path: /5, source: site.yml }
`,
      'shared/roles/app/templates/a.j2': '{% from "macros.j2" import hello %}\n{{ hello(inventory_hostname) }}\n\n',
      'shared/roles/app/templates/macros.j2': '{% macro hello(who) %}hello {{ who }}{% endmacro %}',
      'shared/roles/app/files/a.txt': '{{ not a template }}\n',
      'templates/a.j2': 'not this one',
      'files/own.txt': 'own',
    });
    expect(contents(result)).toMatchObject({
      '/1': 'hello web-a\n\n',
      '/2': 'own',
      '/3': '{{ not a template }}\n',
      '/4': 'own',
    });
    expect(String(contents(result)['/5'])).toMatch(/^- hosts: web/);
  });

  it('of a bundle comes from texts, templates, files and whole folders', () => {
    const result = compiled({
      'site.yml': `- hosts: web
  tasks:
    - compose:
        project: app
        path: /opt/app
        compose: { template: compose.yml.j2 }
        files:
          config/text: "n {{ number }}"
          config/rendered: { template: a.conf.j2 }
          config/rules/: { source: rules/ }
          "config/{{ inventory_hostname }}.txt": { content: x }
          config/made/: { template: made }
`,
      'templates/compose.yml.j2': 'services: {}\n',
      'templates/a.conf.j2': 'for {{ inventory_hostname }}',
      'files/rules/b.yml': 'b {{ $labels.x }}',
      'files/rules/deep/a.yml': 'a',
      'templates/made/one.conf.j2': '1 {{ number }}',
      'templates/made/two.txt': '2 {{ number }}',
    });
    expect(resourcesOf(result)[0]!.spec).toEqual({
      project: 'app',
      path: '/opt/app',
      compose: 'services: {}\n',
      files: {
        'config/text': 'n 1',
        'config/rendered': 'for web-a',
        'config/rules/b.yml': 'b {{ $labels.x }}',
        'config/rules/deep/a.yml': 'a',
        'config/web-a.txt': 'x',
        'config/made/one.conf': '1 1',
        'config/made/two.txt': '2 {{ number }}',
      },
    });
  });

  it('of files that are no text stays bytes', async () => {
    const { projectOf } = await import('../../../src/diagnostics/project.ts');
    const { readInventory } = await import('../../../src/inventory/read-inventory.ts');
    const { readPlaybook } = await import('../../../src/playbook/read-playbook.ts');
    const { compile } = await import('../../../src/playbook/compile.ts');
    const { kinds } = await import('../../../src/resources/index.ts');
    const { unwrap } = await import('../../../src/diagnostics/diagnostic.ts');
    const texts = projectOf({
      hosts: 'a\n',
      'site.yml': '- hosts: all\n  tasks:\n    - file: { path: /f, source: f.bin }\n',
    });
    const bytes = Uint8Array.of(0xff, 0x00, 0xfe);
    const project = { files: new Map([...texts.files, ['f.bin', bytes]]) };
    const inventory = unwrap(readInventory(project, 'hosts'));
    const playbook = unwrap(readPlaybook(project, 'site.yml', inventory, kinds, { rolesPaths: [] }));
    const result = unwrap(
      compile({ playbook, inventory, extraVars: new Map(), tags: [], skipTags: [], facts: () => ({}) }),
    );
    expect(resourcesOf(result, 'a')[0]!.spec).toEqual({ path: '/f', content: bytes });
  });

  it('is found by fileglob, in the folders of whoever asks', () => {
    const role = (name: string) => ({
      [`shared/roles/${name}/tasks/main.yml`]: `- file: { path: "/${name}/{{ item | basename }}", source: "{{ item }}" }\n  loop: "{{ found }}"\n`,
      [`shared/roles/${name}/defaults/main.yml`]: `found: "{{ fileglob('conf/*.txt') }}"\n`,
      [`shared/roles/${name}/files/conf/${name}.txt`]: `of ${name}`,
      [`shared/roles/${name}/files/conf/${name}.bak`]: 'not this',
    });
    const result = compiled({ 'site.yml': '- hosts: web\n  roles: [one, two]\n', ...role('one'), ...role('two') });
    expect(contents(result)).toEqual({ '/one/one.txt': 'of one', '/two/two.txt': 'of two' });
  });
});

describe('facts that become known', () => {
  it('change only what has asked for them, and give what a compilation with them alone gives', () => {
    const files = {
      'site.yml': `- hosts: web
  vars: { where: "/{{ facts.hostname }}" }
  tasks:
    - file: { path: "{{ where }}/f", content: "{{ inventory_hostname }}" }
      notify: again
  handlers:
    - { name: again, file: { path: "/again", content: "" } }
- hosts: web
  roles: [plain]
`,
      'shared/roles/plain/tasks/main.yml':
        '- file: { path: /plain, content: "{{ word }}" }\n- directory: { path: /again }\n  when: false\n',
      'shared/roles/plain/defaults/main.yml': 'word: "of {{ inventory_hostname }}"\n',
    };
    const facts = (host: string) => ({ hostname: `node-of-${host}` });
    const known: NonNullable<CompileInput['known']> = new Map();
    const { playbook, inventory } = estate(files);
    const input = { playbook, inventory, extraVars: new Map(), tags: [], skipTags: [], known };
    const before = unwrap(compile({ ...input, facts: () => undefined }));
    const after = unwrap(compile({ ...input, facts }));
    expect(resourcesOf(before).map(({ id }) => id)).toEqual(['file:/plain']);
    expect(resourcesOf(after).map(({ id }) => id)).toEqual(['file:/node-of-web-a/f', 'file:/plain']);
    expect(after).toEqual(compiled(files, { facts }));
    expect(resourcesOf(after)[1]).toBe(resourcesOf(before)[0]);
  });

  it('leave a fault told once each time', () => {
    const { playbook, inventory } = estate(tasks('    - file: { path: "/f", content: "{{ nothing }}" }\n'));
    const known: NonNullable<CompileInput['known']> = new Map();
    const input = { playbook, inventory, extraVars: new Map(), tags: [], skipTags: [], known };
    const outcomes = [() => undefined, () => ({})].map((facts) => compile({ ...input, facts }));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ ok: false, faults: [{ code: 'undefined-variable' }] });
  });
});
