import { describe, expect, it } from 'vitest';
import type { Value } from '../../../../../src/jinja/jinja.ts';
import { evaluate, faultOf, render } from '../../render.ts';

describe('methods of lists', () => {
  it('read', () => {
    expect(evaluate('{{ [[1, 2, 1].count(1), [1, 2].index(2), (1, 1).count(1), [1, 2, 1].index(1, 1)] }}')).toEqual([
      2, 1, 2, 2,
    ]);
    expect(faultOf('{{ [1].index(2) }}').message).toBe('The value that index() looks for is not in the list.');
  });

  it('change lists that the template made', () => {
    const source =
      '{% set l = [3, 1] %}{% do l.append(2) %}{% do l.extend([5, 4]) %}{% do l.insert(0, 9) %}{% do l.remove(1) %}{{ l }}{{ l.pop() }}{{ l.pop(0) }}{% do l.sort() %}{{ l }}{% do l.sort(reverse=true) %}{{ l }}{% do l.reverse() %}{{ l }}{% do l.clear() %}{{ l }}';
    expect(render(source)).toBe('[9, 3, 2, 5, 4]49[2, 3, 5][5, 3, 2][2, 3, 5][]');
    expect(render('{% set l = [] %}{% for x in [1, 2] %}{% set _ = l.append(x) %}{% endfor %}{{ l }}')).toBe('[1, 2]');
    expect(render('{% set l = given | list %}{% do l.append(2) %}{{ l }}{{ given }}', { given: [1] })).toBe(
      '[1, 2][1]',
    );
    expect(render('{% set l = given.copy() %}{% do l.append(2) %}{{ l }}', { given: [1] })).toBe('[1, 2]');
  });

  it('never change a list of the context', () => {
    const given = [1];
    expect(faultOf('{% do given.append(2) %}', { given })).toMatchObject({
      code: 'type',
      message: 'append() would change a list that the template did not make.',
      mend: 'Work on a copy: {% set copy = the_list | list %}.',
    });
    expect(given).toEqual([1]);
    const made = evaluate('{{ [1] }}') as Value;
    expect(faultOf('{% set l = [] %}{% do l.append(1) %}{% do made.append(2) %}', { made }).message).toContain(
      'change',
    );
    expect(made).toEqual([1]);
    expect(faultOf('{{ [].pop() }}').message).toBe('pop() was given a position that the list does not have.');
    expect(faultOf('{{ (1,).append(2) }}').code).toBe('undefined');
  });
});
