import { expect, it } from 'vitest';
import { cellsDown, longestDown } from '../../../lab/soak/measure/cells.ts';
import { recordingOf } from './recordings.ts';

const cells = [
  { name: 'scraper1', members: ['scraper1-a', 'scraper1-b'] },
  { name: 'federator1', members: ['federator1-a', 'federator1-b'] },
];
const rounds = (...silent: string[][]) =>
  silent.map((names, index) => ({
    at: index * 500,
    silent: Object.fromEntries(names.map((name) => [name, 'refused'])),
    load: 0,
  }));

it('a cell is down when all its members are silent at the same look, and each time counts once', () => {
  const recording = recordingOf({
    cells,
    rounds: rounds(
      ['scraper1-a', 'federator1-b'],
      ['scraper1-a', 'scraper1-b'],
      ['scraper1-a', 'scraper1-b'],
      ['scraper1-b'],
      ['scraper1-a', 'scraper1-b'],
    ),
  });
  expect(cellsDown(recording).misses).toEqual([
    { at: 500, what: 'scraper1: silent for 1.00 s: scraper1-a (refused), scraper1-b (refused)' },
    { at: 2000, what: 'scraper1: silent for 0.50 s: scraper1-a (refused), scraper1-b (refused)' },
  ]);
  expect(longestDown(recording).found).toBe('2.00 s, scraper1-b');
});
