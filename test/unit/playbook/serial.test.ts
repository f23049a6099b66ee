import { describe, expect, it } from 'vitest';
import { batchesOf, readBatchSize } from '../../../src/playbook/serial.ts';

const ten = Array.from({ length: 10 }, (_, index) => `h${index}`);
const sizes = (hosts: readonly string[], ...serial: unknown[]) =>
  batchesOf(
    hosts,
    serial.map((one) => readBatchSize(one)!),
  ).map((batch) => batch.length);

describe('serial', () => {
  it.each([
    [[], [10]],
    [[1], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    [[3], [3, 3, 3, 1]],
    [['30%'], [3, 3, 3, 1]],
    [['100%'], [10]],
    [['1%'], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    [['25%'], [2, 2, 2, 2, 2]],
    [
      [1, 3],
      [1, 3, 3, 3],
    ],
    [
      [1, '50%', '100%'],
      [1, 5, 4],
    ],
    [['4'], [4, 4, 2]],
  ])('%j cuts ten hosts into %j', (serial, expected) => {
    expect(sizes(ten, ...serial)).toEqual(expected);
  });

  it('keeps every host once and in order', () => {
    expect(batchesOf(ten, [{ hosts: 1 }, { percent: 40 }]).flat()).toEqual(ten);
  });

  it('has no batch where there is no host', () => {
    expect(batchesOf([], [{ hosts: 2 }])).toEqual([]);
  });

  it.each([0, -1, '0%', '101%', '1.5', 1.5, 'all', '', true, null, [1]])('does not take %j for a size', (value) => {
    expect(readBatchSize(value)).toBeUndefined();
  });
});
