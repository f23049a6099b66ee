import { describe, expect, it } from 'vitest';
import { evaluate, faultOf } from '../render.ts';

describe('lexCode', () => {
  it.each([
    ['0', 0],
    ['42', 42],
    ['1_000', 1000],
    ['0x1F', 31],
    ['0b101', 5],
    ['0o17', 15],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['2.5e-3', 0.0025],
    ['1_0.5', 10.5],
  ])('reads the number %s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toBe(expected);
  });

  it.each([
    [String.raw`'a\nb'`, 'a\nb'],
    [String.raw`"\x41\u00e9\U0001F600"`, 'Aé😀'],
    [String.raw`'\101'`, 'A'],
    [String.raw`'it\'s'`, "it's"],
    [String.raw`'\d'`, String.raw`\d`],
    ["'a\\\nb'", 'ab'],
    [`'a' "b"`, 'ab'],
    ["'}}'", '}}'],
    ["'%}'", '%}'],
  ])('reads the text %s', (source, expected) => {
    expect(evaluate(`{{ ${source} }}`)).toBe(expected);
  });

  it('reads names of any language, and positions after a dot', () => {
    expect(evaluate('{{ größe }}', { größe: 1 })).toBe(1);
    expect(evaluate('{{ a.0.1 }}', { a: [[1, 2]] })).toBe(2);
  });

  it.each([
    ["{{ 'a }}", 'This text is never closed with a quote.'],
    ['{{ a ! b }}', "'!' has no meaning here."],
    ['{{ a @ b }}', "'@' has no meaning here."],
    [String.raw`{{ '\N{DASH}' }}`, String.raw`The escape '\N' is cut short or not supported.`],
    [String.raw`{{ '\x1' }}`, String.raw`The escape '\x' is cut short or not supported.`],
  ])('refuses %s', (source, message) => {
    expect(faultOf(source)).toMatchObject({ code: 'syntax', message });
  });
});
