import { describe, expect, it } from 'vitest';
import { faultOf, render } from '../../render.ts';

describe('JSON filters', () => {
  it.each([
    ["{'b': 1, 'a': [true]} | to_json", '{"b": 1, "a": [true]}'],
    ["{'b': 1, 'a': 2} | to_nice_json", '{\n    "a": 2,\n    "b": 1\n}'],
    ["{'b': 1} | to_nice_json(indent=2)", '{\n  "b": 1\n}'],
    ["'é' | to_json(ensure_ascii=false)", '"é"'],
    ["{'b': '<&>', 'a': \"it's\"} | tojson", '{"a": "it\\u0027s", "b": "\\u003c\\u0026\\u003e"}'],
    ["'[1, 2.0]' | from_json", '[1, 2.0]'],
  ])('%s', (source, expected) => {
    expect(render(`{{ ${source} }}`)).toBe(expected);
  });

  it('say where a text is not JSON, and what cannot be written', () => {
    expect(faultOf('{{ \'{"a": x}\' | from_json }}').message).toBe(
      'The text is not JSON: line 1, character 6 cannot be read.',
    );
    expect(faultOf('{{ range | to_json }}').message).toBe('A value of type function cannot be written as JSON.');
  });
});
