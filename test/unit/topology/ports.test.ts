import { expect, it } from 'vitest';
import { allotPorts } from '../../../src/topology/ports.ts';

const ports = (...cells: readonly (string | readonly [string, number])[]) =>
  Object.fromEntries(
    allotPorts(
      cells.map((cell) => (typeof cell === 'string' ? { name: cell } : { name: cell[0], port: cell[1] })),
      9090,
    ),
  );

it.each([
  ['one cell', ports('scraper1'), { scraper1: 9090 }],
  ['numbered cells', ports('scraper1', 'scraper2'), { scraper1: 9090, scraper2: 9190 }],
  ['numbered cells in another order', ports('scraper2', 'scraper1'), { scraper1: 9090, scraper2: 9190 }],
  ['a cell that stays when another goes', ports('scraper2'), { scraper2: 9190 }],
  ['ten of them', ports('s10', 's9'), { s9: 9890, s10: 9990 }],
  ['names without numbers', ports('shop', 'core'), { core: 9090, shop: 9190 }],
  ['a number beyond reason', ports('eu-2026'), { 'eu-2026': 9090 }],
  ['two of one number', ports('b1', 'a1'), { a1: 9090, b1: 9190 }],
  ['numbers before names', ports('a', 's1'), { s1: 9090, a: 9190 }],
  ['a given port', ports(['scraper1', 7000], 'scraper2'), { scraper1: 7000, scraper2: 9190 }],
  ['a given port that another would have', ports('scraper1', ['scraper2', 9090]), { scraper1: 9190, scraper2: 9090 }],
])('allots %s', (_, found, expected) => {
  expect(found).toEqual(expected);
});
