import { describe, expect, it } from 'vitest';
import { yamlText } from '../../../../src/jinja/formats/yaml-text.ts';
import { dictOf } from '../../../../src/jinja/values/dicts.ts';
import { float, Tuple, type Val } from '../../../../src/jinja/values/values.ts';

const nice = (value: Val): string => yamlText(value, { indent: 4, width: 80, sortKeys: true, flow: false });
const plain = (value: Val): string => yamlText(value, { indent: 2, width: 80, sortKeys: true, flow: undefined });

describe('yamlText', () => {
  it('lays lists and dicts out as PyYAML does', () => {
    expect(nice({ b: [1, { y: 1, x: [2] }], a: {}, c: [] })).toBe('a: {}\nb:\n- 1\n-   x:\n    - 2\n    y: 1\nc: []\n');
    expect(plain({ b: [1, 2], a: { x: { y: 1 } } })).toBe('a:\n  x: {y: 1}\nb: [1, 2]\n');
    expect(nice([[1, [2]]])).toBe('-   - 1\n    -   - 2\n');
    expect(yamlText({ a: [1, { b: 2 }] }, { indent: 2, width: 80, sortKeys: true, flow: true })).toBe(
      '{a: [1, {b: 2}]}\n',
    );
  });

  it('keeps the order of keys where it is told to, or where they cannot be sorted', () => {
    expect(yamlText({ b: 1, a: 2 }, { indent: 2, width: 80, sortKeys: false, flow: false })).toBe('b: 1\na: 2\n');
    expect(
      nice(
        dictOf([
          ['b', 1],
          [1, 2],
          ['a', 3],
        ]),
      ),
    ).toBe('b: 1\n1: 2\na: 3\n');
  });

  it('writes scalars so that they are read back', () => {
    expect(nice([null, true, 1, 1.5, float(2), 1e30, Number.POSITIVE_INFINITY, Number.NaN, new Tuple([1])])).toBe(
      '- null\n- true\n- 1\n- 1.5\n- 2.0\n- 1.0e+30\n- .inf\n- .nan\n-   - 1\n',
    );
  });

  it('breaks long lines, and asks for long keys', () => {
    expect(nice('word '.repeat(20).trim())).toBe(`${'word '.repeat(17).trim()}\n    word word word\n`);
    expect(nice({ [`k${'k'.repeat(130)}`]: 1 })).toBe(`? k${'k'.repeat(130)}\n: 1\n`);
  });
});
