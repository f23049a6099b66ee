import { expect, it } from 'vitest';
import { slots, slotsByKey } from '../../../src/ssh/slots.ts';

it('lets in so many at once, in order, and goes on after a failure', async () => {
  const turnstile = slots(2);
  const events: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) =>
    turnstile(async () => {
      events.push(`${name} in`);
      await new Promise<void>((resolve) => ends.push(resolve));
      events.push(`${name} out`);
      if (name === 'b') throw new Error('b failed');
    }).catch(() => {});
  const all = ['a', 'b', 'c', 'd'].map(work);
  expect(events).toEqual(['a in', 'b in']);
  ends[1]!();
  await all[1];
  await Promise.resolve();
  expect(events).toEqual(['a in', 'b in', 'b out', 'c in']);
  ends[0]!();
  ends[2]!();
  await all[0];
  await all[2];
  await Promise.resolve();
  ends[3]!();
  await all[3];
  expect(events.at(-1)).toBe('d out');
});

it('bounds each key by itself', async () => {
  const doors = slotsByKey(1);
  const order: string[] = [];
  await Promise.all([
    doors('x')(async () => order.push('x1')),
    doors('x')(async () => order.push('x2')),
    doors('y')(async () => order.push('y1')),
  ]);
  expect(order).toEqual(['x1', 'y1', 'x2']);
});
