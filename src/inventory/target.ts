import { type Diagnostic, type Place, type Result, result } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { Secret } from '../posix/secret.ts';
import { readSshArgs, type SshSetting } from './ssh-args.ts';

/** How to reach one host. Files are as written: `~/` is the user's home, a relative path counts from the working directory. */
export interface TargetVars {
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly privateKeyFile?: string;
  readonly knownHostsFile?: string;
  /** Jump hosts as `user@host:port`, first hop first. */
  readonly jump?: readonly string[];
  /** `strict` unless the inventory says `accept-new`. */
  readonly hostKeys: 'strict' | 'accept-new';
  /** Seconds; 10 when the inventory does not say. */
  readonly connectTimeoutS: number;
  /** Whether to act as root through sudo; left out when the inventory does not say. */
  readonly become?: boolean;
  readonly password?: Secret;
  readonly becomePassword?: Secret;
}

type Setting = SshSetting | 'address' | 'become' | 'password' | 'become_password';

/** Names under which each setting is known, the one that counts first. */
const NAMES: Readonly<Record<Setting, readonly string[]>> = {
  address: ['ansible_host', 'ansible_ssh_host', 'address'],
  port: ['ansible_port', 'ansible_ssh_port', 'port'],
  user: ['ansible_user', 'ansible_ssh_user', 'user'],
  private_key_file: ['ansible_ssh_private_key_file', 'ansible_private_key_file', 'private_key_file'],
  known_hosts_file: ['known_hosts_file'],
  jump: ['jump'],
  host_keys: ['host_keys'],
  become: ['ansible_become', 'become'],
  connect_timeout: ['ansible_ssh_timeout', 'ansible_timeout', 'connect_timeout'],
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  become_password: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'],
};
const SSH_ARGS = ['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args'];

/** Ansible's variables that mean something only one value of which holds here. */
const FIXED: Readonly<Record<string, { readonly allowed: readonly unknown[]; readonly mend: string }>> = {
  ansible_connection: {
    allowed: ['ssh', 'smart', 'paramiko', 'paramiko_ssh'],
    mend: 'Remove it: hadeploy reaches every host over SSH, the one it runs on as well.',
  },
  ansible_become_method: { allowed: ['sudo'], mend: 'Remove it: hadeploy becomes root through sudo.' },
  ansible_become_user: {
    allowed: ['root'],
    mend: 'Remove it: hadeploy becomes root; to act as another user, log in as it.',
  },
  ansible_shell_type: { allowed: ['sh'], mend: 'Remove it: scripts run in /bin/sh.' },
  ansible_host_key_checking: {
    allowed: [true],
    mend: 'Write "host_keys: accept-new" to trust hosts seen for the first time.',
  },
  ansible_ssh_host_key_checking: {
    allowed: [true],
    mend: 'Write "host_keys: accept-new" to trust hosts seen for the first time.',
  },
};
const KNOWN = [...Object.values(NAMES).flat(), ...SSH_ARGS, ...Object.keys(FIXED), 'ansible_python_interpreter'];

/** A setting as it was found: its value, the variable that gave it, and that variable's place. */
interface Given {
  readonly value: unknown;
  readonly name: string;
  readonly at: Place;
}

/**
 * The connection of a host from its rendered variables, under Ansible's names and under our own (`address`, `port`,
 * `user`, `private_key_file`, `known_hosts_file`, `jump`, `host_keys`, `become`, `connect_timeout`). Ansible's name wins.
 */
export function readTarget(
  host: string,
  vars: Readonly<Record<string, unknown>>,
  at: (name: string) => Place,
): Result<TargetVars> {
  const diagnostics: Diagnostic[] = [...unsupported(host, vars, at)];
  const given = collect(vars, at, diagnostics);
  const read = <T>(setting: Setting, parse: (value: unknown) => T | undefined, wanted: string): T | undefined => {
    const found = given.get(setting);
    if (!found) return undefined;
    const value = parse(found.value);
    if (value === undefined) diagnostics.push(badValue(host, found, wanted));
    return value;
  };
  const secret = (setting: Setting): Secret | undefined => {
    const found = given.get(setting);
    if (found && !(found.value instanceof Secret)) diagnostics.push(literalSecret(found));
    return read(setting, asSecret, 'a text');
  };
  const target = {
    address: read('address', asText, 'a host name or an address') ?? host,
    port: read('port', asPort, 'a number from 1 to 65535'),
    user: read('user', asText, 'the name of a user'),
    privateKeyFile: read('private_key_file', asText, 'the path of a file'),
    knownHostsFile: read('known_hosts_file', asText, 'the path of a file'),
    jump: read('jump', asJump, '"user@host:port", or a list of these, first hop first'),
    hostKeys: read('host_keys', asHostKeys, '"strict" or "accept-new"') ?? 'strict',
    connectTimeoutS: read('connect_timeout', asSeconds, 'a number of seconds') ?? 10,
    become: read('become', asBoolean, 'true or false'),
    password: secret('password'),
    becomePassword: secret('become_password'),
  };
  const isGiven = ([, value]: readonly [string, unknown]) => value !== undefined;
  return result(() => Object.fromEntries(Object.entries(target).filter(isGiven)) as unknown as TargetVars, diagnostics);
}

/** The settings that the variables give; what OpenSSH arguments say counts only where no variable does. */
function collect(
  vars: Readonly<Record<string, unknown>>,
  at: (name: string) => Place,
  diagnostics: Diagnostic[],
): ReadonlyMap<Setting, Given> {
  const given = new Map<Setting, Given>();
  for (const [setting, names] of Object.entries(NAMES)) {
    const name = names.find((one) => vars[one] !== undefined && vars[one] !== null);
    if (name !== undefined) given.set(setting as Setting, { value: vars[name], name, at: at(name) });
  }
  for (const name of SSH_ARGS) {
    const text = vars[name];
    if (text === undefined || text === null || text === '') continue;
    const args = typeof text === 'string' ? readSshArgs(text) : undefined;
    const refused = args ? args.refused : [String(text)];
    diagnostics.push(...refused.map((word) => refusedArgument(word, name, at(name))));
    for (const [setting, value] of args?.settings ?? []) {
      if (!given.has(setting)) given.set(setting, { value, name, at: at(name) });
    }
  }
  return given;
}

function unsupported(
  host: string,
  vars: Readonly<Record<string, unknown>>,
  at: (name: string) => Place,
): readonly Diagnostic[] {
  return Object.entries(vars).flatMap(([name, value]): Diagnostic[] => {
    const fixed = FIXED[name];
    if (fixed && !fixed.allowed.includes(value === 'true' || value === 'yes' ? true : value)) {
      const what = `${name} of ${host} cannot be "${String(value)}".`;
      return [{ code: 'unsupported-connection', severity: 'error', what, at: at(name), mend: fixed.mend }];
    }
    if (!name.startsWith('ansible_') || KNOWN.includes(name)) return [];
    const near = nearest(name, KNOWN);
    if (near === undefined) return [];
    const what = `${name} of ${host} is not a connection variable.`;
    return [{ code: 'unknown-connection', severity: 'warning', what, at: at(name), mend: `Did you mean "${near}"?` }];
  });
}

function asText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' && !/[\n\0]/.test(text) ? text : undefined;
}

function asPort(value: unknown): number | undefined {
  const port = /^\d{1,5}$/.test(String(value)) ? Number(value) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}

function asSeconds(value: unknown): number | undefined {
  const seconds = /^\d+(?:\.\d+)?$/.test(String(value)) ? Number(value) : 0;
  return seconds > 0 ? seconds : undefined;
}

function asHostKeys(value: unknown): TargetVars['hostKeys'] | undefined {
  return value === 'strict' || value === 'accept-new' ? value : undefined;
}

/** The words that Ansible takes for truth values. */
function asBoolean(value: unknown): boolean | undefined {
  const word = String(value).toLowerCase();
  if (/^(?:true|yes|on|1|y|t)$/.test(word)) return true;
  return /^(?:false|no|off|0|n|f)$/.test(word) ? false : undefined;
}

function asSecret(value: unknown): Secret | undefined {
  if (value instanceof Secret) return value;
  return typeof value === 'string' || typeof value === 'number' ? new Secret(String(value)) : undefined;
}

function asJump(value: unknown): readonly string[] | undefined {
  const hops = typeof value === 'string' ? value.split(',').map((hop) => hop.trim()) : value;
  const isHop = (hop: unknown) =>
    typeof hop === 'string' && /^(?:[^@\s]+@)?(?:\[[^\]\s]+\]|[^\s:@[\]]+)(?::\d+)?$/.test(hop);
  return Array.isArray(hops) && hops.length > 0 && hops.every(isHop) ? hops : undefined;
}

function badValue(host: string, { name, at }: Given, wanted: string): Diagnostic {
  return { code: 'bad-connection', severity: 'error', what: `${name} of ${host} must be ${wanted}.`, at };
}

function literalSecret({ name, at }: Given): Diagnostic {
  const what = `${name} stands in the inventory as plain text.`;
  const mend = 'Use a key to log in, and let hadeploy ask for the sudo password or sudo without one.';
  return { code: 'literal-secret', severity: 'warning', what, at: { ...at, secret: true }, mend };
}

function refusedArgument(word: string, name: string, at: Place): Diagnostic {
  const isProxy = /proxycommand/i.test(word);
  const what = `The SSH argument "${word}" in ${name} is not supported.`;
  const mend = isProxy
    ? 'Name the jump hosts in place of a command: "jump: user@host:port".'
    : 'Use port, user, private_key_file, known_hosts_file, jump, host_keys or connect_timeout, or put it into ~/.ssh/config.';
  return { code: 'unsupported-ssh-argument', severity: 'error', what, at, mend };
}
