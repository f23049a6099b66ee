import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { visible } from '../../../src/diagnostics/visible.ts';
import type { Change, Deed } from '../../../src/resources/change.ts';
import { kinds } from '../../../src/resources/index.ts';
import { notConverged } from '../../../src/run/faults.ts';
import type { HostWork } from '../../../src/run/host-work.ts';

const work = { host: 'mon-a' } as HostWork;
const why = (kind: string, change: Exclude<Change, { readonly action: 'none' }>, noLog = false) => {
  const task = { name: 'task', at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
  const resource = { host: 'mon-a', kind, id: `${kind}:x`, spec: {}, task, become: true, notify: [], noLog };
  return notConverged(work, { resource, change, now: { disturbed: false } }, change, kinds).why!;
};

/** Every change that the tables of a kind know. */
function changesOf(kind: string): readonly Deed[] {
  const table = new URL(`../resources/${kind.replace('_', '-')}.cases.yml`, import.meta.url);
  const cases = existsSync(table)
    ? (parse(readFileSync(table, 'utf8')) as readonly { readonly change?: unknown }[])
    : [];
  const absent = (value: unknown) => (value === null ? undefined : value);
  return cases.flatMap(({ change }) => {
    const { action, cause, fields = [] } = (change ?? {}) as Partial<Deed>;
    if (action === undefined || cause === undefined) return [];
    const read = fields.map(
      (one) => ({ ...one, from: absent(one.from), to: absent(one.to) }) as Deed['fields'][number],
    );
    return [{ action, cause, fields: read }];
  });
}

describe('what is still not as desired', () => {
  it.each([...kinds.keys()])('is told of %s with each field, what was wanted and what is found', (kind) => {
    const changes = changesOf(kind);
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes) {
      const told = why(kind, change);
      for (const { field } of change.fields) {
        const at = told.indexOf(`${visible(field)}: wanted `);
        expect(at, told).toBeGreaterThanOrEqual(0);
        expect(told.slice(at)).toMatch(/^.*: wanted .+, found ./);
      }
      if (change.fields.length === 0) expect(told).toBe(`${change.action} is due: ${visible(change.cause)}`);
    }
  });

  it('is told of texts by the lines that differ, of contents by how many they are, and of hidden values by their fields alone', () => {
    const from = 'a\nb\nc\nd\ne\n';
    const change: Deed = {
      action: 'update',
      cause: 'content, mode differs',
      fields: [
        { field: 'content', from, to: 'a\nB\nc\nD\nE\n' },
        { field: 'mode', from: '0600', to: '0644' },
      ],
    };
    expect(why('file', change)).toBe(
      'content: wanted 5 lines, found another 5 lines; mode: wanted "0644", found "0600"',
    );
    const rules = { ...change, fields: [{ ...change.fields[0]!, field: 'rules' }] };
    expect(why('iptables_chain', rules)).toBe(
      'rules: wanted 5 lines, found 5 lines, from one to the other -"B" +"b" -"D" -"E" and 2 more lines',
    );
    expect(why('file', change, true)).toBe(
      'content: wanted (secret), found another (secret); mode: wanted (secret), found another (secret)',
    );
    expect(why('command', { action: 'run', cause: '/secret does not exist', fields: [] }, true)).toBe('run is due');
    const service = { field: 'service app', from: 'exited', to: 'started' };
    expect(why('compose', { action: 'update', cause: 'start', fields: [service] })).toBe(
      'service app: wanted "started", found still "exited"',
    );
  });
});
