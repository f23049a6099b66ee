import { describe, expect, it } from 'vitest';
import { JinjaError, parseTemplate, type Value } from '../../../src/jinja/jinja.ts';
import data from '../../data/jinja/ansible-filters.json' with { type: 'json' };

/** `null` stands for a refusal. */
function evaluated(expression: string, context: { readonly [name: string]: Value }): string | null {
  try {
    return String(parseTemplate(`{{ ${expression} }}`).render({ lookup: (name) => context[name] }));
  } catch (error) {
    if (error instanceof JinjaError) return null;
    throw error;
  }
}

describe(`the filters and tests of ansible-core ${data.ansible}, as recorded`, () => {
  it.each(data.cases.map(([source, expected]) => [source!, expected ?? null] as const))('%s', (source, expected) => {
    expect(evaluated(source, data.context)).toBe(expected);
  });

  it('write generated data alike', () => {
    for (const [value, filter, expected] of data.written as unknown as readonly [Value, string, string | null][]) {
      expect(evaluated(`value | ${filter}`, { value })).toBe(expected);
    }
  });
});
