import { describe, expect, it } from 'vitest';
import { evaluate, render } from '../render.ts';

describe('and, or, not', () => {
  it('give the value that decides, and look no further', () => {
    expect(evaluate("{{ 0 or 'x' }}")).toBe('x');
    expect(evaluate("{{ '' and nope }}")).toBe('');
    expect(evaluate('{{ 1 or nope }}')).toBe(1);
    expect(evaluate('{{ not [] }}')).toBe(true);
  });
});

describe('comparisons', () => {
  it('chain, and stop at the first that fails', () => {
    expect(evaluate('{{ 1 < 2 <= 2 != 3 }}')).toBe(true);
    expect(evaluate('{{ 1 > 2 > nope }}')).toBe(false);
  });
});

describe('~', () => {
  it('joins the texts of anything', () => {
    expect(render('{{ 1 ~ none ~ true ~ [1] ~ 2.0 }}')).toBe('1NoneTrue[1]2.0');
  });
});
