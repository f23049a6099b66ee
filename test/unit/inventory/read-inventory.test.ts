import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { projectOf } from '../../../src/diagnostics/project.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';

const read = (texts: Record<string, string>, path: string) => readInventory(projectOf(texts), path);

/** `code file:line:col` of all that was said about an inventory. */
function said(texts: Record<string, string>, path = 'inv') {
  const outcome = read(texts, path);
  const list = outcome.ok ? outcome.warnings : outcome.faults;
  return list.map(({ code, severity, at }) => {
    const place = at ? ` ${at.file}:${at.line}:${at.col}` : '';
    return `${severity} ${code}${place}`;
  });
}

const messages = (texts: Record<string, string>, path = 'inv') => {
  const outcome = read(texts, path);
  return (outcome.ok ? outcome.warnings : outcome.faults).map(({ what, mend }) => [what, mend]);
};

describe('readInventory', () => {
  it('orders groups and hosts, and knows where each value was written', () => {
    const inventory = unwrap(
      read(
        {
          'inv/hosts.yml': 'all:\n  children:\n    web:\n      hosts:\n        a: {x: 1}\n        b:\n  vars: {x: 0}\n',
          'inv/group_vars/web.yml': 'x: "{{ y }}"\n',
          'inv/topology.yml': 'cells: []\n',
          'inv/rules/node.yml': 'groups: []\n',
        },
        'inv/',
      ),
    );
    expect(inventory.path).toBe('inv');
    expect([...inventory.groups.keys()]).toEqual(['all', 'ungrouped', 'web']);
    expect(inventory.groups.get('web')).toMatchObject({ hosts: ['a', 'b'], depth: 1, priority: 1 });
    expect(inventory.hosts.get('a')?.groups).toEqual(['all', 'web']);
    const x = inventory.hosts.get('a')?.vars.get('x');
    expect(x).toMatchObject({
      value: 1,
      source: 'host "a" in the inventory',
      at: { file: 'inv/hosts.yml', line: 5, col: 16 },
      overrode: [
        { value: '{{ y }}', source: 'group_vars of "web"', at: { file: 'inv/group_vars/web.yml', line: 1, col: 4 } },
        { value: 0, source: 'group "all" in the inventory' },
      ],
    });
    expect(x?.overrode[0]?.within([], 1, 4)).toMatchObject({ line: 1, col: 8 });
  });

  it('reads a file without an ending as whatever it is', () => {
    const yaml = unwrap(read({ hosts: 'web:\n  hosts:\n    a:\n' }, 'hosts'));
    const ini = unwrap(read({ hosts: '[web]\na x=1\n' }, 'hosts'));
    expect([...yaml.hosts.keys(), ...ini.hosts.keys()]).toEqual(['a', 'a']);
    expect(said({ hosts: 'web:\n  hosts:\n    a: [\n' }, 'hosts')).toEqual(['error yaml-syntax hosts:4:1']);
  });

  it('reads .ini in a folder', () => {
    expect([...unwrap(read({ 'inv/hosts.ini': 'a\n' }, 'inv')).hosts.keys()]).toEqual(['a']);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a missing folder', { 'other/hosts.yml': '' }, ['error no-inventory']],
    ['a folder without sources', { 'inv/README.md': '' }, ['error no-inventory']],
    ['a program', { 'inv/hosts': '#!/bin/sh\n' }, ['error inventory-format inv/hosts:1:1']],
    ['TOML', { 'inv/hosts.toml': '[web]\n' }, ['error inventory-format inv/hosts.toml:1:1']],
    ['a plugin', { 'inv/aws.yml': 'plugin: aws_ec2\n' }, ['error inventory-plugin inv/aws.yml:1:1']],
    ['a list at the top', { 'inv/hosts.yml': '- a\n' }, ['error wrong-type inv/hosts.yml:1:1']],
    [
      'all faults of all files at once',
      {
        'inv/1.yml': 'web:\n  host:\n    a:\n  hosts: [a]\n  vars: 3\n',
        'inv/2.ini': '[web:vras]\n[db\n[a b]\n',
        'inv/group_vars/web.yml': '- 1\n',
        'inv/group_vars/all.yml': 'a: 1\na: 2\n',
      },
      [
        'error unknown-key inv/1.yml:2:3',
        'error wrong-type inv/1.yml:5:9',
        'error wrong-type inv/1.yml:4:10',
        'error bad-section inv/2.ini:1:1',
        'error bad-section inv/2.ini:3:1',
        'error duplicate-key inv/group_vars/all.yml:2:1',
        'error wrong-type inv/group_vars/web.yml:1:1',
      ],
    ],
    ['a host that is no mapping', { 'inv/h.yml': 'web: {hosts: {a: 5}}\n' }, ['error wrong-type inv/h.yml:1:18']],
    [
      'loops',
      { 'inv/h.yml': 'a:\n  children:\n    b:\n      children:\n        a:\n        b:\n' },
      ['error group-loop inv/h.yml:5:9', 'error group-loop inv/h.yml:6:9']
        .slice(1)
        .concat('error group-loop inv/h.yml:3:5'),
    ],
    ['all as a child', { 'inv/h.ini': '[a:children]\nall\n' }, ['error group-loop inv/h.ini:2:1']],
    [
      'groups that are not defined',
      { 'inv/h.ini': '[web]\na\n[prod:children]\nwbe\n[dp:vars]\nx=1\n' },
      ['error unknown-group inv/h.ini:4:1', 'error unknown-group inv/h.ini:5:1'],
    ],
    [
      'bad ranges and names',
      { 'inv/h.yml': 'web:\n  hosts:\n    w[3:1]:\n    w[01:9]:\n    w[a]:\n    w[1:99999]:\n    w[1:2:\n    "x:":\n' },
      [3, 4, 5, 6, 7, 8].map((line) => `error bad-host inv/h.yml:${line}:5`),
    ],
    [
      'bad lines',
      { 'inv/h': '[web]\na x\nb "x\n[web:vars]\nfoo\n[web:children]\na b\n' },
      ['error bad-line inv/h:2:3', 'error bad-line inv/h:3:1', 'error bad-line inv/h:5:1', 'error bad-line inv/h:7:1'],
    ],
    [
      'a priority that is no number',
      { 'inv/h': '[w]\na\n[w:vars]\nansible_group_priority=x\n' },
      ['error wrong-type inv/h:4:24'],
    ],
  ])('refuses %s', (_, texts, expected) => {
    expect(said(texts).sort()).toEqual([...expected].sort());
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a name that is a host and a group', { 'inv/h': '[web]\nweb\n' }, ['warning host-is-group inv/h:2:1']],
    [
      'variables of unknown groups and hosts',
      {
        'inv/h': '[web]\na\n',
        'inv/group_vars/wbe.yml': '',
        'inv/host_vars/b/x.yml': '',
        'inv/host_vars/notes.txt': '',
      },
      ['warning unknown-group inv/group_vars/wbe.yml:1:1', 'warning unknown-host inv/host_vars/b/x.yml:1:1'],
    ],
    [
      'a file of variables in the shadow of another',
      { 'inv/h': '[web]\na\n', 'inv/group_vars/web/x.yml': 'x: 1', 'inv/group_vars/web.yml': 'x: 2' },
      ['warning shadowed-vars inv/group_vars/web.yml:1:1'],
    ],
    ['a value cut by a comment', { 'inv/h': 'a x=1#2\n' }, ['warning cut-by-comment inv/h:1:6']],
  ])('warns of %s', (_, texts, expected) => {
    expect(said(texts)).toEqual(expected);
  });

  it('says how to mend', () => {
    expect(messages({ 'inv/h.yml': 'web:\n  hosts: [a]\n' })[0]?.[1]).toContain('`mon-a:`');
    expect(messages({ 'inv/h.yml': 'web:\n  host: {a: }\n' })[0]).toEqual([
      'The group "web" has no key "host".',
      'Did you mean "hosts"?',
    ]);
    expect(messages({ 'inventory/lab/hosts.yml': '' }, 'inventory/lba')[0]).toEqual([
      'There is no inventory at inventory/lba.',
      'Did you mean inventory/lab?',
    ]);
    expect(messages({ 'inv/h': '[web]\na\n[prod:children]\nwbe\n' })[0]?.[1]).toMatch(/^Did you mean "web"\?/);
  });
});
