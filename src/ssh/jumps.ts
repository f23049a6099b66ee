import type { NodeSSH } from 'node-ssh';
import type { Client } from 'ssh2';
import { type Limit, lending } from '../run/lend.ts';
import type { Hop } from './settings.ts';
import { slots } from './slots.ts';

/** A login on a jump host that several hosts share. */
export interface SharedJump {
  readonly client: Client;
  /** Bounds the logins that are being opened through it at once. */
  readonly opening: Limit;
  /** The last one to leave closes the connection. */
  leave(): void;
}

interface Entry {
  users: number;
  readonly connection: Promise<NodeSSH>;
  readonly opening: Limit;
}

/** Logins through one jump host at once: its sshd opens the onward connections one process wide. */
const opensAtOnce = 8;
/** Milliseconds after which a host behind it that does not answer holds up no other. */
const lentForMs = 1000;

/** The jump connections of a run, one for every chain of jump hosts; `open` logs in to the last of a chain. */
export function jumps(
  open: (chain: readonly Hop[], signal: AbortSignal) => Promise<NodeSSH>,
): (chain: readonly Hop[], signal: AbortSignal) => Promise<SharedJump> {
  const entries = new Map<string, Entry>();
  return async (chain, signal) => {
    const key = JSON.stringify(
      chain.map(({ label, knownHostsFiles, identityFiles }) => [label, knownHostsFiles, identityFiles]),
    );
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { users: 0, connection: open(chain, signal), opening: lending(slots(opensAtOnce), lentForMs) };
      entries.set(key, entry);
    }
    const own = entry;
    own.users++;
    const forget = () => {
      if (entries.get(key) === own) entries.delete(key);
    };
    try {
      const ssh = await own.connection;
      const client = ssh.connection;
      if (client === null) throw new Error('closed');
      client.once('close', forget);
      return {
        client,
        opening: own.opening,
        leave() {
          if (--own.users > 0) return;
          forget();
          client.end();
        },
      };
    } catch (error) {
      forget();
      throw error;
    }
  };
}
