import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { judge, refused } from './http-judge.ts';
import type { Kind } from './kind.ts';
import type { HttpAnswer, HttpAsk, HttpWant } from './step.ts';

const statusSchema = { type: 'integer', minimum: 100, maximum: 599 } as const;

const urlSchema = { type: 'string', pattern: '^http://[^/\\s]+' } as const;
const fromSchema = { type: 'string', minLength: 1, examples: ['host', 'mon-b'] } as const;
const pathSchema = { type: 'string', minLength: 1 } as const;

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { ...urlSchema, description: 'What to ask, by plain http.', examples: ['http://127.0.0.1:9090/-/ready'] },
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
      ...fromSchema,
      description:
        'Who asks: host (the default), through the SSH connection; controller, the machine hadeploy runs on; or another host of the inventory by its name.',
    },
    unless_refused: {
      type: 'boolean',
      description: 'Holds as well while the connection is refused: nothing is there yet that could answer.',
      examples: [true],
    },
    includes: {
      type: 'object',
      additionalProperties: false,
      required: ['url', 'json'],
      description: 'Another page: what stands at a path of its JSON body must stand there in this one as well.',
      properties: {
        url: { ...urlSchema, description: 'The other page.', examples: ['http://127.0.0.1:9093/api/v2/silences'] },
        from: { ...fromSchema, description: 'Who asks for it; the same as for `url` when not given.' },
        json: {
          ...pathSchema,
          description:
            'A path as for `json`; `[key=value]` is every element that has this value at this path, `{a,b}` these keys of an element.',
          examples: ['[status.state=active].id', 'data.activeTargets[health=up].{scrapePool,scrapeUrl}'],
        },
        among: {
          ...pathSchema,
          description: 'Only values that stand at this path of this page count; all of them when not given.',
          examples: ['data.activeTargets[].{scrapePool,scrapeUrl}'],
        },
      },
      examples: [{ url: 'http://127.0.0.1:9093/api/v2/silences', from: 'mon-b', json: '[status.state=active].id' }],
    },
    rises: {
      type: 'object',
      additionalProperties: false,
      required: ['metric'],
      description:
        'A counter on a page of metrics that must be higher than a few seconds ago: what it counts happens now.',
      properties: {
        metric: {
          type: 'string',
          pattern: '^[A-Za-z_:][A-Za-z0-9_:]*$',
          description: 'Its name, without labels.',
          examples: ['alertmanager_cluster_pings_seconds_count'],
        },
        series: {
          type: 'integer',
          minimum: 1,
          description: 'How many of its series must be; 1 when not given.',
          examples: [2],
        },
      },
      examples: [{ metric: 'alertmanager_cluster_pings_seconds_count', series: 2 }],
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      description: 'Seconds until the gate fails; 60 when not given.',
      examples: [120],
    },
    progress: {
      ...urlSchema,
      description: 'A page by the same asker: each time it answers something else, the timeout starts anew.',
      examples: ['http://127.0.0.1:9090/api/v1/status/walreplay'],
    },
    takes: {
      type: 'integer',
      minimum: 0,
      description:
        'Seconds that it takes to come true though all is well, as plans tell; the timeout comes after them. 0 when not given.',
      examples: [300],
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

  takes: ({ takes }) => takes,

  nobody: (answer) => answer?.status === undefined && answer?.error === refused,

  diff(spec, observed, now) {
    if (now.disturbed) return { action: 'await', cause: 'after the changes before it', fields: [] };
    const why = observed === undefined ? 'not asked yet' : judge(observed, wantOf(spec));
    if (why === undefined) return { action: 'none' };
    return { action: 'await', cause: observed?.status === undefined ? 'no answer' : why, fields: [] };
  },

  apply: (spec) => [
    {
      do: 'await',
      what: `wait until ${spec.url} has ${wish(spec)}`,
      ask: askOf(spec),
      want: wantOf(spec),
      timeoutS: (spec.takes ?? 0) + (spec.timeout ?? 60),
      ...(spec.progress !== undefined && { progress: question(spec, spec.progress) }),
    },
  ],
};

function askOf(spec: HttpSpec): HttpAsk {
  const { includes: other, rises } = spec;
  return {
    ...question(spec, spec.url),
    ...(other && { beside: question({ ...spec, ...(other.from !== undefined && { from: other.from }) }, other.url) }),
    // What happens to each of several in turn, in any order, happens to each within two turns.
    ...(rises && { afterS: 2 * (rises.series ?? 1) }),
  };
}

function question({ from, headers, timeout }: HttpSpec, url: string): HttpAsk {
  // One answer is worth five seconds: a gate asks again, and a probe must not hold up the plan.
  return { from: from ?? 'host', method: 'GET', url, headers: headers ?? {}, timeoutS: Math.min(5, timeout ?? 60) };
}

function wantOf(spec: HttpSpec): HttpWant {
  const status = spec.status ?? 200;
  return {
    status: typeof status === 'number' ? [status] : status,
    ...(spec.contains === undefined ? {} : { contains: spec.contains }),
    ...(spec.lacks === undefined ? {} : { lacks: spec.lacks }),
    ...(spec.unless_refused === true ? { unlessRefused: true as const } : {}),
    ...(spec.json === undefined ? {} : { json: spec.json }),
    ...(spec.includes && { includes: sharedOf(spec.includes) }),
    ...(spec.rises && { rises: { metric: spec.rises.metric, series: spec.rises.series ?? 1 } }),
  };
}

function sharedOf({ json, among }: NonNullable<HttpSpec['includes']>): NonNullable<HttpWant['includes']> {
  return { path: json, ...(among !== undefined && { among }) };
}

/** What is wanted, in words: `status 200, "Ready", data.status = "ready"`. */
function wish(spec: HttpSpec): string {
  const want = wantOf(spec);
  const values = Object.entries(want.json ?? {}).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
  const text = want.contains === undefined ? [] : [JSON.stringify(want.contains)];
  const lacks = want.lacks === undefined ? [] : [`no ${JSON.stringify(want.lacks)}`];
  const { includes: other } = spec;
  const by = other?.from === undefined ? '' : ` from ${other.from}`;
  const shared = other ? [`${other.json} of ${other.url}${by}`] : [];
  const rises = want.rises ? [`${want.rises.series} × ${want.rises.metric} rising`] : [];
  const refused = want.unlessRefused ? ['unless it is refused'] : [];
  return [`status ${want.status.join(' or ')}`, ...text, ...lacks, ...values, ...shared, ...rises, ...refused].join(
    ', ',
  );
}
