import type { Value } from '../../../src/jinja/jinja.ts';

/** A source of numbers that gives the same ones for the same seed. */
export type Chance = (below: number) => number;

/** The generator mulberry32. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** Variables of every kind, for generated templates. */
export const CONTEXT: { readonly [name: string]: Value } = {
  n: 5,
  zero: 0,
  neg: -7,
  f: 2.5,
  t: true,
  no: false,
  nothing: null,
  s: 'Hello, World',
  word: 'web1',
  empty: '',
  lines: 'one\ntwo  \n\n three\t\n',
  csv: 'b,a,,C',
  uni: 'Größe ñ 😀 "q" \'s\'',
  number_text: '42',
  list: [3, 1, 2],
  words: ['pear', 'Apple', 'fig', 'apple'],
  mixed: [1, 'x', null, true, 2.5, [1, 2], { k: 'v' }],
  nested: [[1, 2], [3, [4]], []],
  none_list: [],
  d: { x: 1, y: { z: 'deep', list: [1, 2] }, items: 'shadowed' },
  ports: { http: 80, https: 443, 'with-dash': 1 },
  hosts: [
    { name: 'a', ip: '10.0.0.1', on: true, n: 3 },
    { name: 'B', ip: '10.0.0.2', on: false, n: 1 },
    { name: 'c', ip: '10.0.0.3', on: true, n: 2 },
  ],
};
