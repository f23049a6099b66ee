import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../src/diagnostics/project.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { compile } from '../../../src/playbook/compile.ts';
import { readPlaybook } from '../../../src/playbook/read-playbook.ts';
import { kinds } from '../../../src/resources/index.ts';

const count = (length: number, line: (index: number) => string) => Array.from({ length }, (_, i) => line(i)).join('');

const task = (i: number) =>
  [
    `- file: { path: /etc/app/${i}.conf, template: app.j2 }\n  notify: Restart\n`,
    `- directory: { path: /srv/${i}, mode: "0755" }\n`,
    `- sysctl: { name: net.x${i}, value: "{{ v${i % 40} }}" }\n  when: n >= 0\n`,
    `- file: { path: "/etc/b/${i}-{{ n }}", content: "{{ v${i % 40} }} {{ ansible_host }}" }\n`,
  ][i % 4]!;

const project = projectOf({
  'inv/hosts.yml': `web:\n  hosts:\n${count(100, (i) => `    web-${i}: { ansible_host: 10.0.0.${i}, n: ${i} }\n`)}`,
  'inv/group_vars/web.yml': count(40, (i) => `v${i}: "{{ n }}-${i}"\n`),
  'site.yml': '- hosts: web\n  roles: [app]\n',
  'roles/app/tasks.yml': count(60, task),
  'roles/app/handlers.yml': '- name: Restart\n  service: { name: app, state: restarted }\n',
  'roles/app/templates/app.j2': '{{ v1 }} {{ v2 }}\n',
});

describe('speed', () => {
  it('compiles 60 tasks for 100 hosts in less than half a second of processor time', () => {
    const inventory = unwrap(readInventory(project, 'inv'));
    const playbook = unwrap(readPlaybook(project, 'site.yml', inventory, kinds, { rolesPaths: [] }));
    const input = { playbook, inventory, extraVars: new Map(), tags: [], skipTags: [], facts: () => ({}) };
    const spent = [1, 2, 3].map(() => {
      const before = process.cpuUsage();
      const result = unwrap(compile(input));
      expect([...result.plays[0]!.resources.values()].flat()).toHaveLength(6000);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    expect(Math.min(...spent)).toBeLessThan(500);
  });
});
