import { expect, it } from 'vitest';
import { secondsOf, shorter } from '../../../src/topology/duration.ts';

it.each([
  ['15s', 15],
  ['1h30m', 5400],
  ['500ms', 0.5],
  ['5m', 300],
  ['2d', 172_800],
  ['1w', 604_800],
  ['1y', 31_536_000],
  ['', Number.NaN],
  ['15', Number.NaN],
  ['1.5h', Number.NaN],
  ['fast', Number.NaN],
])('%s are %d seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

it.each([
  ['5s', '10s', '5s'],
  ['1m', '10s', '10s'],
  ['60s', '1m', '60s'],
])('of %s and %s the shorter is %s', (a, b, expected) => {
  expect(shorter(a, b)).toBe(expected);
});
