import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { readYaml, toYaml } from '../../../src/yaml/yaml.ts';

const readValue = (text: string) => unwrap(readYaml('f.yml', text)).value;

function faultsOf(text: string) {
  const read = readYaml('f.yml', text);
  if (read.ok) throw new Error(`no fault in ${JSON.stringify(text)}`);
  return read.faults;
}

/** `code line:col-endCol` of each fault. */
const briefly = (text: string) =>
  faultsOf(text).map(({ code, at }) => `${code} ${at?.line}:${at?.col}${at?.endCol ? `-${at.endCol}` : ''}`);

describe('readYaml', () => {
  it.each([
    ['an empty file is null', '', null],
    ['a file of comments is null', '# nothing\n', null],
    [
      'keys stay text',
      'on: 1\n1: 2\nnull: 3\n~: 4\n1.0: 5\nyes: 6\n',
      { on: 1, '1': 2, null: 3, '~': 4, '1.0': 5, yes: 6 },
    ],
    ['a quoted scalar is text', `a: "yes"\nb: '0644'\n`, { a: 'yes', b: '0644' }],
    ['a block scalar is text', 'a: |\n  yes\n', { a: 'yes\n' }],
    ['a missing value is null', 'a:\nb: 1\n', { a: null, b: 1 }],
    [
      'standard tags are obeyed',
      'a: !!str 0644\nb: !!int "7"\nc: !!float 1\nd: ! yes\n',
      { a: '0644', b: 7, c: 1, d: 'yes' },
    ],
    ['anchors are shared', 'a: &x [1]\nb: *x\n', { a: [1], b: [1] }],
    ['a later anchor of the same name counts', 'a: &x 1\nb: &x 2\nc: *x\n', { a: 1, b: 2, c: 2 }],
    [
      'own keys win over merged ones',
      'a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\n',
      { a: { p: 1, q: 2 }, b: { p: 1, q: 3 } },
    ],
    ['of merged mappings the earlier wins', 'a: {<<: [{p: 1}, {p: 2, q: 3}]}\n', { a: { p: 1, q: 3 } }],
    ['a quoted "<<" is a key', '"<<": 1\n', { '<<': 1 }],
    ['JSON is YAML', '{"a": [1, true, null, "x"]}', { a: [1, true, null, 'x'] }],
    ['Windows line ends and a byte order mark are fine', '\ufeffa: 1\r\nb: x\r\n', { a: 1, b: 'x' }],
    ['a leading --- and a closing ... are fine', '---\na: 1\n...\n', { a: 1 }],
  ])('%s', (_, text, value) => {
    expect(readValue(text)).toEqual(value);
  });

  it.each([
    ['a: 1\nb:\n\tc: 2\n', ['yaml-tab 3:1']],
    ['a: 1\n---\nb: 2\n', ['many-documents 2:1-4']],
    ['a: b: c\nd: "x\n', ['yaml-syntax 1:4-5', 'yaml-syntax 3:1']],
    ['a: {{ x }}\n', ['unquoted-template 1:4-11']],
    ['- {{ x }}/y\n', ['unquoted-template 1:3-12']],
    ['a: 1\nb: 2\na: 3\nb: 4\n', ['duplicate-key 3:1-2', 'duplicate-key 4:1-2']],
    ['a: !foo 1\nb: !!set {x}\nc: !!str [1]\n', ['unknown-tag 1:4-8', 'unknown-tag 2:4-9', 'unknown-tag 3:4-9']],
    ['a: !vault |\n  $ANSIBLE_VAULT\nb: !unsafe "{{ x }}"\n', ['vault-value 1:4-10', 'unsafe-tag 3:4-11']],
    ['a: !!int x\n', ['bad-tag 1:10-11']],
    ['a: *x\n', ['unknown-alias 1:4-6']],
    ['a: &x [*x]\n', ['alias-loop 1:8-10']],
    ['<<: 1\n', ['bad-merge 1:5-6']],
    ['? [a]\n: b\n', ['bad-key 1:3-6']],
    ['__proto__: 1\n', ['bad-key 1:1-10']],
    ['a: 22:22\nb: 52:54:00:12:34:56\n', ['ambiguous-number 1:4-9', 'ambiguous-number 2:4-21']],
    ['a: 9007199254740993\n', ['ambiguous-number 1:4-20']],
  ])('refuses %j', (text, expected) => {
    expect(briefly(text)).toEqual(expected);
  });

  it('refuses aliases that blow up, before they do', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`);
    expect(faultsOf(`a0: &a0 x\n${levels.join('\n')}\n`).map((fault) => fault.code)).toEqual(['alias-bomb']);
  });

  it.each(['['.repeat(20_000), '- '.repeat(20_000), '{a: '.repeat(20_000), '? '.repeat(20_000)])(
    'refuses what is nested beyond measure in place of crashing',
    (text) => {
      expect(faultsOf(text).map((fault) => fault.code)).toContain('yaml-too-deep');
    },
  );

  it('never throws, whatever the text', () => {
    const fragment = fc.constantFrom(
      'a: ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '&x ',
      '*x',
      '!t ',
      '"',
      "'",
      '|\n',
      '<<: ',
      '? ',
      '\t',
      '---\n',
      '#',
      '{{ x }}',
      ',',
      ': ',
      'yes',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const read = readYaml('f', text);
        for (const fault of read.ok ? [] : read.faults) {
          const line = text.split('\n')[fault.at!.line - 1];
          expect(line).toBeDefined();
          expect(fault.at!.col).toBeLessThanOrEqual(line!.length + 1);
          expect(fault.at!.endCol ?? 1).toBeLessThanOrEqual(line!.length + 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('toYaml', () => {
  it('quotes what any reader could take for something else', () => {
    expect(toYaml({ a: 'yes', b: '0644', c: '22:22', d: '0o7', e: '1e3', f: '', g: 'n', on: true })).toBe(
      'a: "yes"\nb: "0644"\nc: "22:22"\nd: "0o7"\ne: "1e3"\nf: ""\ng: "n"\n"on": true\n',
    );
  });

  it('writes numbers so that they stay numbers', () => {
    expect(toYaml([1e21, -5e-324, 2 ** 53, 1.5])).toBe('- 1.0e+21\n- -5.0e-324\n- 9007199254740992.0\n- 1.5\n');
  });

  it('writes out what is shared', () => {
    const shared = { x: 1 };
    expect(toYaml([shared, shared])).toBe('- x: 1\n- x: 1\n');
  });

  it('is read back as it was', () => {
    const key = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.boolean(),
        fc.constant(null),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
        fc.constantFrom('yes', 'NO', 'null', '~', '0x1f', '1_0', '- a', 'a: b', '{{ x }}', '"', 'x\n', '\nx', ' y '),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(readValue(toYaml(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});
