import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonLiteral } from '../../../src/inventory/python-literal.ts';
import { shellWords } from '../../../src/inventory/shell-words.ts';

const PYTHON = '/usr/bin/python3';
const hasPython = spawnSync(PYTHON, ['--version']).status === 0;
const ask = (script: string, input: unknown) =>
  JSON.parse(execFileSync(PYTHON, ['-W', 'ignore', '-c', script], { input: JSON.stringify(input), encoding: 'utf8' }));

describe('pythonLiteral', () => {
  it.each<[string, unknown]>([
    ['42', 42],
    ['-0x1F', -31],
    ['0o17', 15],
    ['1_000', 1000],
    ['1.5', 1.5],
    ['True', true],
    ['None', null],
    ['\'a\' "b"', 'ab'],
    ["r'a\\n'", 'a\\n'],
    ["'\\x41\\101\\u00e9\\n'", 'AAé\n'],
    ["[1, 'a', (2,), {'k': None}]", [1, 'a', [2], { k: null }]],
    ['(1)', 1],
    ['5 # five', 5],
  ])('%s', (text, value) => {
    expect(pythonLiteral(text)).toEqual({ value });
  });

  it.each([
    '',
    'yes',
    'true',
    '0644',
    '10.0.0.1',
    '1.2.3',
    '1+1',
    '--1',
    'a b',
    "'open",
    '[1,,2]',
    '[',
    '{1}',
    '1_',
    '5x',
  ])('%s stays text', (text) => {
    expect(pythonLiteral(text)).toBeUndefined();
  });

  it('takes brackets without end for text', () => {
    expect(pythonLiteral('['.repeat(50_000))).toBeUndefined();
  });

  it.skipIf(!hasPython)('agrees with Python on generated texts (skipped without python3)', () => {
    const unit = fc.constantFrom(
      '1',
      '0',
      '_',
      '.',
      '-',
      '+',
      'e',
      '0x',
      'F',
      "'",
      '"',
      'a',
      '\\',
      'n',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      ':',
      ',',
      ' ',
      'True',
      'None',
      '#',
    );
    const texts = fc.sample(fc.array(unit, { minLength: 1, maxLength: 8 }), 8000).map((parts) => parts.join(''));
    const judged = ask(
      `
import ast, json, sys
def plain(v):
    if v is None or isinstance(v, (bool, str)): return True
    if isinstance(v, (int, float)): return abs(v) < 2**53
    if isinstance(v, (list, tuple)): return all(map(plain, v))
    return isinstance(v, dict) and all(isinstance(k, (str, int)) and not isinstance(k, bool) for k in v) and all(map(plain, v.values()))
def say(text):
    try: value = ast.literal_eval(text)
    except (ValueError, SyntaxError): return ['text']
    except Exception: return ['skip']
    return ['value', value] if plain(value) else ['skip']
print(json.dumps([say(text) for text in json.load(sys.stdin)]))`,
      texts,
    );
    const verdict = (text: string) => {
      const literal = pythonLiteral(text);
      return literal ? ['value', literal.value] : ['text'];
    };
    for (const [i, text] of texts.entries()) {
      if (judged[i][0] !== 'skip') expect([text, ...verdict(text)]).toEqual([text, ...judged[i]]);
    }
  });
});

describe('shellWords', () => {
  it('knows where each word begins', () => {
    expect(shellWords('a  b="c d" # e')).toEqual({
      words: [
        { text: 'a', start: 0 },
        { text: 'b=c d', start: 3 },
      ],
      cutAt: undefined,
    });
  });

  it.each(['a "b', "a 'b", 'a \\'])('refuses %s', (line) => {
    expect(shellWords(line)).toHaveProperty('fault');
  });

  it.skipIf(!hasPython)('agrees with Python’s shlex on generated lines (skipped without python3)', () => {
    const unit = fc.constantFrom('a', 'b=', ' ', '\t', '"', "'", '\\', '#', 'é', '$x');
    const lines = fc.sample(fc.array(unit, { maxLength: 10 }), 4000).map((parts) => parts.join(''));
    const judged = ask(
      `
import json, shlex, sys
def say(line):
    try: return shlex.split(line, comments=True)
    except ValueError: return None
print(json.dumps([say(line) for line in json.load(sys.stdin)]))`,
      lines,
    );
    for (const [i, line] of lines.entries()) {
      const split = shellWords(line);
      expect([line, 'fault' in split ? null : split.words.map((word) => word.text)]).toEqual([line, judged[i]]);
    }
  });
});
