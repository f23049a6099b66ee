import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expressionTree, packedTree, templateTree } from '../../../../src/jinja/parse/tree.ts';

const options = { trimBlocks: true, lstripBlocks: false };
const shipped = readdirSync('playbooks', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.j2'))
  .map((path) => readFileSync(`playbooks/${path}`, 'utf8'));

describe('a tree that was kept', () => {
  it.each([
    ...shipped,
    '',
    'text\n{# a comment #}{% raw %}{{ x }}{% endraw %}',
    '{{ 1 + 2.5 ~ "a" ~ [none, true, 123456789012345678901234567890] ~ {"a": (1, 2)} }}',
    '{{ a.b[1:2]["c"][::3] | join(",", attribute="x") is not sameas none }} {{ -x ** 2 if not y else z() }}',
    '{% for a, b in c.items() if a > 1 recursive %}{{ loop(b) }}{% break %}{% else %}-{% endfor %}',
    '{% macro m(a, b=1) %}{{ caller() }}{% endmacro %}{% call(x) m(1) %}{{ x }}{% endcall %}',
    '{% set n.x = 1 %}{% set y %}{{ 1 }}{% endset %}{% with a = 1, b = a %}{% do a %}{% endwith %}',
    '{% filter upper | replace("a", "b") %}{% include ["a", b] ignore missing %}{% endfilter %}',
    '{% import "a" as b with context %}{% from "c" import d as e, f %}',
  ])('is the tree of its template, with all places: %j', (text) => {
    const source = { text, name: 'a.j2' };
    const trees = Object.fromEntries([packedTree(text, options)]);
    expect(templateTree(source, options, trees)).toEqual(templateTree(source, options, {}));
  });

  it.each(['a is defined and b | length > 2', 'x not in [1, 2]'])('is the tree of its expression: %s', (text) => {
    const source = { text, name: undefined };
    const trees = Object.fromEntries([packedTree(text)]);
    expect(expressionTree(source, trees)).toEqual(expressionTree(source, {}));
  });

  it('is taken for that very text alone, read in the same way', () => {
    const [key] = packedTree('{{ a }}\n', options);
    const kept = { [key]: '[]' };
    const of = (text: string, how = options) => templateTree({ text, name: undefined }, how, kept).length;
    expect(of('{{ a }}\n')).toBe(0);
    expect(of('{{ b }}\n')).toBe(2);
    expect(of('{{ a }}\n', { ...options, trimBlocks: false })).toBe(2);
    expect(expressionTree({ text: 'a', name: undefined }, kept).kind).toBe('name');
  });
});
