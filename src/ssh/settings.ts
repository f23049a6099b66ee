import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../diagnostics/diagnostic.ts';
import type { Secret } from '../posix/secret.ts';
import type { Target } from '../run/ports.ts';
import { proxyCommandFault } from './faults.ts';
import type { SshConfig, SshConfigReader } from './ssh-config.ts';

/** One login on the way to a host (the host itself, or a jump host before it), with nothing left open. */
export interface Hop {
  /** Name of the host in the inventory: the one that faults are about. */
  readonly host: string;
  /** For people: `root@10.0.0.1:22`, or `jump host root@10.0.0.9:22`. */
  readonly label: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The name to look for in known_hosts. */
  readonly knownAs: string;
  readonly knownHostsFiles: readonly string[];
  readonly hostKeys: 'strict' | 'accept-new';
  /** Key files to try. */
  readonly identityFiles: readonly string[];
  /** Whether somebody named them: then they are tried before the agent's keys. */
  readonly identityNamed: boolean;
  /** The inventory names this key file, so it must be there. */
  readonly requiredKeyFile: string | undefined;
  readonly identitiesOnly: boolean;
  readonly agentSocket: string | undefined;
  readonly password: Secret | undefined;
  readonly timeoutMs: number;
}

/** What the machine offers where neither inventory nor ssh_config say. */
export interface Surroundings {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const defaultTimeoutS = 10;
/** Jump hosts that jump themselves end here: such a chain is a circle. */
const longestChain = 8;

/** The logins from here to a host, first jump host first. Words of the inventory win over ssh_config, ssh_config over defaults. */
export async function route(target: Target, around: Surroundings, read: SshConfigReader): Promise<readonly Hop[]> {
  return hops(target, 0);

  async function hops(asked: Target, depth: number): Promise<readonly Hop[]> {
    const config = await read(asked.address, asked.user, asked.port, target.host);
    if (config?.proxyCommand && asked.jump === undefined)
      throw new Refusal([proxyCommandFault(target.host, asked.address, config.proxyCommand)]);
    const jumps = asked.jump ?? config?.jump ?? [];
    const before = depth < longestChain ? await chain(jumps, depth + 1) : [];
    return [...before, depth === 0 ? lastHop(asked, config, around) : jumpHop(asked, target, config, around)];
  }

  async function chain(jumps: readonly string[], depth: number): Promise<readonly Hop[]> {
    const found: Hop[] = [];
    for (const [index, jump] of jumps.entries()) {
      // Only the first of a list may have a jump host of its own; the others are reached through the one before.
      found.push(...(await hops({ host: target.host, ...jumpParts(jump), ...(index > 0 ? { jump: [] } : {}) }, depth)));
    }
    return found;
  }
}

/** A jump host follows its own ssh_config; the target's key and known_hosts come in where that says nothing. */
function jumpHop(asked: Target, target: Target, config: SshConfig | undefined, around: Surroundings): Hop {
  const { hostKeys, knownHostsFile, privateKeyFile, connectTimeoutS } = target;
  const hop = lastHop(
    {
      ...asked,
      ...(hostKeys === undefined ? {} : { hostKeys }),
      ...(knownHostsFile === undefined ? {} : { knownHostsFile }),
      ...(connectTimeoutS === undefined ? {} : { connectTimeoutS }),
    },
    config,
    around,
  );
  const key = privateKeyFile === undefined || config?.identityFiles ? [] : [expandHome(privateKeyFile, around)];
  return { ...hop, label: `jump host ${hop.label}`, identityFiles: [...key, ...hop.identityFiles] };
}

function lastHop(asked: Target, config: SshConfig | undefined, around: Surroundings): Hop {
  const path = (file: string) => expandHome(file, around);
  const { address: given, privateKeyFile, knownHostsFile } = asked;
  const address = config?.hostName ?? given;
  const port = asked.port ?? config?.port ?? 22;
  const user = asked.user ?? config?.user ?? userInfo().username;
  const named = privateKeyFile === undefined ? config?.identityFiles : [privateKeyFile];
  const usual = [join(around.home, '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'];
  const knownHosts = knownHostsFile === undefined ? (config?.knownHostsFiles ?? usual) : [knownHostsFile];
  return {
    host: asked.host,
    label: `${user}@${address.includes(':') ? `[${address}]` : address}:${port}`,
    address,
    port,
    user,
    knownAs: config?.hostKeyAlias ?? address,
    knownHostsFiles: knownHosts.map(path),
    hostKeys: asked.hostKeys ?? config?.hostKeys ?? 'strict',
    identityFiles: named?.map(path) ?? defaultKeyFiles(around),
    identityNamed: named !== undefined,
    requiredKeyFile: privateKeyFile === undefined ? undefined : path(privateKeyFile),
    identitiesOnly: config?.identitiesOnly ?? false,
    agentSocket: agentSocket(config?.identityAgent, around),
    password: asked.password,
    timeoutMs: (asked.connectTimeoutS ?? config?.connectTimeoutS ?? defaultTimeoutS) * 1000,
  };
}

function defaultKeyFiles({ home }: Surroundings): readonly string[] {
  return ['id_ed25519', 'id_ecdsa', 'id_rsa']
    .map((name) => join(home, '.ssh', name))
    .filter((file) => existsSync(file));
}

function expandHome(file: string, { home }: Surroundings): string {
  return file.startsWith('~/') ? join(home, file.slice(2)) : file;
}

function agentSocket(word: string | undefined, { env, home }: Surroundings): string | undefined {
  if (word === 'none') return undefined;
  if (word === undefined || word === 'SSH_AUTH_SOCK') return env['SSH_AUTH_SOCK'] || undefined;
  if (word.startsWith('$')) return env[word.replace(/[${}]/g, '')] || undefined;
  return word.startsWith('~/') ? join(home, word.slice(2)) : word;
}

/** Takes `user@host:port` apart; user and port may be missing, an IPv6 address stands in brackets, `ssh://` may lead. */
export function jumpParts(jump: string): { readonly address: string; readonly user?: string; readonly port?: number } {
  const text = jump.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const at = text.lastIndexOf('@');
  const rest = text.slice(at + 1);
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(rest) ?? /^([^:]+)(?::(\d+))?$/.exec(rest);
  const port = match?.[2];
  return {
    address: match?.[1] ?? rest,
    ...(at > 0 ? { user: text.slice(0, at) } : {}),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
