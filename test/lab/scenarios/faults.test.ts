import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCell } from '../faults/cell.ts';
import { columns } from '../faults/columns.ts';
import { bringUp, type Estate } from '../faults/estate.ts';
import { rows } from '../faults/rows.ts';
import { labUnavailable } from '../lab/availability.ts';
import { down } from '../lab/life.ts';

const reason = labUnavailable();
const lab = 't-faults';

/** What nothing else tries, of the matrix that `npm run test:faults` goes through. */
const cells = [
  ['gateway holder, its change', 'kill -9'],
  ['scraper a', 'host rebooted'],
  ['federator a', 'disk full'],
  ['notifier a', 'never ready'],
  ['notifier a', 'config refused'],
] as const;

describe.skipIf(reason)(`an upgrade in which something goes wrong${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let estate: Estate;
  beforeAll(async () => {
    estate = await bringUp(lab, () => {}, 20);
  });
  afterAll(async () => {
    await estate?.end();
    await down(lab);
  });

  it.each(cells)('%s × %s: no cell goes dark, nothing is half-written, the next run finishes', async (step, fault) => {
    const row = rows.find(({ name }) => name === step)!;
    const result = await runCell(estate, row, columns.find(({ name }) => name === fault)!);
    expect(result.wrong, result.said.join('\n')).toEqual([]);
  });
});
