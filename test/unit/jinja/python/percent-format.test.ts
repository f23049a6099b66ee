import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('%', () => {
  it.each([
    ["'%s' % 1.0", '1.0'],
    ["'%s' % [1]", '[1]'],
    ["'%r' % 'a'", "'a'"],
    ["'%d%%' % 5", '5%'],
    ["'%05d' % -3", '-0003'],
    ["'%+d|%-4d|% d' % (1, 2, 3)", '+1|2   | 3'],
    ["'%x %X %#o' % (255, 255, 8)", 'ff FF 0o10'],
    ["'%.2f' % 2.675", '2.67'],
    ["'%8.3f' % 3.14159", '   3.142'],
    ["'%e' % 12345.678", '1.234568e+04'],
    ["'%g' % 0.00001", '1e-05'],
    ["'%c%c' % ('a', 98)", 'ab'],
    ["'%.2s' % 'abc'", 'ab'],
    ["'%*d' % (4, 7)", '   7'],
    ["'%(a)s-%(b)03d' % {'a': 1, 'b': 2}", '1-002'],
    ["'%d' % 3.9", '3'],
    ["'%s' % none", 'None'],
    ["'%d' % (2 ** 70)", '1180591620717411303424'],
    ["'plain' % {}", 'plain'],
  ])('%s', (source, expected) => {
    expect(render(`{{ ${source} }}`)).toBe(expected);
  });

  it.each([
    ["'%s %s' % 1", 'There are fewer values than the format text has places for.'],
    ["'%s' % (1, 2)", 'There are more values than the format text has places for.'],
    ["'%d' % 'a'", '%d wants a number, but was given str.'],
    ["'%x' % 1.5", '%x wants a number, but was given float.'],
    ["'%(a)s' % 1", 'The format text wants a dict for %(a), but was given int.'],
    ["'%(a)s' % {}", "The format text wants 'a', which the values do not have."],
    ["'%y' % 1", 'A format text cannot have %y.'],
    ["'100%' % 1", 'The format text ends within a % directive.'],
    ["'%99999999999d' % 1", 'The result would be larger than 67108864 characters.'],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
