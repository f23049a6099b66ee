import { describe, expect, it } from 'vitest';
import { evaluate, faultOf, render } from '../../render.ts';

const hosts = [
  { n: 'b', on: true, p: 2 },
  { n: 'A', on: false, p: 1 },
  { n: 'c', on: true, p: 2 },
];

describe('filters on lists', () => {
  it.each([
    ['[1, 2, 3] | batch(2)', [[1, 2], [3]]],
    [
      '[1, 2, 3] | batch(2, 0)',
      [
        [1, 2],
        [3, 0],
      ],
    ],
    ['[1, 2, 3] | slice(2)', [[1, 2], [3]]],
    [
      '[1, 2, 3] | slice(2, 0)',
      [
        [1, 2],
        [3, 0],
      ],
    ],
    ['[1, 2] | first', 1],
    ['[1, 2] | last', 2],
    ['"abc" | first', 'a'],
    ['[1, 2] | length', 2],
    ['{"a": 1} | count', 1],
    ['"ab" | list', ['a', 'b']],
    ['[3, 1, 2] | sort', [1, 2, 3]],
    ['["b", "A", "c"] | sort', ['A', 'b', 'c']],
    ['["b", "A"] | sort(case_sensitive=true)', ['A', 'b']],
    ['[1, 2] | sort(reverse=true)', [2, 1]],
    ['hosts | sort(attribute="p,n") | map(attribute="n")', ['A', 'b', 'c']],
    ['hosts | sort(attribute="on", reverse=true) | map(attribute="n")', ['b', 'c', 'A']],
    ['[1, 1.0, true, 2] | unique', [1, 2]],
    ['["a", "A"] | unique', ['a']],
    ['["a", "A"] | unique(true)', ['a', 'A']],
    ['[[1], [1]] | unique', [[1]]],
    ['hosts | unique(attribute="p") | map(attribute="n")', ['b', 'A']],
    ['[3, 1] | min', 1],
    ['["b", "A"] | min', 'A'],
    ['hosts | max(attribute="p") | attr("x") is defined', false],
    ['(hosts | max(attribute="p")).n', 'b'],
    ['[1, 2] | sum', 3],
    ['hosts | sum(attribute="p")', 5],
    ['[[1], [2]] | sum(start=[])', [1, 2]],
    ['[1, 2] | join', '12'],
    ['[1, none] | join("-")', '1-None'],
    ['hosts | join(",", attribute="n")', 'b,A,c'],
    ['"abc" | reverse', 'cba'],
    ['[1, 2] | reverse', [2, 1]],
    ['[1, [2, [3]]] | flatten', [1, 2, 3]],
    ['[1, [2, [3]]] | flatten(1)', [1, 2, [3]]],
    ['hosts | groupby("p") | map("first")', [1, 2]],
    ['(hosts | groupby("on"))[1].list | map(attribute="n")', ['b', 'c']],
    ['["a", "A"] | map("upper") | unique | length', 1],
  ])('%s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`, { hosts })).toEqual(expected);
  });

  it('print as lists, since they give lists', () => {
    expect(render("{{ [1] | map('string') }}{{ [1] | select }}{{ [2, 1] | reverse }}")).toBe("['1'][1][1, 2]");
  });

  it.each([
    ['[] | first', 'undefined'],
    ['[] | min', 'undefined'],
    ['5 | first', 'type'],
    ["[1, 'a'] | sort", 'type'],
    ['[1] | batch(0)', 'runtime'],
    ['hosts | sort(attribute="nope")', 'undefined'],
    ['5 | length', 'type'],
    ["['a'] | sum", 'type'],
  ])('%s is a fault: %s', (source, code) => {
    expect(faultOf(`{{ ${source} }}`, { hosts }).code).toBe(code);
  });
});
