import { describe, expect, it } from 'vitest';
import { evaluate, faultOf, render } from '../render.ts';

describe('operators on text and lists', () => {
  it.each([
    ["'a' + 'b'", 'ab'],
    ['[1] + [2]', [1, 2]],
    ['(1,) + (2,)', [1, 2]],
    ["'ab' * 2", 'abab'],
    ["2 * 'ab'", 'abab'],
    ['[1] * 2', [1, 1]],
    ["'a' * -1", ''],
    ["'a' * true", 'a'],
    ["'%s-%s' % (1, 2)", '1-2'],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toEqual(expected);
  });

  it.each(["'a' + 1", "1 + 'a'", '[1] + (1,)', "'a' - 'b'", "'a' * 'b'", "'a' * 1.5", '{} + {}', 'none + 1'])(
    'refuse %s',
    (source) => {
      expect(faultOf(`{{ ${source} }}`)).toMatchObject({
        code: 'type',
        message: expect.stringContaining('cannot be used on'),
      });
    },
  );

  it('say how text is joined', () => {
    expect(faultOf("{{ 'port ' + 80 }}").mend).toBe("Join text with '~'.");
  });

  it('bound what they make', () => {
    expect(faultOf("{{ 'x' * 99999999999 }}").code).toBe('runtime');
    expect(faultOf('{{ [1] * 99999999999 }}').code).toBe('runtime');
    expect(render('{{ ([1, 2] * 3) | length }}')).toBe('6');
  });
});
