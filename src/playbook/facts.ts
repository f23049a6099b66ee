import type { Diagnostic, Place, Result } from '../diagnostics/diagnostic.ts';
import type { Answer } from '../posix/frame.ts';
import { type Script, sh, trusted } from '../posix/script.ts';
import type { Written } from './written.ts';

/** How the output of a probe becomes a value; `bool` reads the exit code (0 is true, 1 is false). */
export type FactType = 'string' | 'int' | 'float' | 'bool' | 'json' | 'lines';

export const factTypes: readonly FactType[] = ['string', 'int', 'float', 'bool', 'json', 'lines'];

/** A fact that every host is asked for. An empty answer to a `string` means the host has no such thing: null. */
export interface BuiltInFact {
  readonly name: string;
  readonly type: FactType;
  readonly description: string;
  readonly example: unknown;
  /** Facts that one program tells together have the same script, which runs once. */
  readonly script: Script;
  /** What of the answer the fact is; all of it when absent. */
  readonly pick?: (told: string) => string;
}

/** A fact that a play declares. */
export interface DeclaredFact {
  readonly name: string;
  readonly type: FactType;
  readonly command: Written;
  readonly at: Place;
}

/** A fact, the read-only script that finds it, and how its answer reads. */
export interface FactProbe {
  readonly name: string;
  readonly script: Script;
  parse(answer: Answer): Result<unknown>;
}

// Only the name may have spaces.
const names = sh`uname -n -r -m`;
const ofNames = (index: number) => (told: string) => /^(.*) (\S+) (\S+)$/.exec(told.trim())?.[index] ?? '';
const release = sh`for f in /etc/os-release /usr/lib/os-release; do [ -r "$f" ] && { . "$f"; break; }; done
printf '%s\n' "$ID" "$VERSION_ID" "$VERSION_CODENAME"`;
const lineOf = (index: number) => (told: string) => told.split('\n')[index] ?? '';
const route = sh`ip -4 route get 192.0.2.1 2>/dev/null || :`;
const wordAfter = (name: string) => (told: string) => {
  const words = told.split(/\s+/);
  return words[words.indexOf(name) + 1 || words.length] ?? '';
};

/**
 * The facts of every host. None of them may change because of what hadeploy installs (a Docker version would): a value
 * that a run itself changes would make the next plan differ from this one.
 */
export const builtInFacts: readonly BuiltInFact[] = [
  fact('hostname', 'string', 'Name of the host, as its kernel has it.', 'mon-a', names, ofNames(1)),
  fact('os_id', 'string', 'Distribution, as `ID` of os-release.', 'debian', release, lineOf(0)),
  fact('os_version', 'string', '`VERSION_ID` of os-release.', '12', release, lineOf(1)),
  fact('os_codename', 'string', '`VERSION_CODENAME` of os-release.', 'bookworm', release, lineOf(2)),
  fact('arch', 'string', 'Machine, as `uname -m` has it.', 'x86_64', names, ofNames(3)),
  fact('kernel', 'string', 'Release of the running kernel.', '6.1.0-28-amd64', names, ofNames(2)),
  fact('cpus', 'int', 'Processors that are online.', 4, sh`getconf _NPROCESSORS_ONLN`),
  fact(
    'memory_mb',
    'int',
    'Memory in MiB.',
    7951,
    sh`while read -r k v _; do [ "$k" = MemTotal: ] && { echo $((v / 1024)); break; }; done </proc/meminfo; :`,
  ),
  fact(
    'service_manager',
    'string',
    '`systemd`, `openrc` or `other`.',
    'systemd',
    sh`if [ -d /run/systemd/system ]; then echo systemd; elif [ -x /sbin/openrc-run ]; then echo openrc; else echo other; fi`,
  ),
  fact(
    'package_manager',
    'string',
    '`apt`, `dnf`, `yum`, `apk`, `zypper` or `pacman`; null when there is none of them.',
    'apt',
    sh`for m in apt-get dnf yum apk zypper pacman; do command -v "$m" >/dev/null && { echo "\${m%-get}"; break; }; done; :`,
  ),
  fact('user', 'string', 'The login user, before any sudo.', 'deploy', sh`printf %s "\${SUDO_USER:-$(id -un)}"`),
  fact(
    'default_interface',
    'string',
    'Interface of the IPv4 default route; null without one.',
    'eth0',
    route,
    wordAfter('dev'),
  ),
  fact(
    'default_address',
    'string',
    'IPv4 address from which the host speaks over its default route; null without one.',
    '10.0.0.11',
    route,
    wordAfter('src'),
  ),
  fact(
    'addresses',
    'lines',
    'All addresses of global scope, sorted; a floating address is among them while the host holds it.',
    ['10.0.0.11', '172.17.0.1'],
    sh`ip -o addr show scope global 2>/dev/null || :`,
    (told) =>
      [...new Set(told.split('\n').map((line) => /^\S+ +\S+ +\S+ +([^ /]+)/.exec(line)?.[1] ?? ''))].sort().join('\n'),
  ),
];

function fact(
  name: string,
  type: FactType,
  description: string,
  example: unknown,
  script: Script,
  pick?: BuiltInFact['pick'],
): BuiltInFact {
  return { name, type, description, example, script, ...(pick && { pick }) };
}

/** The probe of a fact that every host is asked for. */
export function builtInProbe({ name, type, script, pick }: BuiltInFact): FactProbe {
  const label = `The fact "${name}"`;
  return {
    name,
    script,
    parse: (told) => {
      const answer = pick ? { ...told, stdout: pick(told.stdout) } : told;
      const empty = type === 'string' && answer.stdout.trim() === '';
      return empty ? { ok: true, value: null, warnings: [] } : readAnswer(label, type, answer, undefined);
    },
  };
}

/** The probe of a fact that a play declares; `command` is its command with all variables filled in. */
export function declaredProbe({ name, type, at }: DeclaredFact, command: string): FactProbe {
  return { name, script: trusted(command), parse: (answer) => readAnswer(`The fact "${name}"`, type, answer, at) };
}

function readAnswer(label: string, type: FactType, answer: Answer, at: Place | undefined): Result<unknown> {
  if (type === 'bool' && (answer.code === 0 || answer.code === 1)) return known(answer.code === 0);
  if (answer.code !== 0) {
    const wanted = type === 'bool' ? ', neither 0 (true) nor 1 (false)' : '';
    const what = `${label} could not be found out: its command ended with ${answer.code}${wanted}.`;
    return refused('fact-failed', what, answer, at, 'Make the command succeed on every host of the play.');
  }
  const text = answer.stdout.replace(/\n+$/, '');
  if (type === 'string') return known(text);
  if (type === 'lines') return known(text.split('\n').filter((line) => line !== ''));
  const value = type === 'json' ? parseJson(text) : parseNumber(text.trim(), type);
  if (value !== undefined) return known(value);
  // Anything longer may be a secret.
  const printed = text.length <= 12 ? `"${text}"` : `${text.length} characters that are none`;
  const what = `${label} should be ${nouns[type]}, but its command printed ${printed}.`;
  return refused('fact-type', what, answer, at, `Print ${nouns[type]} only, or declare another \`type\`.`);
}

const nouns: Readonly<Record<FactType, string>> = {
  string: 'text',
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  json: 'JSON',
  lines: 'lines',
};

function known(value: unknown): Result<unknown> {
  return { ok: true, value, warnings: [] };
}

function refused(code: string, what: string, answer: Answer, at: Place | undefined, mend: string): Result<unknown> {
  const output = answer.stderr.trim().slice(0, 2000);
  const fault: Diagnostic = {
    code,
    severity: 'error',
    what,
    mend,
    ...(at && { at }),
    ...(output !== '' && { output }),
  };
  return { ok: false, faults: [fault] };
}

function parseNumber(text: string, type: FactType): number | undefined {
  const shape = type === 'int' ? /^[-+]?[0-9]+$/ : /^[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?$/;
  const value = Number(text);
  return shape.test(text) && Number.isFinite(value) && (type !== 'int' || Number.isSafeInteger(value))
    ? value
    : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
