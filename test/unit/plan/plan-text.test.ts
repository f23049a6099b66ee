import { describe, expect, it } from 'vitest';
import type { Item, Plan } from '../../../src/plan/plan.ts';
import { planJson } from '../../../src/plan/plan-json.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import type { Change } from '../../../src/resources/change.ts';

function item(host: string, id: string, change: Change, noLog = false): Item {
  const task = { name: `Task of ${id}`, at: { file: 'playbooks/site.yml', line: 4, col: 5 }, tags: [] };
  const kind = id.split(':')[0]!;
  return {
    resource: { host, kind, id, spec: {}, task, become: true, notify: [], noLog },
    change,
    now: { disturbed: false },
  };
}

const reload: Change = {
  action: 'update',
  cause: 'reload',
  fields: [
    { field: 'config/app.yml', from: 'every: 30s\n', to: 'every: 15s\n' },
    { field: 'service app', from: 'running', to: 'reloaded' },
  ],
};
const secret: Change = {
  action: 'create',
  cause: 'absent',
  fields: [{ field: 'content', from: undefined, to: 'hunter2\n' }],
};
const gone: Change = { action: 'delete', cause: 'no longer wanted', fields: [], notes: ['volumes stay'] };

const plan: Plan = {
  plays: [
    {
      name: 'Quiet',
      batches: [['a', 'b']],
      items: new Map([['a', [item('a', 'file:/etc/same', { action: 'none' })]]]),
    },
    {
      name: 'App',
      batches: [['a'], ['b']],
      items: new Map([
        ['a', [item('a', 'compose:app', reload), item('a', 'file:/etc/token', secret, true)]],
        ['b', [item('b', 'file:/etc/old', gone)]],
      ]),
    },
  ],
};

describe('planText', () => {
  it('shows plays that do something, batch by batch, with causes, fields, diffs and counts', () => {
    expect(planText(plan, { diffs: true })).toBe(`Play "App"
  batch 1 of 2: a
  a
    ~ compose:app  reload
        config/app.yml: +1 -1 lines
          @@ -1,1 +1,1 @@
          -every: 30s
          +every: 15s
        service app: running → reloaded
    + file "Task of file:/etc/token"  absent
        content: (hidden by no_log)
  batch 2 of 2: b
  b
    - file:/etc/old  no longer wanted
        note: volumes stay

3 changes on 2 hosts: 1 to create, 1 to update, 1 to delete; 1 as they should be.`);
  });

  it('shows how many lines differ without --diff', () => {
    const text = planText(plan, { diffs: false });
    expect(text).toContain('config/app.yml: +1 -1 lines');
    expect(text).not.toContain('15s');
  });

  it('says that there is nothing to do', () => {
    const quiet = { plays: plan.plays.slice(0, 1) };
    expect(planText(quiet, { diffs: true })).toBe('Nothing to change: 1 resource on 2 hosts is as it should be.');
  });
});

describe('planJson', () => {
  it('carries every change and no hidden value', () => {
    const json = JSON.stringify(planJson(plan));
    expect(json).not.toContain('hunter2');
    expect(JSON.parse(json)).toMatchObject({
      format: 1,
      counts: { changes: 3, create: 1, update: 1, delete: 1 },
      plays: [
        {},
        { hosts: { a: { changes: [{ id: 'compose:app', cause: 'reload', at: 'playbooks/site.yml:4' }, {}] } } },
      ],
    });
  });
});
