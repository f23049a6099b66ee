import { expect, it } from 'vitest';
import { explainSchema } from '../../../src/schema/explain.ts';

it('tells name, type, need, default, description and example of every field', () => {
  const text = explainSchema({
    type: 'object',
    required: ['path'],
    oneOf: [{ required: ['content'] }, { required: ['source'] }],
    properties: {
      path: { type: 'string', description: 'Absolute path.', examples: ['/etc/hosts'] },
      content: { type: 'string' },
      source: { type: 'string' },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is there.' },
      tags: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      ports: {
        type: 'array',
        items: { type: 'object', properties: { port: { type: 'integer', examples: [80] } } },
        default: [],
      },
      limit: { type: 'object', properties: { cpu: { type: ['number', 'string'] } } },
      each: { type: 'object', additionalProperties: { type: 'object', properties: { id: { type: 'integer' } } } },
      any: {},
    },
  });
  expect(text).toBe(`path          text, required
              Absolute path.
              Example: /etc/hosts
content       text
source        text
state         present or absent, default present
              Whether it is there.
tags          text or a list of: text
ports         a list of: a mapping, default []
ports[].port  a whole number
              Example: 80
limit         a mapping
limit.cpu     a number or text
each          a mapping
each.NAME.id  a whole number
any           any value
Exactly one of content or source is needed.`);
});

it('has nothing to say of a schema without fields', () => {
  expect(explainSchema({ type: 'string' })).toBe('');
});
