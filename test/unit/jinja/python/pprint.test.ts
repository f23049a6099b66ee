import { describe, expect, it } from 'vitest';
import { prettyText } from '../../../../src/jinja/python/pprint.ts';

describe('prettyText', () => {
  it('is one line where that is enough, with sorted keys', () => {
    expect(prettyText({ b: [1], a: 'x' })).toBe("{'a': 'x', 'b': [1]}");
  });

  it('puts each item on a line of its own where it is not', () => {
    const word = 'x'.repeat(30);
    expect(prettyText([word, word, word])).toBe(`['${word}',\n '${word}',\n '${word}']`);
    expect(prettyText({ b: [word, word], a: word })).toBe(`{'a': '${word}',\n 'b': ['${word}', '${word}']}`);
  });
});
