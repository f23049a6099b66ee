import { describe, expect, it } from 'vitest';
import { explainVariable } from '../../../src/playbook/explain-variable.ts';
import { estate } from './estate.ts';

const files = {
  'inventory/group_vars/web.yml': 'port: 80\nurl: "http://{{ ansible_host }}:{{ port }}"\ndb_password: hidden\n',
  'inventory/host_vars/web-a.yml': 'port: 81\n',
  'site.yml': `- name: First
  hosts: web
  vars: { port: 82 }
  roles: [{ role: app, vars: { port: 83 } }]
- name: Second
  hosts: all
  roles: [app]
`,
  'roles/app/tasks.yml': '[]\n',
  'roles/app/defaults.yml': 'port: 8080\nlevel: "{{ facts.os_id }}"\n',
};

const explain = (name: string, host = 'web-a', extra: Readonly<Record<string, unknown>> = {}) => {
  const { playbook, inventory } = estate(files);
  const outcome = explainVariable(playbook, inventory, new Map(Object.entries(extra)), host, name);
  return outcome.ok ? outcome.value : outcome.faults.map(({ what, mend }) => `${what} ${mend}`).join('\n');
};

describe('where a variable comes from', () => {
  it('is told for each play and role in which it comes out another way', () => {
    expect(explain('port')).toBe(`port of web-a is 81
  set by    host_vars of "web-a", inventory/host_vars/web-a.yml:1: 81
  overrode  group_vars of "web", inventory/group_vars/web.yml:1: 80

port of web-a in the play "First" is 82
  set by    play vars, site.yml:3: 82
  overrode  host_vars of "web-a", inventory/host_vars/web-a.yml:1: 81
  overrode  group_vars of "web", inventory/group_vars/web.yml:1: 80

port of web-a in the role "app" of the play "First" is 83
  set by    role vars, site.yml:4: 83
  overrode  play vars, site.yml:3: 82
  overrode  host_vars of "web-a", inventory/host_vars/web-a.yml:1: 81
  overrode  group_vars of "web", inventory/group_vars/web.yml:1: 80
  overrode  role defaults, roles/app/defaults.yml:1: 8080

port of web-a in the role "app" of the play "Second" is 81
  set by    host_vars of "web-a", inventory/host_vars/web-a.yml:1: 81
  overrode  group_vars of "web", inventory/group_vars/web.yml:1: 80
  overrode  role defaults, roles/app/defaults.yml:1: 8080`);
  });

  it('is filled in', () => {
    expect(explain('url', 'web-b', { port: '9' })).toBe(`url of web-b is http://10.0.0.2:9
  set by    group_vars of "web", inventory/group_vars/web.yml:2: http://{{ ansible_host }}:{{ port }}`);
  });

  it('is shown as written where it needs a fact', () => {
    expect(explain('level')).toBe(`level of web-a is "{{ facts.os_id }}"
  set by    role defaults, roles/app/defaults.yml:2: "{{ facts.os_id }}"`);
  });

  it('is told without its value where that may be a secret', () => {
    expect(explain('db_password')).not.toContain('hidden');
  });

  it.each([
    ['prot', 'web-a', 'Nothing sets a variable "prot" for web-a. Did you mean "port"?'],
    ['port', 'web-c', 'The inventory has no host "web-c". Did you mean "web-a"?'],
  ])('is refused for %s of %s', (name, host, words) => {
    expect(explain(name, host)).toBe(words);
  });
});
