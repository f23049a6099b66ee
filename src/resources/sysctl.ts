import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { sh } from '../posix/script.ts';
import type { Change } from './change.ts';
import { compareFields } from './compare.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Kind } from './kind.ts';
import type { Step } from './step.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+([./][A-Za-z0-9_:@-]+)+$',
      description: 'The setting, as sysctl(8) names it.',
      examples: ['net.ipv4.ip_forward'],
    },
    value: {
      anyOf: [{ type: 'string', pattern: '^[^\\n]*\\S[^\\n]*$' }, { type: 'integer' }],
      description: 'Its value, now and after a reboot.',
      examples: [1, '32768 60999'],
    },
    state: {
      enum: ['present', 'absent'],
      description: 'absent removes the file that sets it at boot; the running value stays until then.',
      examples: ['present'],
    },
  },
} as const satisfies JSONSchema;

/** `former` is no key for users: the value, and the text of the file, that a setting had when it is put back. */
type SysctlSpec = FromSchema<typeof schema> & { readonly former?: SysctlSeen };

interface SysctlSeen {
  readonly value: string | undefined;
  readonly file: string | undefined;
}

/** A kernel setting: the running value and a file of its own in /etc/sysctl.d. */
export const sysctl: Kind<SysctlSpec, SysctlSeen | Fault> = {
  name: 'sysctl',
  summary: 'A kernel setting, now and after a reboot.',
  schema,

  refuse(spec) {
    if (spec.state === 'absent' || spec.value !== undefined) return undefined;
    return { what: `${spec.name} has no value.`, why: 'A setting that is present has a value.', mend: 'Add value.' };
  },

  id: (spec) => `sysctl:${spec.name}`,

  // `cat` and not `read`: dash reads byte by byte, and /proc/sys answers only the first one.
  probe: (spec) => sh`if [ -e ${liveFile(spec.name)} ]; then printf 'value '; cat ${liveFile(spec.name)} || exit; fi
if [ -e ${bootFile(spec.name)} ]; then echo file; cat ${bootFile(spec.name)}; fi`,

  parse(answer) {
    if (answer.code !== 0) return faultOf(answer);
    const found = /^(?:value ([\s\S]*?)\n)?(?:file\n([\s\S]*))?$/.exec(answer.stdout);
    if (found === null) return { fault: 'the probe answered something else' };
    const [, value, file] = found;
    return value === undefined && file === undefined ? undefined : { value: value && oneLine(value), file };
  },

  diff(spec, observed) {
    if (isFault(observed)) return unreadable(spec.name, observed);
    if (spec.former !== undefined) return backTo(spec.former, observed);
    const file = observed?.file;
    if (spec.state === 'absent') return compareFields(undefined, file === undefined ? undefined : { file });
    return compareFields({ value: oneLine(String(spec.value)), file: bootText(spec) }, observed && { ...observed });
  },

  apply(spec, change) {
    const path = bootFile(spec.name);
    return change.fields.flatMap(({ field, to }): readonly Step[] => {
      if (field === 'file') {
        if (to === undefined) return [{ do: 'remove', path }];
        return [{ do: 'write', path, content: String(to), mode: '0644', owner: 'root:root' }];
      }
      const script = sh`printf '%s\n' ${String(to)} >${liveFile(spec.name)}`;
      return [{ do: 'run', what: `set ${spec.name} to ${to}`, script }];
    });
  },

  absent: (spec) => ({ name: spec.name, state: 'absent' }),

  former({ name }, observed) {
    if (isFault(observed)) return { lost: observed.fault };
    if (observed?.file?.includes('\ufffd')) return { lost: `${bootFile(name)} was no text` };
    return { spec: { name, former: observed ?? { value: undefined, file: undefined } } };
  },
};

/** The change back to what a setting was; a value it did not have stays until its module is gone or the host boots. */
function backTo(former: SysctlSeen, observed: SysctlSeen | undefined): Change {
  const fields = [
    { field: 'value', from: observed?.value, to: former.value ?? observed?.value },
    { field: 'file', from: observed?.file, to: former.file },
  ].filter(({ from, to }) => from !== to);
  if (fields.length === 0) return { action: 'none' };
  return { action: 'update', cause: `${fields.map(({ field }) => field).join(', ')} differs`, fields };
}

function bootText(spec: SysctlSpec): string {
  return `${spec.name} = ${oneLine(String(spec.value))}\n`;
}

function bootFile(name: string): string {
  return `/etc/sysctl.d/60-hadeploy-${name.replaceAll('/', '-')}.conf`;
}

// sysctl(8): when the first separator is a dot, a slash stands for a dot within a part (`net.ipv4.conf.eth0/100`).
function liveFile(name: string): string {
  const dotted = /^[^./]*\./.test(name);
  return `/proc/sys/${dotted ? name.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.')) : name}`;
}

function oneLine(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
