import { describe, expect, it } from 'vitest';
import { levels } from '../../../src/playbook/precedence.ts';
import { compiled, contents } from './estate.ts';

/** The value of a template on web-a, with `vars` in the play. */
function value(template: string, vars = '{}', given: Parameters<typeof compiled>[1] = {}): unknown {
  const files = {
    'site.yml': `- hosts: web\n  vars: ${vars}\n  tasks:\n    - file: { path: /it, content: ${JSON.stringify(template)} }\n`,
  };
  return contents(compiled(files, given))['/it'];
}

describe('precedence', () => {
  const files = (from: number) => ({
    'inventory/group_vars/web.yml': from <= 1 ? 'it: inventory\n' : '{}\n',
    'shared/roles/app/defaults/main.yml': 'it: role defaults\n',
    'shared/roles/app/tasks/main.yml': `- vars: ${from <= 5 && from >= 5 ? '{it: task vars}' : '{}'}\n  file: { path: /it, content: "{{ it }}" }\n`,
    'vars.yml': from >= 2 ? 'it: play vars_files\n' : '{}\n',
    'site.yml': `- hosts: web
  vars_files: vars.yml
  vars: ${from >= 3 ? '{it: play vars}' : '{}'}
  roles:
    - role: app
      vars: ${from >= 4 ? '{it: role vars}' : '{}'}
`,
  });

  it.each(levels.map((level, index) => [level.name, index] as const))('%s wins over all before it', (name, index) => {
    const all = {
      ...files(Math.min(index, 4)),
      'inventory/group_vars/web.yml': index >= 1 ? 'it: inventory\n' : '{}\n',
      'shared/roles/app/tasks/main.yml': `- vars: ${index >= 5 ? '{it: task vars}' : '{}'}\n  file: { path: /it, content: "{{ it }}" }\n`,
    };
    const extra = index >= 6 ? { it: 'extra vars' } : {};
    expect(contents(compiled(all, { extra }))['/it']).toBe(name);
  });

  it('gives the vars of an import_playbook to its plays, over their own', () => {
    const result = compiled({
      'site.yml': '- import_playbook: other.yml\n  vars: { it: imported }\n',
      'other.yml': '- hosts: web\n  vars: { it: own }\n  tasks:\n    - file: { path: /it, content: "{{ it }}" }\n',
    });
    expect(contents(result)['/it']).toBe('imported');
  });

  it('lets inner blocks win, and their tasks over them', () => {
    const result = compiled({
      'site.yml': `- hosts: web
  vars: { it: play, other: "{{ it }}!" }
  tasks:
    - vars: { it: outer }
      block:
        - file: { path: /outer, content: "{{ it }} {{ other }}" }
        - vars: { it: inner }
          block:
            - file: { path: /inner, content: "{{ it }} {{ other }}" }
            - file: { path: /task, content: "{{ it }} {{ other }}" }
              vars: { it: task }
    - file: { path: /play, content: "{{ it }} {{ other }}" }
`,
    });
    expect(contents(result)).toEqual({
      '/outer': 'outer outer!',
      '/inner': 'inner inner!',
      '/task': 'task task!',
      '/play': 'play play!',
    });
  });
});

describe('values', () => {
  it.each<[string, string, unknown]>([
    ['{{ a }} and {{ b }}', '{a: 1, b: "{{ a + 1 }}"}', '1 and 2'],
    ['{{ list | join(",") }}', '{list: ["{{ number }}", "x{{ number }}"]}', '1,x1'],
    ['{{ map.inner.deep }}', '{map: {inner: {deep: "{{ domain }}"}}}', 'example.org'],
    ['{{ missing | default("none") }}', '{}', 'none'],
    ['{{ inventory_hostname }} {{ inventory_hostname_short }}', '{}', 'web-a web-a'],
    ['{{ group_names | join(",") }}', '{}', 'web'],
    ['{{ groups.all | join(",") }}', '{}', 'web-a,web-b,db-a.example.org'],
    ['{{ groups["web"] | length }}', '{}', '2'],
    ['{{ ansible_play_hosts | join(",") }}', '{}', 'web-a,web-b'],
    ['{{ inventory_dir }} {{ playbook_dir }}', '{}', 'inventory .'],
    ['{{ ansible_host }} {{ address }}', '{}', '10.0.0.1 10.0.0.1'],
    ['{{ hostvars["db-a.example.org"].ansible_host }}', '{}', '10.0.0.3'],
    ['{{ hostvars["web-b"].number }} {{ hostvars["web-b"]["inventory_hostname"] }}', '{}', '2 web-b'],
    ['{{ groups.all | map("extract", hostvars, "number") | join("+") }}', '{}', '1+2+3'],
    ['{{ hostvars["web-b"].nothing | default("-") }}', '{}', '-'],
    ["{{ 'x' if number == 1 else 'y' }}", '{}', 'x'],
    ['{% for h in groups.web %}\n{{ h }}\n{% endfor %}\n', '{}', 'web-a\nweb-b\n'],
  ])('%s with %s is %j', (template, vars, expected) => {
    expect(value(template, vars)).toBe(expected);
  });

  it('are of the host that has them, wherever they are used', () => {
    const files = {
      'inventory/group_vars/all.yml': 'url: "http://{{ ansible_host }}:{{ port }}"\nport: 80\n',
      'inventory/host_vars/web-b.yml': 'port: 81\n',
      'site.yml': `- hosts: web-a
  vars: { port: 9 }
  tasks:
    - file: { path: /it, content: "{{ url }} {{ hostvars['web-b'].url }} {{ hostvars['db-a.example.org'].url }}" }
`,
    };
    expect(contents(compiled(files))['/it']).toBe('http://10.0.0.1:9 http://10.0.0.2:81 http://10.0.0.3:80');
  });

  it('keep their types', () => {
    const result = compiled({
      'site.yml': `- hosts: web
  vars: { boot: true, statuses: [200, "{{ 200 + 4 }}"], spec: { path: /d } }
  tasks:
    - service: { name: app, state: started, enabled: "{{ boot }}" }
    - http: { url: "http://127.0.0.1/", status: "{{ statuses }}", timeout: "{{ number * 5 }}" }
    - directory: "{{ spec }}"
`,
    });
    const specs = result.plays[0]!.resources.get('web-a')!.map((one) => one.spec);
    expect(specs).toEqual([
      { name: 'app', state: 'started', enabled: true },
      { url: 'http://127.0.0.1/', status: [200, 204], timeout: 5 },
      { path: '/d' },
    ]);
  });

  it('become what the kind asks for, where a template gives them: -e knows only text', () => {
    const result = compiled(
      {
        'site.yml': `- hosts: web
  tasks:
    - service: { name: app, state: started, enabled: "{{ boot }}" }
    - http: { url: "http://127.0.0.1/", timeout: "{{ seconds }}" }
    - sysctl: { name: net.core.somaxconn, value: "{{ number }}" }
    - file: { path: /it, content: "{{ number }}" }
`,
      },
      { extra: { boot: 'no', seconds: '30' } },
    );
    expect(result.plays[0]!.resources.get('web-a')!.map((one) => one.spec)).toEqual([
      { name: 'app', state: 'started', enabled: false },
      { url: 'http://127.0.0.1/', timeout: 30 },
      { name: 'net.core.somaxconn', value: 1 },
      { path: '/it', content: '1' },
    ]);
  });

  it('leave out what is omitted', () => {
    const result = compiled({
      'site.yml': `- hosts: web
  tasks:
    - directory: { path: /d, mode: "{{ mode | default(omit) }}", owner: "{{ omit }}" }
    - package: { name: [curl, "{{ omit if number == 1 else 'jq' }}"] }
`,
    });
    expect(result.plays[0]!.resources.get('web-a')!.map((one) => one.spec)).toEqual([
      { path: '/d' },
      { name: ['curl'] },
    ]);
    expect(result.plays[0]!.resources.get('web-b')![1]!.spec).toEqual({ name: ['curl', 'jq'] });
  });

  it('given with -e are templates too', () => {
    expect(value('{{ it }}', '{}', { extra: { it: '{{ inventory_hostname }}!' } })).toBe('web-a!');
  });

  it('in a loop see the item, and share nothing with the next round', () => {
    const result = compiled({
      'site.yml': `- hosts: web
  vars: { line: "{{ item }} of {{ inventory_hostname }}", fixed: "{{ domain }}" }
  tasks:
    - file: { path: "/{{ item }}", content: "{{ line }} {{ fixed }}" }
      loop: [a, b]
`,
    });
    expect(contents(result)).toEqual({ '/a': 'a of web-a example.org', '/b': 'b of web-a example.org' });
    expect(contents(result, 'web-b')).toEqual({ '/a': 'a of web-b example.org', '/b': 'b of web-b example.org' });
  });

  it('of 2,000 variables only those that are used are filled in', () => {
    const vars = Array.from({ length: 2000 }, (_, index) => `    v${index}: "{{ nowhere${index} }}"`).join('\n');
    const files = {
      'site.yml': `- hosts: web\n  vars:\n${vars}\n    it: fine\n  tasks:\n    - file: { path: /it, content: "{{ it }}" }\n`,
    };
    expect(contents(compiled(files))['/it']).toBe('fine');
  });
});
