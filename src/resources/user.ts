import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { lines, type Script, sh } from '../posix/script.ts';
import type { Deed } from './change.ts';
import { compareFields, type Fields } from './compare.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Kind } from './kind.ts';

const nameSchema = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_.-]*\\$?$' } as const;

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { ...nameSchema, description: 'Login name.', examples: ['prometheus'] },
    uid: { type: 'integer', minimum: 0, description: 'Number of the user.', examples: [9090] },
    group: { ...nameSchema, description: 'Primary group; made when it is missing.', examples: ['monitoring'] },
    groups: {
      type: 'array',
      items: nameSchema,
      description: 'Further groups the user is in; other memberships are left alone.',
      examples: [['docker']],
    },
    shell: { type: 'string', pattern: '^/', description: 'Login shell.', examples: ['/usr/sbin/nologin'] },
    home: {
      type: 'string',
      pattern: '^/',
      description: 'Home directory; its content is not moved.',
      examples: ['/var/lib/prometheus'],
    },
    system: {
      type: 'boolean',
      description: 'Made with a number of the system range and without a home directory; only looked at on creation.',
      examples: [true],
    },
    state: {
      enum: ['present', 'absent'],
      description: 'absent removes the user and leaves the home directory.',
      examples: ['present'],
    },
  },
} as const satisfies JSONSchema;

type UserSpec = FromSchema<typeof schema>;

interface UserSeen {
  readonly uid: number;
  readonly group: string;
  readonly groups: readonly string[];
  readonly shell: string;
  readonly home: string;
}

/** A login of the host. Left behind when it is no longer declared, since files may be its own. */
export const user: Kind<UserSpec, UserSeen | Fault> = {
  name: 'user',
  summary: 'A user of the host, with groups, shell and home.',
  schema,

  id: (spec) => `user:${spec.name}`,

  // getent ends with 2 for a name it does not know.
  probe: (spec) => sh`command -v useradd >/dev/null || { echo 'the host has no useradd' >&2; exit 9; }
getent passwd ${spec.name} || exit
id -gn -- ${spec.name} && id -Gn -- ${spec.name}`,

  parse(answer) {
    if (answer.code === 2 && answer.stdout === '') return undefined;
    const [entry = '', group, groups] = answer.stdout.split('\n');
    const [, , uid, , , home, shell] = entry.split(':');
    if (answer.code !== 0 || !group || !groups || home === undefined || shell === undefined) return faultOf(answer);
    return { uid: Number(uid), group, groups: groups.split(' '), shell, home };
  },

  diff(spec, observed) {
    if (isFault(observed))
      return unreadable(`The user ${spec.name}`, observed, 'Make the user by hand and drop the task.');
    const seen = observed && seenFields(spec, observed);
    if (spec.state === 'absent') return compareFields(undefined, seen);
    const { uid, group, shell, home } = spec;
    const memberships = (spec.groups ?? []).map((one) => [membership(one), 'yes'] as const);
    return compareFields({ name: spec.name, uid, group, shell, home, ...Object.fromEntries(memberships) }, seen);
  },

  apply(spec, change) {
    if (change.action === 'delete') {
      return [{ do: 'run', what: `remove the user ${spec.name}`, script: sh`userdel -- ${spec.name}` }];
    }
    const created = change.action === 'create';
    const options = changedOptions(spec, change, created);
    const script = created
      ? sh`useradd ${[...(spec.system ? ['-r', '-M'] : ['-m']), ...options]} -- ${spec.name}`
      : sh`usermod ${options} -- ${spec.name}`;
    const what = `${created ? 'make' : 'change'} the user ${spec.name}`;
    return [{ do: 'run', what, script: lines([...missingGroup(spec), script]) }];
  },
};

function seenFields(spec: UserSpec, seen: UserSeen): Fields {
  const groups = [...new Set(spec.groups ?? [])].filter((one) => seen.groups.includes(one));
  const memberships = Object.fromEntries(groups.map((one) => [membership(one), 'yes']));
  return { name: spec.name, uid: seen.uid, group: seen.group, shell: seen.shell, home: seen.home, ...memberships };
}

// One field a group, so that a membership that appears meanwhile changes nothing else in the plan.
function membership(group: string): string {
  return `in ${group}`;
}

/** The options of useradd and usermod for what differs. */
function changedOptions(spec: UserSpec, change: Deed, created: boolean): readonly string[] {
  const due = new Set(change.fields.map((field) => field.field));
  const groups = (spec.groups ?? []).filter((one) => due.has(membership(one)));
  return [
    ...(due.has('uid') ? ['-u', String(spec.uid)] : []),
    ...(due.has('group') ? ['-g', spec.group!] : []),
    ...(due.has('shell') ? ['-s', spec.shell!] : []),
    ...(due.has('home') ? ['-d', spec.home!] : []),
    ...(groups.length === 0 ? [] : [created ? '-G' : '-aG', groups.join(',')]),
  ];
}

/** Makes the primary group when the host lacks it. */
function missingGroup({ group, system }: UserSpec): readonly Script[] {
  if (group === undefined) return [];
  const add = system ? sh`groupadd -r` : sh`groupadd`;
  return [sh`getent group ${group} >/dev/null || ${add} -- ${group} || exit`];
}
