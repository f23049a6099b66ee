import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { NodeSSH } from 'node-ssh';
import type { Client } from 'ssh2';
import { Refusal } from '../diagnostics/diagnostic.ts';
import { algorithmsFor } from './algorithms.ts';
import { type Deadline, deadline } from './deadline.ts';
import { fault, hostKeyFault, noCommonAlgorithmFault, notSshFault } from './faults.ts';
import type { HostKeyCheck, HostKeys } from './host-keys.ts';
import type { Keyring } from './keyring.ts';
import { type Login, loginFor } from './login.ts';
import type { Hop } from './settings.ts';
import { shorten } from './shortcuts.ts';
import { NoWay, noWay, reach } from './socket.ts';

/** What every login of a run shares. */
export interface Tools {
  readonly hostKeys: HostKeys;
  keyring(hop: Hop): Promise<Keyring>;
}

/** Seconds between keepalives and how many may stay without an answer: a dead peer is noticed within a minute. */
const keepalive = { keepaliveInterval: 15_000, keepaliveCountMax: 3 };

/** How far a login came; it decides what its end means. */
interface Progress {
  greeting: Buffer;
  isSsh: boolean;
  /** The server has proved its key, and the login proper has begun. */
  isProved: boolean;
  isLate: boolean;
}

/**
 * One login, from the first packet to an authenticated session; rejects with a Refusal (NoWay where trying again may
 * help). `greeted` is told once the server has said that it speaks SSH.
 */
export async function open(
  hop: Hop,
  via: Client | undefined,
  tools: Tools,
  signal: AbortSignal,
  greeted: () => void,
  meanwhile?: () => void,
): Promise<NodeSSH> {
  const progress: Progress = { greeting: Buffer.alloc(0), isSsh: false, isProved: false, isLate: false };
  const abandon = new AbortController();
  const end = () => abandon.abort();
  const limit = deadline(hop.timeoutMs, () => {
    progress.isLate = true;
    end();
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const abandoned = new Promise<never>((_, reject) => {
      abandon.signal.addEventListener('abort', () => reject(new Error('abandoned')), { once: true });
    });
    abandoned.catch(() => {});
    if (abandon.signal.aborted) throw new Error('abandoned');
    return await Promise.race([
      attempt(hop, via, tools, { progress, limit, abandoned: abandon.signal, greeted, meanwhile }),
      abandoned,
    ]);
  } catch (error) {
    if (signal.aborted) throw new Refusal([interruptedFault(hop)]);
    if (progress.isLate) throw new NoWay(hop, 'silent', lateText(progress));
    throw error;
  } finally {
    limit.cancel();
    signal.removeEventListener('abort', end);
  }
}

async function attempt(
  hop: Hop,
  via: Client | undefined,
  tools: Tools,
  run: {
    readonly progress: Progress;
    readonly limit: Deadline;
    readonly abandoned: AbortSignal;
    readonly greeted: () => void;
    readonly meanwhile: (() => void) | undefined;
  },
): Promise<NodeSSH> {
  const { progress, limit, abandoned } = run;
  const check = tools.hostKeys.checkFor(hop);
  const keyring = await limit.during(() => tools.keyring(hop));
  const login = loginFor(hop, keyring, limit.during);
  const sock = await reach(hop, via, abandoned);
  if (abandoned.aborted) sock.destroy();
  const drop = () => sock.destroy();
  abandoned.addEventListener('abort', drop, { once: true });
  const ssh = new NodeSSH();
  const done = ssh.connect({
    sock: sock as never,
    username: hop.user,
    hostVerifier: check.verify,
    authHandler: login.handler,
    algorithms: algorithmsFor(check.types),
    readyTimeout: 0,
    ...keepalive,
  });
  const client = ssh.connection!;
  shorten(client, keyring.keys);
  // node-ssh takes its own listener away after the login; without one, a reset connection would end the process.
  let cause: Error | undefined;
  client.on('error', (error) => {
    cause ??= error;
  });
  client.setMaxListeners(0);
  let remembering: unknown;
  client.once('handshake', () => {
    progress.isProved = true;
    try {
      check.remember();
    } catch (error) {
      remembering = error;
      sock.destroy();
    }
  });
  watchGreeting(sock, progress, run.greeted);
  try {
    // What we have to say first has gone out by the next turn of the loop.
    await Promise.all([done, turn().then(run.meanwhile)]);
    return ssh;
  } catch (error) {
    sock.destroy();
    throw remembering ?? explain(hop, cause ?? (error as Error), { progress, check, login });
  } finally {
    abandoned.removeEventListener('abort', drop);
  }
}

/** Keeps the first bytes that the server sends. ssh2 has paused the stream, so listening does not start it. */
function watchGreeting(sock: Duplex, progress: Progress, greeted: () => void): void {
  const look = (chunk: Buffer) => {
    progress.greeting = Buffer.concat([progress.greeting, chunk]).subarray(0, 512);
    progress.isSsh ||= /(^|\n)SSH-/.test(progress.greeting.toString('latin1'));
    if (progress.isSsh) greeted();
    if (progress.isSsh || progress.greeting.length >= 512) sock.off('data', look);
  };
  sock.on('data', look);
}

function explain(
  hop: Hop,
  error: Error & { readonly level?: string; readonly code?: string },
  { progress, check, login }: { readonly progress: Progress; readonly check: HostKeyCheck; readonly login: Login },
): Refusal {
  const refused = check.refused();
  if (refused) return new Refusal([hostKeyFault(hop, refused.verdict, refused.key)]);
  const { message } = error;
  if (!progress.isSsh && progress.greeting.length > 0 && !isMaxStartups(progress)) {
    return new Refusal([notSshFault(hop, progress.greeting.toString('latin1'))]);
  }
  if (/no matching/i.test(message)) return new Refusal([noCommonAlgorithmFault(hop, message)]);
  if (progress.isProved) {
    if (/authentication/i.test(message) || error.level === 'client-authentication')
      return new Refusal([login.fault(message)]);
    return isCut(error) ? new NoWay(hop, 'cut', message) : new Refusal([failedFault(hop, message)]);
  }
  if (error.level === 'client-socket') return noWay(hop, error);
  return isCut(error) || isMaxStartups(progress)
    ? new NoWay(hop, 'cut', message)
    : new Refusal([failedFault(hop, message)]);
}

function isCut(error: Error): boolean {
  return /lost before handshake|ECONNRESET|EPIPE|No response from server|ended by peer/i.test(error.message);
}

/** OpenSSH says so, outside the protocol, when it drops a login because too many are open. */
function isMaxStartups({ greeting }: Progress): boolean {
  return /exceeded maxstartups|not allowed at this time/i.test(greeting.toString('latin1'));
}

function lateText({ isSsh, greeting, isProved }: Progress): string {
  if (isProved) return 'The login itself hung.';
  if (isSsh) return 'It greeted us and then fell silent.';
  return greeting.length > 0
    ? 'It speaks, but not SSH.'
    : 'No answer came: a firewall drops packets, or the host is down.';
}

function failedFault(hop: Hop, detail: string) {
  return fault('ssh-failed', hop.host, {
    what: `The SSH connection to ${hop.label} failed.`,
    why: `The SSH library says: ${detail}.`,
    mend: `Try \`ssh -v -p ${hop.port} ${hop.user}@${hop.address}\`; the log of sshd on the host says more.`,
  });
}

function interruptedFault(hop: Hop) {
  return fault('interrupted', hop.host, {
    what: `Connecting to ${hop.label} was interrupted.`,
    mend: 'Run the same command again.',
  });
}
