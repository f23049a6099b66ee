import { describe, expect, it } from 'vitest';
import {
  nextOwnership,
  type Ownership,
  orphans,
  ownershipText,
  parseOwnership,
  withHandlers,
  withoutHandlers,
} from '../../../src/plan/ownership.ts';
import type { Item } from '../../../src/plan/plan.ts';
import { kinds } from '../../../src/resources/index.ts';

const site = 'playbooks/site.yml';
const file = (path: string) => ({ id: `file:${path}`, kind: 'file', absent: { path, state: 'absent' }, become: true });
const record: Ownership = new Map([
  [site, { owned: [file('/a'), file('/b')], pending: ['service:a restarted'] }],
  ['playbooks/other.yml', { owned: [file('/c')], pending: [] }],
]);

function item(path: string, action: 'create' | 'none' | 'delete'): Item {
  const task = { name: path, at: { file: site, line: 1, col: 1 }, tags: [] };
  const spec = { path, content: '' };
  const resource = { host: 'a', kind: 'file', id: `file:${path}`, spec, task, become: true, notify: [], noLog: false };
  return {
    resource,
    change: action === 'none' ? { action } : { action, cause: '', fields: [] },
    now: { disturbed: false },
  };
}

describe('the record of what hadeploy made', () => {
  it('is the same text for the same playbooks in any order, and reads back in the order things were made in', () => {
    expect(ownershipText(new Map([...record].reverse()))).toBe(ownershipText(record));
    const made: Ownership = new Map([[site, { owned: [file('/z'), file('/b'), file('/n')], pending: [] }]]);
    expect(parseOwnership(ownershipText(made))).toEqual(made);
    expect(orphans(parseOwnership(ownershipText(made))!, site, 'a', new Set(), kinds).map((one) => one.id)).toEqual([
      'file:/n',
      'file:/b',
      'file:/z',
    ]);
  });

  it.each(['{', '[]', '{"version":2,"playbooks":{}}'])('does not guess what a damaged record means: %s', (text) => {
    expect(parseOwnership(text)).toBeUndefined();
  });

  it('is empty on a host that hadeploy never saw', () => {
    expect(parseOwnership('')).toEqual(new Map());
  });

  it('gives back what this playbook made and nobody declares, last made first, and nothing of another playbook', () => {
    expect(orphans(record, site, 'a', new Set(), kinds).map((one) => one.id)).toEqual(['file:/b', 'file:/a']);
    expect(orphans(record, site, 'a', new Set(['file:/b']), kinds).map((one) => one.spec)).toEqual([
      { path: '/a', state: 'absent' },
    ]);
  });

  it('names what will be made before it is made, and forgets what was taken away only afterwards', () => {
    const gone = orphans(record, site, 'a', new Set(['file:/a', 'file:/n']), kinds);
    const next = nextOwnership(
      record,
      site,
      [item('/n', 'create'), item('/right', 'none'), item('/b', 'delete')],
      gone,
      kinds,
    );
    expect(next.during.get(site)!.owned.map((one) => one.id)).toEqual(['file:/a', 'file:/b', 'file:/n']);
    expect(next.after.get(site)!.owned.map((one) => one.id)).toEqual(['file:/a', 'file:/n']);
    expect(next.after.get('playbooks/other.yml')).toEqual({ owned: [file('/c')], pending: [] });
  });

  it('knows a thing that several tasks work at by its one id', () => {
    const spec = { chain: 'MINE', only: 'opening', rules: [] };
    const kind = 'iptables_chain';
    const opening = { ...item('/n', 'create') };
    const resource = { ...opening.resource, kind, id: kinds.get(kind)!.id(spec), spec };
    const { after } = nextOwnership(record, site, [{ ...opening, resource }], [], kinds);
    expect(after.get(site)!.owned.at(-1)).toMatchObject({
      id: 'iptables_chain:MINE',
      absent: { chain: 'MINE', state: 'absent' },
    });
  });

  it('names the handlers that are to run, and forgets those that ran', () => {
    const handler = (path: string): Item => ({ ...item(path, 'create'), now: { disturbed: true, notified: 'by x' } });
    const items = [handler('/h')];
    const during = withHandlers(nextOwnership(record, site, items, [], kinds).during, site, items);
    expect(during.get(site)!.pending).toEqual(['service:a restarted', 'file:/h']);
    expect(withoutHandlers(during, site, items).get(site)!.pending).toEqual(['service:a restarted']);
    expect(nextOwnership(during, site, items, [], kinds).after.get(site)!.pending).toEqual(['service:a restarted']);
    expect(parseOwnership(ownershipText(during))).toEqual(during);
  });
});
