import { describe, expect, it } from 'vitest';
import { compiled, contents, resourcesOf } from './estate.ts';

const role = {
  'roles/app/tasks/main.yml': `- name: Config of {{ app }}
  file: { path: "/{{ app }}.conf", content: "{{ app }} {{ port }} {{ role_name }}" }
  notify: Restart
`,
  'roles/app/handlers/main.yml': '- name: Restart\n  service: { name: "{{ app }}", state: restarted }\n',
  'roles/app/defaults/main.yml': 'port: 80\napp: app\n',
};

describe('roles', () => {
  it('bring tasks, defaults and handlers, and keep their variables to themselves', () => {
    const result = compiled({
      ...role,
      'site.yml':
        '- hosts: web\n  roles: [app]\n  tasks:\n    - file: { path: /after, content: "{{ port | default(\'none\') }}" }\n',
    });
    expect(contents(result)).toEqual({ '/app.conf': 'app 80 app', '/after': 'none' });
    expect(resourcesOf(result)[0]!.task.role).toBe('app');
  });

  it('used twice notify each their own handler', () => {
    const result = compiled({
      ...role,
      'site.yml': `- hosts: web
  roles:
    - { role: app, vars: { app: one }, tags: first }
    - { role: app, vars: { app: two, port: 81 }, when: number == 1 }
`,
    });
    expect(contents(result)).toEqual({ '/one.conf': 'one 80 app', '/two.conf': 'two 81 app' });
    expect(contents(result, 'web-b')).toEqual({ '/one.conf': 'one 80 app' });
    const handlers = result.plays[0]!.handlers.get('web-a')!;
    const restarted = resourcesOf(result).map((one) =>
      handlers
        .filter(({ names }) => names.some((name) => one.notify.includes(name)))
        .map(({ resource }) => resource.id),
    );
    expect(restarted).toEqual([['service:one.service restarted'], ['service:two.service restarted']]);
    expect(resourcesOf(result).map((one) => one.task.tags)).toEqual([['first'], []]);
  });

  it('used twice share a handler that does the same', () => {
    const files = {
      ...role,
      'roles/app/handlers/main.yml': '- name: Restart\n  service: { name: web, state: restarted }\n',
    };
    const result = compiled({
      ...files,
      'site.yml':
        '- hosts: web\n  roles:\n    - { role: app, vars: { app: one } }\n    - { role: app, vars: { app: two } }\n',
    });
    const handlers = result.plays[0]!.handlers.get('web-a')!;
    expect(handlers).toHaveLength(1);
    for (const one of resourcesOf(result)) expect(handlers[0]!.names).toContain(one.notify[0]);
  });

  it('are found beside the playbook first, and may be single files', () => {
    const result = compiled({
      'site.yml': '- hosts: web\n  roles: [small]\n',
      'roles/small/tasks.yml': '- directory: { path: "/{{ where }}" }\n',
      'roles/small/defaults.yml': 'where: here\n',
      'shared/roles/small/tasks.yml': '- directory: { path: /not-this }\n',
    });
    expect(resourcesOf(result).map((one) => one.id)).toEqual(['directory:/here']);
  });

  it('stand between pre_tasks and tasks', () => {
    const result = compiled({
      ...role,
      'site.yml': `- hosts: web
  post_tasks: [{ directory: { path: /4 } }]
  tasks: [{ directory: { path: /3 } }]
  roles: [{ role: app, become: true }]
  pre_tasks: [{ directory: { path: /1 } }]
`,
    });
    expect(resourcesOf(result).map((one) => [one.id, one.become])).toEqual([
      ['directory:/1', false],
      ['file:/app.conf', true],
      ['directory:/3', false],
      ['directory:/4', false],
    ]);
  });

  it('judge their variables, which may be facts nobody asked for yet', () => {
    const files = {
      ...role,
      'roles/app/variables.yml':
        'app: { type: string, required: true }\nport: { type: integer, maximum: 65535 }\nos: { enum: [debian] }\n',
      'site.yml': '- hosts: web\n  roles: [{ role: app, vars: { os: "{{ facts.os_id }}" } }]\n',
    };
    expect(contents(compiled(files, { facts: () => undefined }))['/app.conf']).toBe('app 80 app');
    expect(() => compiled(files, { facts: () => ({ os_id: 'alpine' }) })).toThrow('not-allowed');
  });
});

describe('handlers', () => {
  const play = (notify: string) => ({
    'site.yml': `- hosts: web
  tasks:
    - directory: { path: /d }
      notify: ${notify}
    - directory: { path: /e }
      notify: [Reload, Restart, other]
  handlers:
    - name: Reload
      listen: [changed, config]
      service: { name: app, state: reloaded }
    - name: Restart
      listen: config
      when: number == 1
      service: { name: app, state: restarted }
    - name: other
      service: { name: other, state: restarted }
`,
  });

  it.each([
    ['Reload', ['Reload']],
    ['changed', ['Reload']],
    ['config', ['Reload', 'Restart']],
    ['[Restart, changed]', ['Restart', 'Reload']],
    ["\"{{ 'Re' ~ 'load' }}\"", ['Reload']],
  ])('notify: %s means %j', (notify, keys) => {
    expect(resourcesOf(compiled(play(notify)))[0]!.notify).toEqual(keys);
  });

  it('stand in the order in which they are declared, where they apply', () => {
    const names = (host: string) =>
      compiled(play('config'))
        .plays[0]!.handlers.get(host)!
        .flatMap((one) => one.names);
    expect([names('web-a'), names('web-b')]).toEqual([
      ['Reload', 'Restart', 'other'],
      ['Reload', 'other'],
    ]);
  });
});
