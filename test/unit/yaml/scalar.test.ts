import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePlain } from '../../../src/yaml/scalar.ts';

describe('resolvePlain', () => {
  it.each([
    ['yes', true],
    ['ON', true],
    ['yEs', 'yEs'],
    ['y', 'y'],
    ['off', false],
    ['', null],
    ['~', null],
    ['NULL', null],
    ['0644', 420],
    ['-010', -8],
    ['0o644', '0o644'],
    ['08', '08'],
    ['1_000', 1000],
    ['0x_ff', 255],
    ['0b101', 5],
    ['0x_', '0x_'],
    ['1e3', '1e3'],
    ['1.5e+3', 1500],
    ['.5', 0.5],
    ['1.', 1],
    ['1.10', 1.1],
    ['-.inf', -Infinity],
    ['.NaN', Number.NaN],
    ['1.2.3', '1.2.3'],
    ['10.0.0.1', '10.0.0.1'],
    ['2024-01-01', '2024-01-01'],
    ['08:30', '08:30'],
  ])('%j is %j', (text, value) => {
    expect(resolvePlain(text)).toEqual({ value });
  });

  it.each(['1:30', '22:22', '190:20:30.15', '99999999999999999999'])('%j is in doubt', (text) => {
    expect(resolvePlain(text)).toHaveProperty('doubt');
  });
});

const python = '/usr/bin/python3';
const hasPyYaml = spawnSync(python, ['-c', 'import yaml']).status === 0;

describe('beside PyYAML', () => {
  it.skipIf(!hasPyYaml)('agrees on thousands of generated scalars (skipped without python3-yaml)', () => {
    const unit = fc.constantFrom(
      ...'0123456789_+-.:eExob',
      'yes',
      'No',
      'true',
      'null',
      '~',
      '.inf',
      '.nan',
      '0x',
      '0b',
    );
    const texts = fc.sample(fc.array(unit, { minLength: 1, maxLength: 6 }), 6000).map((parts) => parts.join(''));
    const judge = `
import json, sys, yaml
def say(text):
    node = yaml.nodes.ScalarNode(yaml.resolver.Resolver().resolve(yaml.nodes.ScalarNode, text, (True, False)), text)
    try: value = yaml.constructor.SafeConstructor().construct_object(node)
    except Exception: return ['text', text]
    if isinstance(value, bool) or value is None: return ['exact', value]
    if isinstance(value, (int, float)): return ['number', repr(value), 60 if ':' in text else 10]
    return ['text', text]
print(json.dumps([say(text) for text in json.load(sys.stdin)]))`;
    const judged = JSON.parse(execFileSync(python, ['-c', judge], { input: JSON.stringify(texts), encoding: 'utf8' }));
    for (const [i, text] of texts.entries()) {
      const [type, value, base] = judged[i];
      const ours = resolvePlain(text);
      if (type !== 'number') expect([text, ours]).toEqual([text, { value }]);
      else if (base === 60 || !fits(value)) expect([text, ours]).toEqual([text, { doubt: expect.any(String) }]);
      else expect([text, ours]).toEqual([text, { value: numberOf(value) }]);
    }
  });
});

const fits = (repr: string) => !/^-?\d+$/.test(repr) || Number.isSafeInteger(Number(repr));
const numberOf = (repr: string) => ({ inf: Infinity, '-inf': -Infinity, nan: Number.NaN })[repr] ?? Number(repr);
