import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/cli/exit-code.ts';
import { type CellPlay, type Cells, startCells, type Task } from '../../support/cells.ts';
import { noLocalHosts } from '../../support/local-transport.ts';

let cells: Cells;
beforeEach(async () => {
  cells = await startCells();
});
afterEach(() => cells.close());

const file = (name: string, content = 'new'): Task => ({ kind: 'file', spec: { path: cells.path(name), content } });

/** The cell `one` on `a` and `b`, the cell `two` on `c` and `d`, and a file on each host. */
function plays(content = 'new', more: readonly Task[] = []): readonly CellPlay[] {
  const one = { name: 'one', hosts: ['a', 'b'] };
  const two = { name: 'two', hosts: ['c', 'd'] };
  const step = (cell: typeof one, host: string): CellPlay => {
    return { name: `Roll: ${cell.name}-${host}`, hosts: [host], tasks: [file(`on-${host}`, content)], cell };
  };
  return [
    { name: 'Base', hosts: ['a', 'b', 'c', 'd'], tasks: [file('base-$host', content), ...more] },
    ...[step(one, 'a'), step(one, 'b'), step(two, 'c'), step(two, 'd')],
    { name: 'After', hosts: ['a', 'b', 'c', 'd'], tasks: [file('after-$host', content)] },
  ];
}
const skipping = { rolling: { skipUnreachable: true } };
const on = (prefix: string) => ['a', 'b', 'c', 'd'].map((host) => cells.read(`${prefix}-${host}`));
const warnings = () => cells.events.flatMap((event) => (event.type === 'fault' ? [event.fault] : []));

describe.skipIf(noLocalHosts !== undefined)(`silent hosts${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('end the run, and the fault says which cells that blocks', async () => {
    cells.unreached.set('b', 'connect-timeout');
    const report = await cells.run(plays());
    expect(report).toMatchObject({
      outcome: 'unfit',
      faults: [
        {
          code: 'connect-timeout',
          host: 'b',
          state: 'Meanwhile no member can change of cells that have one there: one (one-b).',
        },
        { code: 'nothing-touched', mend: expect.stringContaining('--skip-unreachable') },
      ],
    });
    expect(on('base')).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('are left out when told to, with every step of the cells that have a member there', async () => {
    await cells.run(plays('old', [file('gone-$host')]));
    cells.unreached.set('b', 'connect-timeout');
    cells.asked.length = 0;
    const report = await cells.run(plays('new'), skipping);
    expect(report).toMatchObject({
      outcome: 'failed',
      faults: [{ code: 'connect-timeout', host: 'b', state: 'b was left out of this run.' }],
    });
    expect(exitCodeOf(report, 1, false, false)).toBe(1);
    expect(on('base')).toEqual(['new', 'old', 'new', 'new']);
    expect(on('on')).toEqual(['old', 'old', 'new', 'new']);
    expect(warnings()).toMatchObject([
      { code: 'host-left-out', host: 'b', why: 'No way to b.' },
      {
        code: 'cell-blocked',
        what: 'one is left alone: one-b lives on b.',
        state: 'Taken out of the plan: "Roll: one-a" on a, "Roll: one-b" on b.',
      },
    ]);
    expect(new Set(cells.asked)).toEqual(new Set(['/two-c', '/two-c/full', '/two-d', '/two-d/full']));
    // Beside a member of a cell that is left alone, nothing is removed.
    expect(on('gone')).toEqual(['new', 'new', undefined, undefined]);
  });

  it('do not excuse a member of another cell that is not well', async () => {
    cells.unreached.set('b', 'connection-refused');
    cells.ill.add('/two-d');
    const report = await cells.run(plays(), skipping);
    expect(report).toMatchObject({
      outcome: 'unfit',
      faults: [{ code: 'peer-not-proved', host: 'd' }, { code: 'connection-refused' }],
    });
    expect(on('base')).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('make a run fail that has nothing else to do, or is only planned', async () => {
    await cells.run(plays());
    cells.unreached.set('b', 'host-unreachable');
    const idle = await cells.run(plays(), skipping);
    expect(idle).toMatchObject({ outcome: 'unfit', faults: [{ code: 'host-unreachable' }] });
    const planned = await cells.run(plays('newer'), { ...skipping, confirm: async () => 'stop' });
    expect(planned).toMatchObject({ outcome: 'unfit', faults: [{ state: 'b would be left out of this run.' }] });
    expect(exitCodeOf(planned, 1, true, false)).toBe(1);
    expect(planned.plan?.plays.flatMap((play) => [...play.items.keys()])).not.toContain('b');
    expect(on('base')).toEqual(['new', 'new', 'new', 'new']);
  });

  it('are not those that answer and refuse, and are not all there is', async () => {
    cells.unreached.set('b', 'host-key-changed').set('c', 'connect-timeout');
    const refused = await cells.run(plays(), skipping);
    expect(refused.faults.map(({ code }) => code)).toEqual(['host-key-changed', 'connect-timeout', 'nothing-touched']);
    for (const host of ['a', 'b', 'c', 'd']) cells.unreached.set(host, 'connect-timeout');
    expect((await cells.run(plays(), skipping)).faults.at(-1)).toMatchObject({ code: 'nothing-touched' });
    expect(on('base')).toEqual([undefined, undefined, undefined, undefined]);
  });
});
