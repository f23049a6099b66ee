import { describe, expect, it } from 'vitest';
import { expandHosts, isAddress } from '../../../src/inventory/host-range.ts';

describe('expandHosts', () => {
  it.each<[string, string[], number?]>([
    ['a', ['a']],
    ['a:22', ['a'], 22],
    ['mon-[a:c]', ['mon-a', 'mon-b', 'mon-c']],
    ['w[1:3]', ['w1', 'w2', 'w3']],
    ['w[:2]', ['w0', 'w1', 'w2']],
    ['w[08:12:2].x', ['w08.x', 'w10.x', 'w12.x']],
    ['w[1:2]-[a:b]:80', ['w1-a', 'w1-b', 'w2-a', 'w2-b'], 80],
    ['10.0.0.[9:10]', ['10.0.0.9', '10.0.0.10']],
    ['fe80::1', ['fe80::1']],
    ['[fe80::1]:22', ['fe80::1'], 22],
    ['1:2:3:4:5:6:7:8', ['1:2:3:4:5:6:7:8']],
    ['::ffff:10.0.0.1', ['::ffff:10.0.0.1']],
  ])('%s', (pattern, names, port) => {
    expect(expandHosts(pattern)).toEqual({ names, port });
  });

  it.each([
    'w[1]',
    'w[3:1]',
    'w[c:a]',
    'w[01:9]',
    'w[1:]',
    'w[1:9:0]',
    'w[a:5]',
    'w[1:20000]',
    'w[1:200]x[1:200]',
    'w[1:2',
    'w:',
  ])('refuses %s', (pattern) => {
    expect(expandHosts(pattern)).toMatchObject({ fault: expect.stringContaining('"w') });
  });
});

describe('isAddress', () => {
  it.each(['web', 'web:80', 'w[1:2]', 'a.b-c.d', '10.0.0.1', 'fe80::1', '[fe80::1]:22'])('%s is one', (text) => {
    expect(isAddress(text)).toBe(true);
  });
  it.each(['web:db', 'w*', '~w', 'a:!b', 'a:b:c', 'web_'])('%s is none', (text) => {
    expect(isAddress(text)).toBe(false);
  });
});
