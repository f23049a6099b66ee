import { sh } from '../../src/posix/script.ts';
import type { Shown } from '../../src/resources/change.ts';
import { compareFields, type Fields } from '../../src/resources/compare.ts';
import { kinds } from '../../src/resources/index.ts';
import type { AnyKind, Kind } from '../../src/resources/kind.ts';
import type { Step } from '../../src/resources/step.ts';

interface ThingSpec {
  readonly name: string;
  readonly fields?: Fields;
  readonly state?: 'present' | 'absent';
}

const name = { type: 'string', description: 'Which one.', examples: ['a'] } as const;

/** A thing of a host in memory, with any fields. What it asks and does is a comment to a real shell. */
const thing: Kind<ThingSpec, Fields> = {
  name: 'thing',
  summary: 'A thing in memory.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name,
      fields: { type: 'object', description: 'Its values.', examples: [{ x: 1 }] },
      state: { enum: ['present', 'absent'], description: 'Whether it is there.', examples: ['present'] },
    },
  },
  id: (spec) => `thing:${spec.name}`,
  probe: (spec) => sh`: look ${spec.name}`,
  parse: ({ stdout }) => (stdout === '' ? undefined : (JSON.parse(stdout) as Fields)),
  diff: (spec, observed) => compareFields(spec.state === 'absent' ? undefined : (spec.fields ?? {}), observed),
  apply(spec, change) {
    const step = (what: string, script: Extract<Step, { do: 'run' }>['script']): Step => ({ do: 'run', what, script });
    if (change.action === 'delete') return [step(`drop ${spec.name}`, sh`: drop ${spec.name}`)];
    const made = change.action === 'create' ? [step(`make ${spec.name}`, sh`: make ${spec.name}`)] : [];
    const set = ({ field, to }: { readonly field: string; readonly to: Shown }) =>
      step(`set ${field}`, sh`: set ${spec.name} ${field} ${JSON.stringify(to)}`);
    return [...made, ...change.fields.map(set)];
  },
  absent: (spec) => ({ name: spec.name, state: 'absent' }),
  former: (spec, observed) => ({
    spec: observed === undefined ? { name: spec.name, state: 'absent' } : { name: spec.name, fields: observed },
  }),
};

/** What a handler does to a host in memory: it leaves its name. */
const deed: Kind<{ readonly name: string }, true> = {
  name: 'deed',
  summary: 'Something to be done in memory.',
  schema: { type: 'object', additionalProperties: false, required: ['name'], properties: { name } },
  id: (spec) => `deed:${spec.name}`,
  probe: (spec) => sh`: look ${spec.name}`,
  parse: () => true,
  diff: (_, __, now) =>
    now.notified === undefined ? { action: 'none' } : { action: 'run', cause: now.notified, fields: [] },
  apply: (spec) => [{ do: 'run', what: spec.name, script: sh`: did ${spec.name}` }],
};

/** The kinds of the product, and those that hosts in memory understand. */
export const memoryKinds: ReadonlyMap<string, AnyKind> = new Map<string, AnyKind>([
  ...kinds,
  ['thing', thing],
  ['deed', deed],
]);
