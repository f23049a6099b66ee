import { type Script, sh } from '../posix/script.ts';

/** Schema of a mode; always text, since YAML reads a bare 0644 as the number 644. */
export const modeSchema = {
  type: 'string',
  pattern: '^[0-7]{3,4}$',
  description: 'Permissions as octal digits in quotes.',
  examples: ['0644', '0750'],
} as const;

/** Schema of an owner or group: a name or a number. */
export const principalSchema = {
  anyOf: [
    { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@-]*\\$?$' },
    { type: 'integer', minimum: 0 },
  ],
} as const;

/** Schema of a path: absolute, and plain so that one file has one name. */
export const pathSchema = {
  type: 'string',
  pattern: '^/(?!(.*/)?\\.\\.?(/|$))',
  description: 'Absolute path on the host, without `.` or `..`.',
} as const;

/** What a spec says about who may do what; `owner` and `group` are root when not given. */
export interface OwnerMode {
  readonly mode?: string | undefined;
  readonly owner?: string | number | undefined;
  readonly group?: string | number | undefined;
}

/** What stands at a path. */
export interface Stat {
  readonly type: 'file' | 'directory' | 'symlink' | 'special file';
  readonly size: number;
  /** Four octal digits. */
  readonly mode: string;
  readonly uid: string;
  readonly gid: string;
  readonly user: string;
  readonly group: string;
}

/** A path without repeated or trailing slashes. */
export function plainPath(path: string): string {
  if (!path.includes('//') && !path.endsWith('/')) return path;
  return path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
}

/** Four octal digits. */
export function fullMode(mode: string): string {
  return mode.padStart(4, '0');
}

/** Prints one line about a path for `readStat`, size first; says on stderr in English why it cannot. */
export function stat(path: string | Script): Script {
  return sh`LC_ALL=C stat -c '%s %f %u %g %U|%G' -- ${path}`;
}

/** Prints the same about where a symlink leads. */
export function statTarget(path: string): Script {
  return sh`LC_ALL=C stat -L -c '%s %f %u %g %U|%G' -- ${path}`;
}

/** Reads a line of `stat`; undefined when it is none. */
export function readStat(line: string | undefined): Stat | undefined {
  const found = /^(\d+) ([0-9a-f]+) (\d+) (\d+) (.*)\|(.*)$/.exec(line ?? '');
  if (found === null) return undefined;
  const [, size, raw, uid, gid, user, group] = found as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const bits = Number.parseInt(raw, 16);
  const mode = fullMode((bits & 0o7777).toString(8));
  return { type: typeOf(bits), size: Number(size), mode, uid, gid, user, group };
}

/** Whether `stat` failed because nothing is there, rather than because it may not look. */
export function saysAbsent(stderr: string): boolean {
  return stderr.includes('No such file or directory');
}

/** `user:group` as desired; root where the spec is silent. */
export function wantedOwner(spec: OwnerMode): string {
  const { owner = 'root', group = 'root' } = spec;
  return owner === 'root' && group === 'root' ? 'root:root' : `${owner}:${group}`;
}

/** `user:group` as observed, each as a number where the spec gives a number or the host knows no name. */
export function seenOwner(seen: Stat, spec: OwnerMode): string {
  const one = (wanted: string | number | undefined, name: string, id: string): string =>
    /^\d+$/.test(String(wanted ?? 'root')) || name === 'UNKNOWN' ? id : name;
  return `${one(spec.owner, seen.user, seen.uid)}:${one(spec.group, seen.group, seen.gid)}`;
}

/** `user:group` as the two fields of a spec. */
export function ownerParts(owner: string): { readonly owner: string; readonly group: string } {
  const [user, group] = owner.split(':', 2) as [string, string];
  return { owner: user, group };
}

// The type bits of st_mode, from stat(2).
function typeOf(bits: number): Stat['type'] {
  const type = bits & 0o170000;
  if (type === 0o100000) return 'file';
  if (type === 0o040000) return 'directory';
  return type === 0o120000 ? 'symlink' : 'special file';
}
