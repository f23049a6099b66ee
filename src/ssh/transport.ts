import type { NodeSSH } from 'node-ssh';
import { type Diagnostic, Refusal } from '../diagnostics/diagnostic.ts';
import { lending } from '../run/lend.ts';
import type { Connection, Target, Transport } from '../run/ports.ts';
import { connectionOver } from './connection.ts';
import type { Unreachable } from './faults.ts';
import { hostKeys } from './host-keys.ts';
import { intakeOf } from './intake.ts';
import { jumps } from './jumps.ts';
import { keyFiles, type Prompt } from './key-files.ts';
import { agentKeys, keyringFor } from './keyring.ts';
import { open, type Tools } from './open.ts';
import { type Hop, route } from './settings.ts';
import { slots, slotsByKey } from './slots.ts';
import { NoWay } from './socket.ts';
import { sshConfigReader } from './ssh-config.ts';

/** What the transport takes from its surroundings. */
export interface SshOptions {
  /** The home whose `.ssh` counts. */
  readonly home: string;
  /** For SSH_AUTH_SOCK. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Asks for the passphrase of a key file; absent where there is no terminal. */
  readonly prompt?: Prompt;
  /** Connections being opened at once, 50 when absent. */
  readonly maxStarts?: number;
  /** Told of what does not stop a run; each warning comes once. */
  readonly onWarning?: (warning: Diagnostic) => void;
}

/** Bytes of output of all hosts together that may be held at once. */
const outputInAll = 48 << 20;
/** Bytes that each may say in any case. */
const outputFair = 4 << 20;
/** One sshd drops logins at random from the eleventh half-open one on (MaxStartups 10:30:100). */
const startsPerServer = 8;
/** Milliseconds after which a server that has not greeted us holds up no other host; one that has may be slow from too many. */
const lentForMs = 1000;
/** How often a login is tried, by what stood in its way; everything else is tried once. */
const tries: Partial<Readonly<Record<Unreachable, number>>> = { cut: 3, refused: 2, unreachable: 2 };
const firstPauseMs = 250;

/** Connections over SSH. Keys, known_hosts, agents and jump hosts are shared by all connections of one transport. */
export function sshTransport(options: SshOptions): Transport {
  const around = { home: options.home, env: options.env ?? {} };
  const readConfig = sshConfigReader(options.home, options.onWarning ?? (() => {}));
  const load = keyFiles(options.prompt);
  const askAgent = agentKeys();
  const tools: Tools = { hostKeys: hostKeys(), keyring: (hop) => keyringFor(hop, load, askAgent) };
  const starting = lending(slots(options.maxStarts ?? 50), lentForMs);
  const startingAt = slotsByKey(startsPerServer);
  const intake = intakeOf(outputInAll, outputFair);

  async function logIn(hops: readonly Hop[], signal: AbortSignal, meanwhile?: () => void): Promise<NodeSSH> {
    const hop = hops.at(-1)!;
    if (hops.length === 1) {
      const door = startingAt(`${hop.address}:${hop.port}`);
      return patiently(
        () => door(() => starting((keep) => open(hop, undefined, tools, signal, keep, meanwhile))),
        signal,
      );
    }
    return patiently(() => through(hops, hop, signal), signal);
  }

  async function through(hops: readonly Hop[], hop: Hop, signal: AbortSignal): Promise<NodeSSH> {
    // The way to the jump host has had its own tries, so what failed there is no NoWay any more.
    const jump = await share(hops.slice(0, -1), signal).catch((error: unknown) => {
      throw error instanceof NoWay ? new Refusal(error.diagnostics) : error;
    });
    try {
      const ssh = await jump.opening(() => starting((keep) => open(hop, jump.client, tools, signal, keep)));
      ssh.connection!.once('close', jump.leave);
      return ssh;
    } catch (error) {
      jump.leave();
      throw error;
    }
  }

  const share = jumps(logIn);

  /** A shared jump host fails for all behind it; each gets the fault under its own name. */
  async function logInFor(
    target: Target,
    hops: readonly Hop[],
    signal: AbortSignal,
    meanwhile?: () => void,
  ): Promise<NodeSSH> {
    try {
      return await logIn(hops, signal, meanwhile);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(error.diagnostics.map((one) => ({ ...one, host: target.host })));
    }
  }

  return {
    async connect(target: Target, signal: AbortSignal, meanwhile?: () => void): Promise<Connection> {
      const hops = await route(target, around, readConfig);
      const another = () => logInFor(target, hops, signal);
      const who = { host: target.host, user: hops.at(-1)!.user };
      return connectionOver(await logInFor(target, hops, signal, meanwhile), who, target.becomePassword, {
        intake,
        another,
      });
    },
  };
}

/** Tries again, after a pause of random length, what may have failed by chance. */
async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const most = error instanceof NoWay ? (tries[error.kind] ?? 1) : 1;
      if (attempt >= most || signal.aborted) throw error;
      await pause(firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random()), signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
