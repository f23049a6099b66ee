import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../../render.ts';

const hosts = [{ n: 'a', on: true }, { n: 'b', on: false }, { n: 'c' }];

describe('filters that choose', () => {
  it.each([
    ['nope | default', ''],
    ['nope | d(5)', 5],
    ["'' | default(5)", ''],
    ["'' | default(5, true)", 5],
    ['none | default(5)', null],
    ['nope | default(none)', null],
    ['hosts[2].on | default(false)', false],
    ['true | ternary(1, 2)', 1],
    ['none | ternary(1, 2, 3)', 3],
    ["'yes' | bool", true],
    ["'off' | bool", false],
    ['1 | mandatory', 1],
    ['1 | type_debug', 'int'],
    ["[1, 2] | map('string')", ['1', '2']],
    ["['a'] | map('replace', 'a', 'b')", ['b']],
    ["[[1, 2]] | map('join', '-')", ['1-2']],
    ["hosts | map(attribute='on', default='?')", [true, false, '?']],
    ['none | map("upper")', []],
    ['[0, 1] | select', [1]],
    ["[1, 2, 3] | select('odd')", [1, 3]],
    ["[1, 2, 3] | reject('gt', 1)", [1]],
    ["hosts[:2] | selectattr('on') | map(attribute='n')", ['a']],
    ["hosts | selectattr('n', 'in', ['a', 'c']) | map(attribute='n')", ['a', 'c']],
    ["hosts | rejectattr('on', 'defined') | map(attribute='n')", ['c']],
    ["hosts | selectattr('on', 'undefined') | map(attribute='n')", ['c']],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, { hosts })).toEqual(expected);
  });

  it.each([
    ['{{ nope | mandatory }}', 'undefined', "'nope' is not defined."],
    ["{{ nope | mandatory('Set nope.') }}", 'undefined', 'Set nope.'],
    ["{{ hosts | selectattr('on') | list }}", 'undefined', "An item has no attribute 'on'."],
    ['{{ [1] | map }}', 'type', "'map' needs the name of a filter, or attribute=…."],
    ["{{ [1] | map(attribute='a', x=1) }}", 'type', "'map' has no argument 'x' beside attribute."],
    ['{{ [1] | selectattr }}', 'type', 'The name of an attribute is needed.'],
    ["{{ [1] | select('nope') }}", 'runtime', "There is no test 'nope'."],
  ])('%s', (source, code, message) => {
    expect(faultOf(source, { hosts })).toMatchObject({ code, message });
  });
});
