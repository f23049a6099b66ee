import { dirname } from 'node:path/posix';
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { sh } from '../posix/script.ts';
import { compareFields } from './compare.ts';
import { type Fault, faultOf, isFault, unreadable } from './fault.ts';
import type { Kind } from './kind.ts';
import * as access from './owner-mode.ts';
import { areAsWanted } from './path-looks.ts';
import { placeMarks, willBeEmpty } from './places.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { ...access.pathSchema, examples: ['/etc/prometheus'] },
    mode: {
      ...access.modeSchema,
      description: 'Permissions as octal digits in quotes; 0755 when not given.',
      examples: ['0755'],
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
      description: 'present (the default) makes the directory and its parents; absent removes it when it is empty.',
      examples: ['present'],
    },
  },
} as const satisfies JSONSchema;

/** `undeclared` is no key for users: it marks what is removed because no task declares it any more. */
type DirectorySpec = FromSchema<typeof schema> & { readonly undeclared?: true };

interface DirectorySeen {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  /** How much is in it, when its removal is wanted, and the first name. */
  readonly entries?: number;
  readonly holds?: string;
}

const notEmpty = 'It is removed only if it is empty by then.';

/** A directory with its mode and owner. A symlink to a directory counts as one: data is often moved to another disk. */
export const directory: Kind<DirectorySpec, DirectorySeen | Fault> = {
  name: 'directory',
  summary: 'A directory with its mode and owner.',
  schema,

  id: (spec) => `directory:${access.plainPath(spec.path)}`,

  probe(spec) {
    const path = access.plainPath(spec.path);
    if (spec.state === 'absent') {
      return sh`${access.stat(path)} || exit
[ -d ${path} ] && [ ! -L ${path} ] || exit 0
cd -- ${path} || exit
n=0; for f in * .[!.]* ..?*; do if [ -e "$f" ] || [ -L "$f" ]; then n=$((n + 1)); fi; done; echo "$n"
ls -A | head -n 1`;
    }
    const wanted = { path, type: 'directory', ...fieldsOf(spec) } as const;
    return sh`if ${areAsWanted([wanted])}; then echo wanted; exit 0; fi
${access.stat(path)} || exit
[ ! -L ${path} ] || ${access.statTarget(path)}`;
  },

  parse(answer, spec) {
    const lines = answer.stdout.trim().split('\n');
    if (lines[0] === 'wanted') return { type: 'directory', ...fieldsOf(spec) };
    const first = access.readStat(lines[0]);
    if (first === undefined && answer.code !== 0 && access.saysAbsent(answer.stderr)) return undefined;
    if (first === undefined || (answer.code !== 0 && first.type !== 'symlink')) return faultOf(answer);
    const target = spec.state === 'absent' ? undefined : access.readStat(lines[1]);
    const seen = target?.type === 'directory' ? target : first;
    const fields = { type: seen.type, mode: seen.mode, owner: access.seenOwner(seen, spec) };
    const [, entries, holds] = lines;
    return spec.state === 'absent' && holds !== undefined ? { ...fields, entries: Number(entries), holds } : fields;
  },

  diff(spec, observed, now) {
    const path = access.plainPath(spec.path);
    if (isFault(observed)) return unreadable(path, observed);
    if (observed !== undefined && observed.type !== 'directory') {
      if (spec.undeclared) return { action: 'none' };
      return {
        action: 'blocked',
        what: `${path} is no directory.`,
        why: `A ${observed.type} stands there, and hadeploy does not replace it.`,
        mend: 'Move it away on the host, or choose another path.',
      };
    }
    const seen = observed && { mode: observed.mode, owner: observed.owner };
    if (spec.state !== 'absent') {
      return compareFields(fieldsOf(spec), seen);
    }
    const change = compareFields(undefined, seen);
    if (change.action !== 'delete') return change;
    const entries = observed?.entries ?? 0;
    const isEmptyThen = willBeEmpty(path, entries, now);
    if (isEmptyThen === true) return change;
    const holds = observed?.holds ?? 'nothing yet';
    if (isEmptyThen === 'unknown') return { ...change, notes: [`It holds ${holds}. ${notEmpty}`] };
    if (spec.undeclared) return { action: 'none' };
    return {
      action: 'blocked',
      what: `${path} is not empty.`,
      why: `It holds ${holds}, and hadeploy removes no directory with what is in it.`,
      mend: 'Empty it on the host, or declare what is in it as absent before it.',
    };
  },

  apply(spec, change) {
    const path = access.plainPath(spec.path);
    if (change.action === 'delete') {
      const script = spec.undeclared
        ? sh`rmdir -- ${path} 2>/dev/null || [ -n "$(ls -A -- ${path})" ]`
        : sh`rmdir -- ${path}`;
      return [{ do: 'run', what: `remove the directory ${path}`, script }];
    }
    const owner = access.wantedOwner(spec);
    const mode = access.fullMode(spec.mode ?? '0755');
    // GNU chmod leaves setuid and setgid of a directory as they are unless it is given five digits.
    const settle = sh`chown -- ${owner} ${path} && chmod -- ${`0${mode}`} ${path}`;
    if (change.action === 'update') return [{ do: 'run', what: `set owner and mode of ${path}`, script: settle }];
    // A package that an earlier task installed may have brought it.
    const script = sh`umask 022 && mkdir -p -- ${dirname(path)} && { [ -d ${path} ] || mkdir -m 0700 -- ${path}; } && ${settle}`;
    return [{ do: 'run', what: `make the directory ${path}`, script }];
  },

  brings: ({ path }, change) => placeMarks(access.plainPath(path), change),

  absent: (spec) => ({ path: spec.path, state: 'absent', undeclared: true }),

  former({ path }, observed) {
    if (isFault(observed)) return { lost: observed.fault };
    if (observed === undefined) return { spec: { path, state: 'absent', undeclared: true } };
    if (observed.type !== 'directory') return { lost: `a ${observed.type} stood there` };
    return { spec: { path, mode: observed.mode, ...access.ownerParts(observed.owner) } };
  },
};

/** The fields of a directory as they shall be. */
function fieldsOf(spec: DirectorySpec): { readonly mode: string; readonly owner: string } {
  return { mode: access.fullMode(spec.mode ?? '0755'), owner: access.wantedOwner(spec) };
}
