import { describe, expect, it } from 'vitest';
import type { Place } from '../../../src/diagnostics/diagnostic.ts';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { readYaml } from '../../../src/yaml/yaml.ts';

const brief = ({ line, col, endCol }: Place) => `${line}:${col}${endCol ? `-${endCol}` : ''}`;

const text = `base: &base
  image: prom
web:
  <<: *base
  ports: [80, 443]
  empty:
  text: |
    one
      two
hosts:
  - name: a
  - name: "b"   # second
`;
const document = unwrap(readYaml('f.yml', text));

describe('at', () => {
  it.each([
    [[], 'value', '1:1-12'],
    [['base', 'image'], 'value', '2:10-14'],
    [['base', 'image'], 'key', '2:3-8'],
    [['web', 'image'], 'value', '2:10-14'],
    [['web', 'ports', 1], 'value', '5:15-18'],
    [['web', 'ports', 1], 'key', '5:15-18'],
    [['web', 'empty'], 'value', '6:3-8'],
    [['web', 'text'], 'value', '7:9-10'],
    [['hosts', 1, 'name'], 'value', '12:11-14'],
    [['hosts', 1], 'value', '12:5-25'],
  ] as const)('%j %s is %s', (path, what, expected) => {
    expect(brief(document.at(path, what))).toBe(expected);
  });

  it.each([
    [['web', 'moed'], '3:1-4'],
    [['web', 'ports', 7], '5:3-8'],
    [['hosts', 0, 'x', 'y'], '11:5-12'],
    [['nothing'], '1:1-12'],
  ])('%j, which is not there, is at its nearest ancestor', (path, expected) => {
    expect(brief(document.at(path))).toBe(expected);
  });

  it('has a place even in an empty file', () => {
    expect(unwrap(readYaml('e.yml', '')).at(['x'])).toEqual({ file: 'e.yml', line: 1, col: 1 });
  });
});

/** Each text holds a § to find; the place inside must be where the § stands in the file. */
describe('inside', () => {
  it.each([
    ['plain', 'a: one {{ § }}\n'],
    ['plain, folded', 'a: one\n  two {{ § }}\n'],
    ['single quotes', "a: 'it''s {{ § }}'\n"],
    ['double quotes', 'a: "say \\"x\\" \\t\\u0041 \\x20 {{ § }}"\n'],
    ['double quotes with a continued line', 'a: "one \\\n  {{ § }}"\n'],
    ['literal', 'a:\n  b: |\n    one\n\n      {{ § }}\n'],
    ['literal with an indentation hint and a comment', 'a: |2- # hint\n   x\n  {{ § }}\n'],
    ['folded', 'a: >-\n  one\n  two\n\n  {{ § }} three\n'],
    ['Windows line ends', 'a: |\r\n  one\r\n  {{ § }}\r\n'],
  ])('%s', (_, source) => {
    const read = unwrap(readYaml('f.yml', source));
    const path = source.startsWith('a:\n  b') ? ['a', 'b'] : ['a'];
    const value = path.reduce((node, key) => (node as Record<string, unknown>)[key], read.value) as string;
    const inValue = value.slice(0, value.indexOf('§')).split('\n');
    const inFile = source.slice(0, source.indexOf('§')).split('\n');
    const place = read.inside(path, inValue.length, inValue.at(-1)!.length + 1);
    expect(brief(place)).toBe(`${inFile.length}:${inFile.at(-1)!.length + 1}-${inFile.at(-1)!.length + 2}`);
  });

  it('is the place of the value when that is no text', () => {
    expect(brief(document.inside(['web', 'ports', 0], 1, 1))).toBe('5:11-12');
  });
});
