import { describe, expect, it } from 'vitest';
import { hostTarget } from '../../../src/playbook/host-target.ts';
import { estate } from './estate.ts';

const target = (vars: string, extra: Readonly<Record<string, unknown>> = {}) => {
  const { playbook, inventory } = estate({ 'inventory/host_vars/web-a.yml': vars, 'site.yml': '[]\n' });
  return hostTarget(playbook, inventory, new Map(Object.entries(extra)), 'web-a');
};

describe('how a host is reached', () => {
  it('comes from its variables, filled in', () => {
    const found = target(
      'ansible_user: "{{ team }}-admin"\nteam: ops\nansible_port: "{{ 2200 + number }}"\nunrelated: "{{ nowhere }}"\n',
    );
    expect(found).toMatchObject({ ok: true, value: { address: '10.0.0.1', user: 'ops-admin', port: 2201 } });
  });

  it('can be overruled with -e', () => {
    expect(target('ansible_user: a\n', { ansible_user: 'b' })).toMatchObject({ ok: true, value: { user: 'b' } });
  });

  it('falls back to the name of the host', () => {
    const { playbook, inventory } = estate({
      'inventory/host_vars/web-a.yml': 'ansible_host: null\n',
      'site.yml': '[]\n',
    });
    expect(hostTarget(playbook, inventory, new Map(), 'web-a')).toMatchObject({
      ok: true,
      value: { address: 'web-a' },
    });
  });

  it.each([
    ['ansible_user: "{{ nobody }}"\n', 'undefined-variable'],
    ['ansible_user: "{{ facts.user }}"\n', 'facts-out-of-reach'],
    ['ansible_port: "{{ number * 0 }}"\n', 'bad-connection'],
  ])('is refused for %j', (vars, code) => {
    const found = target(vars);
    expect(found.ok ? [] : found.faults).toMatchObject([
      { code, at: { file: 'inventory/host_vars/web-a.yml', line: 1 } },
    ]);
  });
});
