import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { sshConfigFault, sshConfigUnread } from './faults.ts';
import { slots } from './slots.ts';

/** What ssh_config says for one host, as `ssh -G` works it out. */
export interface SshConfig {
  readonly hostName: string;
  readonly user: string;
  readonly port: number;
  readonly hostKeyAlias?: string;
  /** Undefined when only the defaults of OpenSSH stand there. */
  readonly identityFiles?: readonly string[];
  readonly identitiesOnly: boolean;
  readonly identityAgent?: string;
  readonly jump: readonly string[];
  readonly proxyCommand?: string;
  readonly knownHostsFiles: readonly string[];
  readonly hostKeys: 'strict' | 'accept-new';
  readonly connectTimeoutS?: number;
}

/** Reads ssh_config for an address; undefined when no file there says anything that matters here. `host` is for faults. */
export type SshConfigReader = (
  address: string,
  user: string | undefined,
  port: number | undefined,
  host: string,
) => Promise<SshConfig | undefined>;

const relevant =
  /^\s*(hostname|user|port|identityfile|identitiesonly|identityagent|proxyjump|proxycommand|userknownhostsfile|globalknownhostsfile|stricthostkeychecking|connecttimeout|hostkeyalias|match|include)\b/im;
const systemFile = '/etc/ssh/ssh_config';
const systemFolder = '/etc/ssh/ssh_config.d';

/** A reader that asks the installed `ssh`, a few hosts at once (13 ms each), and not at all where no file says anything. */
export function sshConfigReader(
  home: string,
  warn: (warning: Diagnostic) => void,
  program: string = 'ssh',
): SshConfigReader {
  const userFile = join(home, '.ssh', 'config');
  const answers = new Map<string, Promise<SshConfig | undefined>>();
  const atOnce = slots(4);
  let matters: boolean | undefined;
  let isMissing = false;

  async function ask(address: string, user: string | undefined, port: number | undefined, host: string) {
    // ssh takes the home from the password file, so another home must be named; then system files do not count.
    const foreign = home === userInfo().homedir ? [] : ['-F', existsSync(userFile) ? userFile : '/dev/null'];
    const explicit = [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)])];
    const answer = await run(program, ['-G', ...foreign, ...explicit, '--', address]);
    if (answer.code === 0) return parseSshG(answer.stdout, address, home);
    if (answer.code !== 'ENOENT') throw new Refusal([sshConfigFault(host, address, answer.stderr)]);
    if (!isMissing) warn(sshConfigUnread(userFile));
    isMissing = true;
    return undefined;
  }

  return async (address, user, port, host) => {
    matters ??= saysSomething(userFile);
    if (!matters || isMissing) return undefined;
    const key = JSON.stringify([address, user, port]);
    const answer = answers.get(key) ?? atOnce(() => ask(address, user, port, host));
    answers.set(key, answer);
    return answer;
  };
}

function saysSomething(userFile: string): boolean {
  const extra = existsSync(systemFolder) ? readdirSync(systemFolder).filter((name) => name.endsWith('.conf')) : [];
  const system = [systemFile, ...extra.map((name) => join(systemFolder, name))];
  const text = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  // The usual Include of the folder above is no news: its files are looked at here.
  const known = (line: string) => line.replace(/^\s*Include\s+\/etc\/ssh\/ssh_config\.d\/\*\.conf\s*$/gim, '');
  return relevant.test(text(userFile)) || system.some((file) => relevant.test(known(text(file))));
}

function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly code: number | string; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 10_000, maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 'killed') : 0, stdout, stderr });
    });
  });
}

/** Reads the `keyword value` lines that `ssh -G` prints. */
export function parseSshG(text: string, address: string, home: string): SshConfig {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf(' ');
    return at < 0 ? [] : [[line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const];
  });
  const one = (key: string) => {
    const value = pairs.find(([name]) => name === key)?.[1];
    return value === 'none' || value === '' ? undefined : value;
  };
  const hostName = one('hostname') ?? address;
  const port = Number(one('port') ?? 22);
  const user = one('user') ?? userInfo().username;
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: home,
    h: hostName,
    n: address,
    p: String(port),
    r: user,
    u: userInfo().username,
    k: one('hostkeyalias') ?? hostName,
    i: String(userInfo().uid),
  };
  const expand = (path: string) =>
    path.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole).replace(/^~(?=\/)/, home);
  const words = (key: string) => (one(key) ?? '').split(/\s+/).filter(Boolean).map(expand);
  const alias = one('hostkeyalias');
  const agent = pairs.find(([name]) => name === 'identityagent')?.[1];
  const command = one('proxycommand');
  const timeout = Number(one('connecttimeout') ?? 0);
  const files = pairs.filter(([name]) => name === 'identityfile').map(([, path]) => path);
  const isDefault =
    files.every((path) => /^~\/\.ssh\/id_(rsa|dsa|ecdsa|ed25519|xmss|ecdsa_sk|ed25519_sk)$/.test(path)) &&
    files.length > 1;
  return {
    hostName,
    user,
    port,
    ...(alias === undefined ? {} : { hostKeyAlias: alias }),
    ...(isDefault || files.length === 0 ? {} : { identityFiles: files.filter((path) => path !== 'none').map(expand) }),
    identitiesOnly: one('identitiesonly') === 'yes',
    ...(agent === undefined ? {} : { identityAgent: expand(agent) }),
    jump: (one('proxyjump') ?? '').split(',').filter(Boolean).map(expand),
    ...(command === undefined ? {} : { proxyCommand: command }),
    knownHostsFiles: [...words('userknownhostsfile'), ...words('globalknownhostsfile')],
    hostKeys: ['accept-new', 'off', 'no', 'false'].includes(one('stricthostkeychecking') ?? 'ask')
      ? 'accept-new'
      : 'strict',
    ...(timeout > 0 ? { connectTimeoutS: timeout } : {}),
  };
}
