import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planJson } from '../../../src/plan/plan-json.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import { type CellPlay, type Cells, startCells, type Task } from '../../support/cells.ts';
import { noLocalHosts } from '../../support/local-transport.ts';

let cells: Cells;
/** Members that are there although nothing of them was made. */
let alive: Set<string>;
beforeEach(async () => {
  alive = new Set();
  const isThere = (member: string) => alive.has(member) || existsSync(cells.path(member));
  cells = await startCells(() => ` of ${['one-a', 'one-b', 'two-a'].filter(isThere).join(' ')}`, isThere);
});
afterEach(() => cells.close());

const file = (name: string): Task => ({ kind: 'file', spec: { path: cells.path(name), content: 'new\n' } });
const fails: Task = { kind: 'command', spec: { run: 'echo broken >&2; exit 7', creates: '/never' } };
const step = (cell: string, host: string, more: Partial<CellPlay> = {}): CellPlay => ({
  name: `${cell === 'one' ? 'Ones' : 'Twos'}: ${cell}-${host}`,
  hosts: [host],
  tasks: [file(`${cell}-${host}`)],
  cell: { name: cell, hosts: cell === 'one' ? ['a', 'b'] : ['a'] },
  ...more,
});
const plain = (): CellPlay => ({ name: 'Plain', hosts: ['a', 'b'], tasks: [file('plain-$host')], withNext: true });
const after = (): CellPlay => ({ name: 'After', hosts: ['a'], tasks: [file('after')] });
const pair = () => [step('one', 'a'), step('one', 'b')];
const made = () =>
  ['one-a', 'one-b', 'two-a', 'plain-a', 'plain-b', 'after'].filter((name) => existsSync(cells.path(name)));
const names = (report: Awaited<ReturnType<Cells['run']>>) => report.plan!.plays.map(({ name }) => name);
const owned = (host: string) => JSON.stringify(JSON.parse(cells.read(`${host}/state/owned.json`)!));

describe.skipIf(noLocalHosts !== undefined)(
  `members at once${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`,
  () => {
    it('are made where nothing is there of their cell, undrained, and proved once all are made', async () => {
      const drain: Task = { kind: 'command', spec: { run: 'false' } };
      const report = await cells.run([step('one', 'a', { drain }), step('one', 'b'), after()]);
      expect(report).toMatchObject({ outcome: 'done', faults: [] });
      expect(planText(report.plan!, { diffs: false })).toContain(`Play "Ones: at once"
  a
    at once, since nothing is there of one:
    + file:${cells.path('one-a')}  absent
`);
      expect(planText(report.plan!, { diffs: false })).toContain('    then one-a must be well: It is ready\n  b\n');
      expect(planJson(report.plan!)).toMatchObject({
        plays: [{ atOnce: [{ member: 'one-a' }, { member: 'one-b' }] }, {}],
      });
      expect(new Set(cells.asked)).toEqual(new Set(['/one-a of one-a one-b', '/one-b of one-a one-b']));
      expect(made()).toEqual(['one-a', 'one-b', 'after']);
      expect((await cells.run([...pair(), after()])).outcome).toBe('planned');
    });

    it('are changed one after the other as soon as one of the cell is there, or answers otherwise than nobody does', async () => {
      alive.add('one-a');
      cells.ill.add('/one-a');
      const report = await cells.run(pair());
      expect(names(report)).toEqual(['Ones: one-a', 'Ones: one-b']);
      alive.clear();
      cells.ill.clear();
      cells.unreached.set('b', 'host-unreachable');
      const alone = await cells.run([step('one', 'a')]);
      expect(names(alone)).toEqual(['Ones: one-a']);
    });

    it('are refused once one of the cell has come to life since the plan', async () => {
      const report = await cells.run([...pair(), after()], {
        confirm: async () => {
          alive.add('one-b');
          return 'go';
        },
      });
      expect(report.outcome).toBe('failed');
      expect(report.faults.map(({ code, host }) => [code, host])).toEqual([
        ['stale-plan', 'a'],
        ['stale-plan', 'b'],
      ]);
      expect(made()).toEqual([]);
    });

    it('go with those of the next play, and with what is between them, where that is allowed', async () => {
      const all = [...pair().map((one) => ({ ...one, withNext: true as const })), plain(), step('two', 'a'), after()];
      const report = await cells.run(all);
      expect(report).toMatchObject({ outcome: 'done', faults: [] });
      expect(names(report)).toEqual(['Ones, Plain, Twos: at once', 'After']);
      expect(made()).toEqual(['one-a', 'one-b', 'two-a', 'plain-a', 'plain-b', 'after']);
      expect((await cells.run(all)).outcome).toBe('planned');
    });

    it('stay when another one fails, which is put back; nothing comes after them', async () => {
      const spoilt = [...pair().map((one) => ({ ...one, withNext: true as const })), plain()];
      const report = await cells.run([...spoilt, step('two', 'a', { tasks: [file('two-a'), fails] }), after()]);
      expect(report.outcome).toBe('failed');
      expect(report.faults).toMatchObject([
        {
          code: 'step-failed',
          host: 'a',
          state: expect.stringMatching(/^a was put back .*two-a\..* Made with it, and left as they are: one-a\./),
        },
      ]);
      expect(made()).toEqual(['one-a', 'one-b', 'plain-a', 'plain-b']);
      expect([owned('a').includes('one-a'), owned('a').includes('two-a')]).toEqual([true, false]);
      // What stands is finished, not made again.
      const again = await cells.run([...pair(), plain(), step('two', 'a'), after()]);
      expect(again).toMatchObject({ outcome: 'done', faults: [] });
      expect(names(again)).toEqual(['Ones: one-a', 'Ones: one-b', 'Twos: at once', 'After']);
    });

    it('are put back when they are not well in the end, each by itself', async () => {
      cells.ill.add('/one-b');
      const report = await cells.run([...pair(), after()]);
      expect(report.faults).toMatchObject([{ code: 'member-not-well', host: 'b' }]);
      expect(made()).toEqual(['one-a']);
    });

    it('are not all taken away by an unwinding, unless that is allowed', async () => {
      const broken: CellPlay = { ...after(), tasks: [fails] };
      const kept = await cells.run([...pair(), broken], { rolling: { onFailure: 'unwind' } });
      expect(kept.faults.map(({ code }) => code)).toEqual(['step-failed', 'cell-taken-away', 'cell-taken-away']);
      expect(made()).toEqual(['one-a', 'one-b']);
      const two = [step('two', 'a'), broken];
      await cells.run(two, { part: true, rolling: { onFailure: 'unwind', allowDegraded: new Set(['two']) } });
      expect(made()).toEqual(['one-a', 'one-b']);
    });
  },
);
