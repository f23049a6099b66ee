import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { judge } from './http-judge.ts';
import type { Kind } from './kind.ts';
import type { HttpAnswer, HttpAsk, HttpWant } from './step.ts';

const statusSchema = { type: 'integer', minimum: 100, maximum: 599 } as const;

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      type: 'string',
      pattern: '^http://[^/\\s]+',
      description: 'What to ask, by plain http.',
      examples: ['http://127.0.0.1:9090/-/ready'],
    },
    method: { const: 'GET', description: 'Only GET: a gate looks and changes nothing.', examples: ['GET'] },
    status: {
      anyOf: [statusSchema, { type: 'array', items: statusSchema, minItems: 1 }],
      description: 'The status it must answer, or several that will do; 200 when not given.',
      examples: [200, [200, 204]],
    },
    contains: { type: 'string', description: 'Text that must stand in the body.', examples: ['is Ready'] },
    lacks: {
      type: 'string',
      description: 'Text that must not stand in the body.',
      examples: ['"health":"unknown"'],
    },
    json: {
      type: 'object',
      description:
        'Values that must stand in the JSON body: dotted path → value. `[]` is every element of a list that has some; with a list as the value, the elements must be exactly those, in any order.',
      examples: [
        { 'data.cluster.status': 'ready' },
        { 'data.activeTargets[].health': 'up' },
        { 'members[].name': ['a', 'b'] },
      ],
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Headers to send.',
      examples: [{ Host: 'prometheus.example.org' }],
    },
    from: {
      type: 'string',
      minLength: 1,
      description:
        'Who asks: host (the default), through the SSH connection; controller, the machine hadeploy runs on; or another host of the inventory by its name.',
      examples: ['host', 'mon-b'],
    },
    unless_refused: {
      type: 'boolean',
      description: 'Holds as well while the connection is refused: nothing is there yet that could answer.',
      examples: [true],
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      description: 'Seconds until the gate fails; 60 when not given.',
      examples: [120],
    },
  },
} as const satisfies JSONSchema;

type HttpSpec = FromSchema<typeof schema>;

/** A gate: the play goes on once a URL answers as wanted. */
export const http: Kind<HttpSpec, HttpAnswer, HttpAnswer> = {
  name: 'http',
  summary: 'A gate that waits until a URL answers with a status, a text or JSON values.',
  schema,
  gate: true,

  id: (spec) => `http:${spec.url} ${wish(spec)}${(spec.from ?? 'host') === 'host' ? '' : ` from ${spec.from}`}`,

  probe: askOf,

  parse: (answer) => answer,

  diff(spec, observed, now) {
    const why = observed === undefined ? 'not asked yet' : judge(observed, wantOf(spec));
    if (why !== undefined)
      return { action: 'await', cause: observed?.status === undefined ? 'no answer' : why, fields: [] };
    return now.disturbed ? { action: 'await', cause: 'after the changes before it', fields: [] } : { action: 'none' };
  },

  apply: (spec) => [
    {
      do: 'await',
      what: `wait until ${spec.url} has ${wish(spec)}`,
      ask: askOf(spec),
      want: wantOf(spec),
      timeoutS: spec.timeout ?? 60,
    },
  ],
};

function askOf(spec: HttpSpec): HttpAsk {
  return {
    from: spec.from ?? 'host',
    method: 'GET',
    url: spec.url,
    headers: spec.headers ?? {},
    // One answer is worth five seconds: a gate asks again, and a probe must not hold up the plan.
    timeoutS: Math.min(5, spec.timeout ?? 60),
  };
}

function wantOf(spec: HttpSpec): HttpWant {
  const status = spec.status ?? 200;
  return {
    status: typeof status === 'number' ? [status] : status,
    ...(spec.contains === undefined ? {} : { contains: spec.contains }),
    ...(spec.lacks === undefined ? {} : { lacks: spec.lacks }),
    ...(spec.unless_refused === true ? { unlessRefused: true as const } : {}),
    ...(spec.json === undefined ? {} : { json: spec.json }),
  };
}

/** What is wanted, in words: `status 200, "Ready", data.status = "ready"`. */
function wish(spec: HttpSpec): string {
  const want = wantOf(spec);
  const values = Object.entries(want.json ?? {}).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
  const text = want.contains === undefined ? [] : [JSON.stringify(want.contains)];
  const lacks = want.lacks === undefined ? [] : [`no ${JSON.stringify(want.lacks)}`];
  const refused = want.unlessRefused ? ['unless it is refused'] : [];
  return [`status ${want.status.join(' or ')}`, ...text, ...lacks, ...values, ...refused].join(', ');
}
