import { describe, expect, it } from 'vitest';
import { JinjaError, parseTemplate, type Value } from '../../../src/jinja/jinja.ts';
import data from '../../data/jinja/cases.json' with { type: 'json' };

const context: Readonly<Record<string, Value>> = data.ctx;

/** The table has its own compact `to_json`, which shows that a host's filter replaces a built-in one. */
const options = {
  trimBlocks: true,
  lstripBlocks: true,
  keepTrailingNewline: true,
  filters: { to_json: (value: Value) => JSON.stringify(value) },
};

function render(source: string): string {
  const lookup = (name: string): Value | undefined => context[name];
  return String(parseTemplate(source, options).render({ lookup }));
}

describe('the table of cases that Jinja2 agrees with', () => {
  it.each(data.cases.map(([name, source, expected]) => [name!, source!, expected!] as const))(
    '%s',
    (_name, source, expected) => {
      if (expected === 'ERROR') expect(() => render(source)).toThrow(JinjaError);
      else expect(render(source)).toBe(expected);
    },
  );
});
