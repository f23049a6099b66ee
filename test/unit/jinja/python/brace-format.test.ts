import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../render.ts';

describe('format()', () => {
  it.each([
    ["'{} {}'.format(1, 'a')", '1 a'],
    ["'{1}{0}'.format('a', 'b')", 'ba'],
    ["'{a}'.format(a=1)", '1'],
    ["'{{}}'.format()", '{}'],
    ["'{0[1]}{1[k]}'.format([1, 2], {'k': 'v'})", '2v'],
    ["'{!r:>5}'.format('a')", "  'a'"],
    ["'{:{}}|'.format('a', 3)", 'a  |'],
    ["'{:>{w}}'.format(1, w=3)", '  1'],
  ])('%s', (source, expected) => {
    expect(render(`{{ ${source} }}`)).toBe(expected);
  });

  it.each([
    ["'{}'.format()", "format() was not given a value for '{}'."],
    ["'{a}'.format(1)", "format() was not given a value for '{a}'."],
    ["'{'.format()", "A format text has a single '{'."],
    ["'}'.format()", "A format text has a single '}'."],
    ["'{} {0}'.format(1)", 'format() cannot have both {} and {0} fields.'],
    ["'{0.x}'.format(1)", 'Attributes in the fields of format() are not supported.'],
    ["'{0[5]}'.format([1])", "format() was given a value without '5'."],
  ])('%s: %s', (source, message) => {
    expect(faultOf(`{{ ${source} }}`).message).toBe(message);
  });
});
