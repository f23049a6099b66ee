import { afterEach, expect, it, vi } from 'vitest';
import { lending } from '../../../src/run/lend.ts';
import { slots } from '../../../src/ssh/slots.ts';

afterEach(() => vi.useRealTimers());

it('hands the place of what is slow on, which goes on without it, and of what ends at once', async () => {
  vi.useFakeTimers();
  const limit = lending(slots(1), 1000);
  const order: string[] = [];
  let end: () => void = () => {};
  const slow = limit(() => new Promise<void>((resolve) => (end = resolve))).then(() => order.push('slow'));
  const next = limit(async () => order.push('next'));
  const failing = expect(limit(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await vi.advanceTimersByTimeAsync(999);
  expect(order).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await next;
  await failing;
  end();
  await slow;
  expect(order).toEqual(['next', 'slow']);
  expect(vi.getTimerCount()).toBe(0);
});

it('leaves its place to what asks to keep it', async () => {
  vi.useFakeTimers();
  const limit = lending(slots(1), 1000);
  const order: string[] = [];
  let end: () => void = () => {};
  const heard = limit((keep) => {
    setTimeout(keep, 999);
    return new Promise<void>((resolve) => (end = resolve));
  }).then(() => order.push('heard'));
  const next = limit(async () => order.push('next'));
  await vi.advanceTimersByTimeAsync(5000);
  expect(order).toEqual([]);
  end();
  await heard;
  await next;
  expect(order).toEqual(['heard', 'next']);
});
