import { expect, it } from 'vitest';
import { findings } from '../../../lab/soak/measure/findings.ts';
import { clean, missList, soakTable } from '../../../lab/soak/table.ts';
import { recordingOf } from './recordings.ts';

const two = [
  { measure: 'Failed pushes', goal: '0', found: '1 of 9', misses: [{ at: 12_400, what: 'push: refused' }] },
  { measure: 'Wall time', goal: '', found: '30 s', misses: [] },
];

it('a table has a column for each soak and marks what missed its goal', () => {
  const good = two.map((one) => ({ ...one, found: '0', misses: [] }));
  expect(
    soakTable([
      { title: 'ours', findings: good },
      { title: 'theirs', findings: two },
    ]),
  ).toBe(`|               | goal | ours | theirs   |
|---------------|------|------|----------|
| Failed pushes | 0    | 0    | 1 of 9 ✗ |
| Wall time     |      | 0    | 30 s     |`);
  expect([clean(good), clean(two)]).toEqual([true, false]);
});

it('each miss is told with its second of the roll and what was being done', () => {
  const log = [
    { at: 10_000, text: 'Play "Federators": mon-a' },
    { at: 12_000, text: '  mon-a  project federator1-a ...' },
    { at: 13_000, text: '  mon-a  project federator1-a done' },
  ];
  expect(missList(two, recordingOf({ roll: { from: 10_000, to: 30_000 }, log }))).toBe(`Failed pushes:
      2.4 s  push: refused
             Play "Federators": mon-a › mon-a  project federator1-a ...`);
});

it('every measure is made once', () => {
  const names = findings(recordingOf({})).map(({ measure }) => measure);
  expect(new Set(names).size).toBe(names.length);
});
