import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import type { Schema } from '../../../src/schema/schema.ts';
import { validate } from '../../../src/schema/validate.ts';
import { readYaml } from '../../../src/yaml/yaml.ts';

const fileSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  oneOf: [{ required: ['content'] }, { required: ['source'] }],
  properties: {
    path: { type: 'string', minLength: 1, description: 'Absolute path.', examples: ['/etc/hosts'] },
    content: { type: 'string', description: 'The text.', examples: ['x'] },
    source: { type: 'string', description: 'A file.', examples: ['files/x'] },
    mode: {
      type: 'string',
      pattern: '^0[0-7]{3}$',
      default: '0644',
      description: 'Four octal digits.',
      examples: ['0644'],
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is there.' },
    retries: { type: 'integer', minimum: 1, maximum: 10 },
    tags: {
      oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true }],
      description: 'One tag or several.',
    },
    check: {
      oneOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['type', 'url'],
          properties: { type: { const: 'http' }, url: { type: 'string' }, status: { type: 'integer' } },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['type', 'port'],
          properties: { type: { const: 'tcp' }, port: { type: 'integer' } },
        },
      ],
    },
    labels: {
      type: 'object',
      propertyNames: { pattern: '^[a-z_]+$', description: 'Lower-case letters and underscores' },
      additionalProperties: { type: 'string' },
    },
  },
} as const satisfies JSONSchema;
type File = FromSchema<typeof fileSchema>;
const schema: Schema<File> = fileSchema;

function check(text: string, what?: string) {
  const document = unwrap(readYaml('f.yml', text));
  return validate(schema, document.value, document.at, what === undefined ? {} : { what });
}

function faultsOf(text: string, what?: string) {
  const checked = check(text, what);
  if (checked.ok) throw new Error('no fault');
  return checked.faults;
}

const ok = 'path: /x\ncontent: y\n';

describe('validate', () => {
  it('fills in defaults, in a copy', () => {
    const value = { path: '/x', content: 'y' };
    const place = { file: 'f', line: 1, col: 1 };
    const checked = unwrap(validate(schema, value, () => place));
    expect(checked).toEqual({ path: '/x', content: 'y', mode: '0644', state: 'present' });
    expect(value).toEqual({ path: '/x', content: 'y' });
    expectTypeOf(checked.path).toEqualTypeOf<string>();
    expectTypeOf(checked.retries).toEqualTypeOf<number | undefined>();
  });

  it.each([
    ['unknown-key 3:1', `${ok}moed: "0644"\n`, 'This file has no key "moed".', 'Did you mean "mode"?'],
    ['missing-key 1:1', 'content: y\n', 'This file lacks the key "path".', 'Add it, for example: path: /etc/hosts'],
    [
      'wrong-type 3:7',
      `${ok}mode: 0644\n`,
      '"mode" must be text, not the number 420.',
      'Put it in quotes, for example "0644"; without them YAML reads a number.',
    ],
    ['wrong-type 3:10', `${ok}retries: "3"\n`, '"retries" must be a whole number, not text.', 'Remove the quotes.'],
    ['wrong-type 3:10', `${ok}retries: 1.5\n`, '"retries" must be a whole number, not the number 1.5.', undefined],
    ['not-allowed 3:8', `${ok}state: presnt\n`, '"state" cannot be "presnt".', 'Did you mean "present"?'],
    [
      'bad-value 3:7',
      `${ok}mode: "999"\n`,
      '"mode" is "999", which is not of the expected form.',
      'Write it like this: "0644"',
    ],
    ['bad-value 3:10', `${ok}retries: 0\n`, '"retries" must be at least 1, not 0.', undefined],
    ['bad-value 1:7', 'path: ""\ncontent: y\n', '"path" is empty.', 'Write it like this: /etc/hosts'],
    [
      'empty-value 3:1',
      `${ok}mode:\n`,
      '"mode" has no value.',
      'Give it a value, for example "0644", or remove the key.',
    ],
    ['empty-value 3:1', `${ok}state: ~\n`, '"state" has no value.', 'Give it a value, or remove the key.'],
    ['empty-value 3:1', `${ok}tags:\n`, '"tags" has no value.', 'Give it a value, or remove the key.'],
    ['missing-key 1:1', 'path: /x\n', 'This file needs one of the keys "content" or "source".', 'Add one of them.'],
    [
      'conflicting-keys 3:1',
      `${ok}source: z\n`,
      'This file can have only one of the keys "content" and "source".',
      'Remove all but one.',
    ],
    [
      'wrong-type 3:7',
      `${ok}tags: 5\n`,
      '"tags" must be text or a list, not the number 5.',
      'Put it in quotes; without them YAML reads a number.',
    ],
    [
      'wrong-type 3:11',
      `${ok}tags: [a, 5]\n`,
      '"tags[1]" must be text, not the number 5.',
      'Put it in quotes; without them YAML reads a number.',
    ],
    ['bad-value 3:7', `${ok}tags: []\n`, '"tags" needs at least 1 entry.', undefined],
    ['bad-value 3:11', `${ok}tags: [a, a]\n`, '"tags" has the same entry twice.', 'Remove one of them.'],
    [
      'unknown-key 3:29',
      `${ok}check: {type: tcp, port: 1, prt: 2}\n`,
      '"check" has no key "prt".',
      'Did you mean "port"?',
    ],
    ['missing-key 3:1', `${ok}check: {type: http}\n`, '"check" lacks the key "url".', 'Add "url".'],
    ['bad-key 3:10', `${ok}labels: {Big: x}\n`, 'The key "Big" of "labels" is not of the expected form.', undefined],
  ])('%s in %j', (where, text, what, mend) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    const [{ code, at, ...words }] = faults as [(typeof faults)[0]];
    expect([`${code} ${at?.line}:${at?.col}`, words.what, words.mend]).toEqual([where, what, mend]);
  });

  it('reports all faults at once, in the words of what was being read', () => {
    const faults = faultsOf('path: 5\nmoed: x\nstate: gone\n', 'The task "Hosts file"');
    expect(faults.map((fault) => fault.what).sort()).toEqual([
      '"path" of the task "Hosts file" must be text, not the number 5.',
      '"state" of the task "Hosts file" cannot be "gone".',
      'The task "Hosts file" has no key "moed".',
      'The task "Hosts file" needs one of the keys "content" or "source".',
    ]);
  });

  it('explains with the words of the schema', () => {
    const [fault] = faultsOf(`${ok}mode: "999"\n`);
    expect(fault?.why).toBe('Four octal digits.');
    expect(faultsOf(`${ok}moed: x\n`)[0]?.why).toMatch(/^It takes path, content, .* and labels\.$/);
  });

  it('never shows a text that has the wrong type, for it may be secret', () => {
    expect(JSON.stringify(faultsOf(`${ok}retries: hunter2\n`))).not.toContain('hunter2');
  });

  it('takes a symbol for any value, and keeps it', () => {
    const unknown = Symbol('unknown');
    const place = { file: 'f', line: 1, col: 1 };
    const read = (value: unknown) => validate(schema, value, () => place);
    const value = {
      path: unknown,
      content: unknown,
      mode: unknown,
      state: unknown,
      tags: [unknown, 'a'],
      labels: { a: unknown },
    };
    expect(unwrap(read(value))).toEqual({ ...value });
    expect(unwrap(read(unknown))).toBe(unknown);
    expect(unwrap(read({ path: '/x', content: '', tags: unknown }))).toMatchObject({ tags: unknown });
    expect(unwrap(read({ path: '/x', content: '', check: { type: 'tcp', port: unknown } }))).toBeDefined();
    const wrong = read({ path: unknown, content: '', check: { type: 'tcp', port: unknown, prt: 1 } });
    expect(wrong.ok || wrong.faults.map((fault) => fault.code)).toEqual(['unknown-key']);
  });

  it('knows definitions inside unions', () => {
    const tree = {
      $defs: { leaf: { type: 'integer', minimum: 1 } },
      oneOf: [{ $ref: '#/$defs/leaf' }, { type: 'array', items: { $ref: '#/$defs/leaf' } }],
    } as const;
    const read = (value: unknown) => validate(tree, value, () => ({ file: 'f', line: 1, col: 1 }));
    expect(read([1, 2]).ok).toBe(true);
    const wrong = read([1, 0]);
    expect(wrong.ok || wrong.faults.map((fault) => fault.what)).toEqual(['"[1]" must be at least 1, not 0.']);
  });
});
