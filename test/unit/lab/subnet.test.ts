import { describe, expect, test } from 'vitest';
import { allotSubnet, hostPlan, subnetsIn } from '../../lab/lab/subnet.ts';

describe('allotSubnet', () => {
  test('gives the default lab the first subnet, and never to another', () => {
    expect(allotSubnet('lab', new Set([1, 2]))).toBe(0);
    expect(allotSubnet('demo', new Set())).toBe(1);
  });
  test('gives any other lab the lowest one that is not taken', () => {
    expect(allotSubnet('demo', new Set([0, 1, 3]))).toBe(2);
  });
  test('refuses when there is none left', () => {
    expect(() => allotSubnet('lab', new Set([0]))).toThrow('in use by something else');
    expect(() => allotSubnet('demo', new Set(Array.from({ length: 255 }, (_, index) => index)))).toThrow('All 254');
  });
});

describe('hostPlan', () => {
  test('names hosts by letter and numbers them from .11', () => {
    expect(hostPlan(0, 3)).toEqual([
      { name: 'mon-a', address: '10.90.0.11' },
      { name: 'mon-b', address: '10.90.0.12' },
      { name: 'mon-c', address: '10.90.0.13' },
    ]);
  });
  test('goes on after z with two letters', () => {
    const names = hostPlan(7, 54).map((host) => host.name);
    expect([names[25], names[26], names[51], names[52]]).toEqual(['mon-z', 'mon-aa', 'mon-az', 'mon-ba']);
    expect(new Set(names).size).toBe(54);
  });
  test.each([0, 101, 1.5, Number.NaN])('refuses %s hosts', (count) => {
    expect(() => hostPlan(0, count)).toThrow('1 to 100 hosts');
  });
});

test('subnetsIn finds the lab subnets in whatever `ip` printed', () => {
  const text =
    '[{"local":"10.90.3.1","prefixlen":24},{"local":"172.17.0.1"},{"local":"10.90.12.1"},{"local":"110.90.5.1"}]';
  expect([...subnetsIn(text)]).toEqual([3, 12]);
});
