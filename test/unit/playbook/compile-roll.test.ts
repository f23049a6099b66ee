import { describe, expect, it } from 'vitest';
import { compiled } from './estate.ts';

const site = (roll = '', tasks = '') => ({
  'site.yml': `- name: Gateways
  hosts: web
  roll:
    members: [{name: "{{ 'g1-' ~ number }}", cell: g1}]
    member_var: gateway
    proof:
      - name: "{{ gateway.name }} is ready"
        http: {url: "http://{{ ansible_host }}/ready"}
${roll}  tasks:
    - file: {path: "/etc/{{ gateway.name }}", content: "{{ number }}\\n"}
      notify: Reload
${tasks}  handlers:
    - name: Reload
      command: echo {{ gateway.name }}
`,
});
const drain = `    drain:
      - name: Give the address away
        command: drain {{ gateway.name }}
        notify: Reload
`;

describe('a roll', () => {
  it('becomes a play for each step, whose members know who must be well first', () => {
    const { plays } = compiled(site());
    expect(plays.map(({ name, batches }) => [name, batches])).toEqual([
      ['Gateways: g1-1', [['web-a']]],
      ['Gateways: g1-2', [['web-b']]],
    ]);
    const moving = plays[0]!.moving!.get('web-a')!;
    expect(moving).toMatchObject({ member: 'g1-1', cell: 'g1', host: 'web-a' });
    expect(moving.others.map(({ member, host, proof }) => [member, host, proof[0]!.task.name, proof[0]!.spec])).toEqual(
      [['g1-2', 'web-b', 'g1-2 is ready', { url: 'http://10.0.0.2/ready' }]],
    );
    expect(plays[1]!.resources.get('web-b')!.map(({ id }) => id)).toEqual(['file:/etc/g1-2']);
    expect(plays[1]!.handlers.get('web-b')!.map(({ resource }) => resource.spec)).toEqual(['echo g1-2']);
  });

  it('goes by rank, which may depend on facts, once they are known', () => {
    const files = site('    rank: "{{ 1 if \'10.0.0.9\' in facts.addresses else 0 }}"\n');
    const order = (facts: (host: string) => Readonly<Record<string, unknown>> | undefined) =>
      compiled(files, { facts }).plays.map(({ hosts }) => hosts[0]);
    expect(order((host) => ({ addresses: host === 'web-a' ? ['10.0.0.9'] : [] }))).toEqual(['web-b', 'web-a']);
    expect(order(() => undefined)).toEqual(['web-a', 'web-b']);
  });

  it('makes members at once where nothing is there when all of a cell have the same rank then', () => {
    const atOnce = (roll: string) => compiled(site(roll)).plays.map(({ moving }) => [...moving!.values()][0]!.atOnce);
    expect(atOnce('')).toEqual([true, true]);
    expect(atOnce('    rank: "{{ number }}"\n')).toEqual([false, false]);
    expect(atOnce('    rank: "{{ number }}"\n    first_rank: 0\n')).toEqual([true, true]);
    expect(atOnce('    first_rank: "{{ number }}"\n')).toEqual([false, false]);
    const next = { 'site.yml': site()['site.yml'].replace('  roll:', '  with_next: true\n  roll:') };
    const roll = { name: 'Gateways', place: 0 };
    expect(compiled(next).plays).toMatchObject([
      { withNext: true, roll },
      { withNext: true, roll },
    ]);
    expect(compiled(site()).plays[0]!.withNext).toBe(false);
  });

  it('asks members of hosts that are left out, and changes none of them', () => {
    const { plays } = compiled(site(), { limit: 'web-b' });
    expect(plays.map(({ name, hosts }) => [name, hosts])).toEqual([['Gateways: g1-2', ['web-b']]]);
    expect(plays[0]!.moving!.get('web-b')!.others.map(({ host }) => host)).toEqual(['web-a']);
  });

  it('drains a member by tasks of which every name may be notified', () => {
    const { plays } = compiled(site(drain));
    expect(plays[0]!.drain.get('web-a')!.map(({ spec, notify }) => [spec, notify])).toEqual([
      ['drain g1-1', ['Reload']],
    ]);
  });

  it('lets other hosts do a drain and its end', () => {
    const away =
      '        delegate_to: "{{ groups[\'web\'] | difference([inventory_hostname]) }}"\n        ignore_errors: true\n';
    const { plays } = compiled(site(`${drain}${away}`));
    const hosts = ['web-b'];
    expect(plays[0]!.drain.get('web-a')![0]!.delegate).toEqual({ hosts, mayFail: true });
    expect(plays[0]!.handlers.get('web-a')![0]!.resource.delegate).toBeUndefined();
  });

  it('gives hosts without members nothing to do', () => {
    const files = site();
    const none = { 'site.yml': files['site.yml'].replace('[{name: "{{ \'g1-\' ~ number }}", cell: g1}]', '[]') };
    expect(compiled(none).plays).toEqual([]);
  });
});
