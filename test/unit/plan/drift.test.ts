import { describe, expect, it } from 'vitest';
import { driftJson, driftText, type HostDrift } from '../../../src/plan/drift.ts';
import type { Change } from '../../../src/resources/change.ts';
import { kinds } from '../../../src/resources/index.ts';

const item = (kind: string, name: string, change: Change, noLog = false): HostDrift['items'][number] => ({
  resource: {
    host: 'mon-a',
    kind,
    id: `${kind}:${name}`,
    spec: {},
    task: { name: `the ${name}`, at: { file: 'playbooks/site.yml', line: 1, col: 1 }, tags: [] },
    become: true,
    notify: [],
    noLog,
  },
  change,
  now: { disturbed: false },
});
const update = (...fields: readonly [string, string | undefined, string | undefined][]): Change => ({
  action: 'update',
  cause: 'differs',
  fields: fields.map(([field, from, to]) => ({ field, from, to })),
});
const hosts: readonly HostDrift[] = [
  {
    host: 'mon-a',
    items: [
      item('file', '/same', { action: 'none' }),
      item('file', '/text', update(['content', 'a\nc\n', 'a\nb\n'], ['mode', '0600', '0644'])),
      item('file', '/secret', update(['content', 'hunter2', 'hunter1']), true),
      item('file', '/back', { action: 'delete', cause: 'no longer wanted', fields: [] }),
      item('service', 'docker', update(['state', 'stopped', 'started'])),
      item('compose', 'web', {
        ...update(
          ['config/app.yml', undefined, 'a\n'],
          ['image web:1', undefined, 'pulled'],
          ['service app', 'exited', 'started'],
        ),
        notes: ['app is started: it is stopped.'],
      } as Change),
      item('iptables_chain', 'MONITORING', update(['rules', '-j ACCEPT\n', '-s 1.2.3.4 -j ACCEPT\n-j DROP\n'])),
      item('command', 'x', { action: 'run', cause: '/y does not exist', fields: [] }),
    ],
  },
  { host: 'mon-b', items: [item('file', '/same', { action: 'none' })] },
  { host: 'mon-c', items: [] },
];

describe('drift', () => {
  it('is told from what was applied to what is, and hides what is hidden', () => {
    expect(driftText(hosts, kinds, { diffs: true })).toBe(`mon-a
  file:/text was changed  the /text
      content: +1 -1 lines since
        @@ -1,2 +1,2 @@
         a
        -b
        +c
      mode: was 0644, is 0600 now
  file "the /secret" was changed  the /secret
      content: (hidden by no_log)
  file:/back is there again, and was removed  the /back
  service:docker was changed  the docker
      state: was started, is stopped now
  compose:web was changed  the web
      config/app.yml: is absent now
      image web:1: is absent now, an apply would have it pulled
      service app: is exited now, an apply would have it started
      note: app is started: it is stopped.
  iptables_chain:MONITORING was changed  the MONITORING
      rules: +1 -2 lines since
        @@ -1,2 +1,1 @@
        --s 1.2.3.4 -j ACCEPT
        --j DROP
        +-j ACCEPT
  command:x is due again  the x
      /y does not exist

Drift: 7 of 9 resources on 2 hosts are not as they were last applied.`);
  });

  it('is a value with what was applied and what is found, for programs', () => {
    const json = JSON.stringify(driftJson(hosts));
    expect(json).not.toContain('hunter');
    expect(JSON.parse(json)).toMatchObject({
      format: 1,
      drift: 7,
      hosts: {
        'mon-a': {
          resources: 8,
          drift: [{ id: 'file:/text', is: 'changed', fields: [{}, { applied: '0644' }] }, {}, {}, {}, {}, {}, {}],
        },
        'mon-b': { resources: 1, drift: [] },
        'mon-c': { resources: 0, drift: [] },
      },
    });
  });
});
