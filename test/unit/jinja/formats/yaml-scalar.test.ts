import { describe, expect, it } from 'vitest';
import { analyze, escapeOf, readsAsText } from '../../../../src/jinja/formats/yaml-scalar.ts';

describe('readsAsText', () => {
  it.each(['a', '1.2.3', '0o17', '1e3', 'y', 'nulls', '10.0.0.1', '1:', '2020-1'])('%s is text', (text) => {
    expect(readsAsText(text)).toBe(true);
  });

  it.each([
    '',
    'yes',
    'No',
    'on',
    'true',
    'null',
    '~',
    '1',
    '-1_0',
    '017',
    '0x1f',
    '1.5',
    '.5',
    '1.0e+3',
    '.inf',
    '12:30',
    '2020-01-02',
    '2020-1-2 3:04:05',
    '<<',
    '=',
  ])('%j is not', (text) => {
    expect(readsAsText(text)).toBe(false);
  });
});

describe('analyze', () => {
  const block = (text: string): boolean => analyze(Array.from(text)).plainInBlock;
  const flow = (text: string): boolean => analyze(Array.from(text)).plainInFlow;
  it('knows what may stand without quotes, and where', () => {
    expect(['a', 'a b', 'a:b', 'a#b', '-a', 'a{}', 'a,b', '?a', ':a'].every(block)).toBe(true);
    expect(
      [
        '- a',
        'a: b',
        'a #b',
        '{a',
        '[a',
        '#a',
        '&a',
        '*a',
        "'a",
        '"a',
        '%a',
        '@a',
        '|',
        '>',
        '!a',
        ' a',
        'a ',
        'a:',
        '---',
        'a\nb',
        '\ta',
      ].some(block),
    ).toBe(false);
    expect(['a', '-a'].every(flow)).toBe(true);
    expect(['a,b', 'a{', 'a:b', 'a?', 'a]'].some(flow)).toBe(false);
  });
});

describe('escapeOf', () => {
  it.each([
    ['\n', '\\n'],
    ['"', '\\"'],
    ['\x07', '\\a'],
    ['\x01', '\\x01'],
    ['\u2028', '\\L'],
    ['\ufeff', '\\uFEFF'],
    ['😀', '\\U0001F600'],
    ['é', undefined],
    ['a', undefined],
  ])('of %j is %j', (char, expected) => {
    expect(escapeOf(char)).toBe(expected);
  });
});
