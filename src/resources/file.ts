import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { looking, type Script, sh } from '../posix/script.ts';
import type { Change, Shown } from './change.ts';
import { compareFields } from './compare.ts';
import { sha256 } from './digest.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Kind } from './kind.ts';
import * as access from './owner-mode.ts';
import { standing, statAndSumOf } from './path-looks.ts';
import { placeMarks } from './places.ts';
import { base64Bytes, shownContent, textLimit, tooLong } from './shown-content.ts';
import { checkScript, validateCommand, validateProgram } from './validate.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { ...access.pathSchema, examples: ['/etc/docker/daemon.json'] },
    content: { type: 'string', description: 'The whole text of the file.', examples: ['net.ipv4.ip_forward = 1\n'] },
    source: {
      type: 'string',
      description: "A file of the project, copied byte for byte: in a role's `files/`, or relative to the playbook.",
      examples: ['alerts.yml'],
    },
    template: {
      type: 'string',
      description: "A Jinja2 template of the project: in a role's `templates/`, or relative to the playbook.",
      examples: ['daemon.json.j2'],
    },
    mode: {
      ...access.modeSchema,
      description: 'Permissions as octal digits in quotes; 0644 when not given.',
      examples: ['0644'],
    },
    owner: {
      ...access.principalSchema,
      description: 'Owner, a name or a number; root when not given.',
      examples: ['root', 65534],
    },
    group: {
      ...access.principalSchema,
      description: 'Group, a name or a number; root when not given.',
      examples: ['root', 65534],
    },
    state: {
      enum: ['present', 'absent'],
      description: 'present (the default) writes the file; absent removes it.',
      examples: ['present'],
    },
    validate: {
      type: 'string',
      pattern: '%s',
      description:
        'Shell command that must accept the new bytes before they land, and already while planning; %s is the path of a private copy.',
      examples: ['visudo -cf %s'],
    },
  },
} as const satisfies JSONSchema;

const sources = ['content', 'source', 'template'] as const;

/** `source` and `template` are names until the playbook is compiled; from then on their bytes stand in `content`. */
export type FileSpec = Omit<FromSchema<typeof schema>, 'content'> & { readonly content?: string | Uint8Array };

interface FileSeen {
  readonly type: access.Stat['type'] | 'absent';
  readonly mode?: string;
  readonly owner?: string;
  readonly content?: Shown;
  /** What is in it, as text where it is what is wanted; undefined where that is more than `textLimit`. */
  readonly bytes?: string | Uint8Array;
  /** The program of `validate` that the host does not have. */
  readonly lacks?: string;
}

/** A regular file: its bytes, mode and owner. */
export const file: Kind<FileSpec, FileSeen | Fault> = {
  name: 'file',
  summary: 'A file with its content, mode and owner, written atomically.',
  schema,

  refuse(spec) {
    const given = sources.filter((key) => spec[key] !== undefined);
    const why = 'A file takes its bytes from exactly one of content, source and template.';
    if (spec.state === 'absent') {
      if (given.length === 0) return undefined;
      const what = `${given.join(' and ')} cannot be given with state: absent.`;
      return { what, why: 'An absent file has no content.', mend: `Remove ${given.join(' and ')}, or the state.` };
    }
    if (given.length === 1) return undefined;
    if (given.length === 0) return { what: 'The file has no content.', why, mend: 'Add content, source or template.' };
    return { what: `The file has ${given.join(' and ')}.`, why, mend: 'Keep one of them.' };
  },

  id: (spec) => `file:${access.plainPath(spec.path)}`,

  // The bytes travel only when their digest is not the desired one.
  probe(spec) {
    const path = access.plainPath(spec.path);
    const digest = spec.state === 'absent' ? 'none' : sha256(spec.content ?? '');
    const program = validateProgram(spec.validate);
    const look =
      program === undefined
        ? lookAtFile
        : sh`command -v ${program} >/dev/null 2>&1 || echo lacks
${lookAtFile}`;
    if (spec.state === 'absent') return sh`${look} ${path} ${digest}`;
    const mode = access.fullMode(spec.mode ?? '0644');
    const wanted = standing({ path, type: 'file', mode, owner: access.wantedOwner(spec) });
    return sh`${statAndSumOf(path)}${look} ${path} ${digest} ${wanted}`;
  },

  parse(answer, spec) {
    const lines = answer.stdout.split('\n');
    const lacks = lines[0] === 'lacks' ? { lacks: validateProgram(spec.validate)! } : undefined;
    if (lacks) lines.shift();
    if (lines[0] === 'wanted') {
      const { content, mode, owner } = stateWanted(spec);
      const seen: FileSeen = { type: 'file', mode, owner, content, bytes: spec.content ?? '' };
      return lacks ? { ...seen, ...lacks } : seen;
    }
    const seen = access.readStat(lines[0]);
    if (seen === undefined && answer.code !== 0 && access.saysAbsent(answer.stderr)) {
      return lacks && { type: 'absent', ...lacks };
    }
    if (seen === undefined || answer.code !== 0) return faultOf(answer);
    const { type, mode } = seen;
    const owner = access.seenOwner(seen, spec);
    return { type, mode, owner, ...(type === 'file' && bytesSeen(seen, lines, spec)), ...lacks };
  },

  diff(spec, observed) {
    const path = access.plainPath(spec.path);
    if (isFault(observed)) return unreadable(path, observed);
    const there = observed === undefined || observed.type === 'absent' ? undefined : observed;
    if (there !== undefined && there.type !== 'file') {
      return {
        action: 'blocked',
        what: `${path} is no regular file.`,
        why: `A ${there.type} stands there, and hadeploy does not replace or follow it.`,
        mend: 'Move it away on the host, or choose another path.',
      };
    }
    const seen = there && { content: there.content, mode: there.mode, owner: there.owner };
    if (spec.state === 'absent') return compareFields(undefined, seen);
    return withNote(compareFields(stateWanted(spec), seen), observed?.lacks);
  },

  tells: (field) => (field === 'content' ? 'content' : undefined),

  check(spec, change, observed) {
    const later = observed === undefined || isFault(observed) ? undefined : observed.lacks;
    if (spec.validate === undefined || later !== undefined || !changesContent(change)) return undefined;
    return checkScript(access.plainPath(spec.path), spec.content ?? '', spec.validate);
  },

  judges: (spec, change) => spec.validate !== undefined && changesContent(change),

  apply(spec, change) {
    const path = access.plainPath(spec.path);
    if (change.action === 'delete') return [{ do: 'remove', path }];
    const mode = access.fullMode(spec.mode ?? '0644');
    const owner = access.wantedOwner(spec);
    if (!changesContent(change)) {
      const script = sh`chown -- ${owner} ${path} && chmod -- ${mode} ${path}`;
      return [{ do: 'run', what: `set owner and mode of ${path}`, script }];
    }
    const validate = spec.validate === undefined ? {} : { validate: validateCommand(spec.validate) };
    return [{ do: 'write', path, content: spec.content ?? '', mode, owner, ...validate }];
  },

  brings: ({ path }, change) => placeMarks(access.plainPath(path), change),

  absent: (spec) => ({ path: spec.path, state: 'absent' }),

  // Without `validate`: what stood there is put back, also where its program would refuse it.
  former({ path }, observed) {
    if (isFault(observed)) return { lost: observed.fault };
    if (observed === undefined || observed.type === 'absent') return { spec: { path, state: 'absent' } };
    const { type, mode, owner, bytes } = observed;
    if (type !== 'file' || owner === undefined) return { lost: `a ${type} stood there` };
    if (bytes === undefined) return { lost: tooLong };
    return { spec: { path, content: bytes, ...(mode && { mode }), ...access.ownerParts(owner) } };
  },
};

// What is asked about files stands once in a script, however many there are. It goes by path, digest and, where the file
// shall be there, what `stand` is asked about it.
const lookAtFile = sh`${looking({ name: 'file', about: [], ask: askFile })}look_at_file`;

function askFile(): Script {
  return sh`look_at_file() {
[ -z "$3" ] || [ -L "$1" ] || ! stand "$3" || ! hold "$2  $1" || { echo wanted; exit 0; }
s=$(${access.stat(sh`"$1"`)}) || exit
echo "$s"
[ -f "$1" ] && [ ! -L "$1" ] || exit 0
d=$(sha256sum <"$1") || exit 2
case $d in "$2"*) echo same; exit 0 ;; esac
echo "$d"
[ "\${s%% *}" -gt ${textLimit} ] || base64 <"$1"
}`;
}

/** The fields of a file that is as it shall be. */
function stateWanted(spec: FileSpec) {
  const { content = '', mode = '0644' } = spec;
  return { content: shownContent(content), mode: access.fullMode(mode), owner: access.wantedOwner(spec) };
}

/** What is in a file; the answer says that it is what is wanted, or has its digest and, where they are few, its bytes. */
function bytesSeen({ size }: access.Stat, lines: readonly string[], { content = '' }: FileSpec) {
  const digest = lines[1] ?? '';
  if (digest === 'same') return { content: shownContent(content), bytes: content };
  const bytes = size > textLimit ? undefined : base64Bytes(lines.slice(2).join(''));
  return bytes ? { content: shownContent(bytes), bytes } : { content: `sha256:${digest.split(' ')[0]}` };
}

/** Whether bytes change; they do on creation even when they are none. */
function changesContent(change: Change): boolean {
  return 'fields' in change && change.fields.some((field) => field.field === 'content' && field.to !== undefined);
}

function withNote(change: Change, lacks: string | undefined): Change {
  if (lacks === undefined || change.action === 'blocked' || change.action === 'none' || !changesContent(change))
    return change;
  return { ...change, notes: [`It is validated only when it is written: ${lacks} is not on the host yet.`] };
}
