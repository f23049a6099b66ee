import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { Refusal } from '../diagnostics/diagnostic.ts';
import { fault, type Unreachable, unreachableFault } from './faults.ts';
import type { Hop } from './settings.ts';

/** A way to sshd was not found; `kind` says whether trying again may help. */
export class NoWay extends Refusal {
  readonly kind: Unreachable;
  constructor(hop: Hop, kind: Unreachable, detail: string) {
    super([unreachableFault(hop, kind, detail)]);
    this.kind = kind;
  }
}

const kinds: Readonly<Record<string, Unreachable>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'not-found',
  EAI_AGAIN: 'not-found',
  EAI_NODATA: 'not-found',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'silent',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
};

/** How an error of a socket is to be read. */
export function noWay(
  hop: Hop,
  error: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] },
): NoWay {
  const code = error.code ?? error.errors?.[0]?.code ?? error.message;
  return new NoWay(hop, kinds[code] ?? 'unreachable', code);
}

/** A stream to sshd: a socket of our own, or a channel through the jump host before. `abandoned` ends the attempt. */
export function reach(hop: Hop, via: Client | undefined, abandoned: AbortSignal): Promise<Duplex> {
  return via ? channelTo(hop, via) : socketTo(hop, abandoned);
}

/** Nagle off from the first byte: ssh2 leaves it on, which makes a login five times slower and uploads forty. */
function socketTo(hop: Hop, abandoned: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hop.address, port: hop.port, noDelay: true });
    const abandon = () => socket.destroy(new Error('abandoned'));
    const failed = (error: Error) => {
      abandoned.removeEventListener('abort', abandon);
      reject(noWay(hop, error));
    };
    abandoned.addEventListener('abort', abandon, { once: true });
    socket.once('error', failed);
    socket.once('connect', () => {
      abandoned.removeEventListener('abort', abandon);
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

function channelTo(hop: Hop, via: Client): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    try {
      via.forwardOut('127.0.0.1', 0, hop.address, hop.port, (error, channel) => {
        if (error) reject(throughFault(hop, error));
        else resolve(channel);
      });
    } catch (error) {
      reject(new NoWay(hop, 'cut', (error as Error).message));
    }
  });
}

function throughFault(hop: Hop, error: Error & { readonly reason?: unknown }): Refusal {
  const text = error.message.replace(/^\(SSH\) Channel open failure: /, '');
  if (error.reason === 1) {
    return new Refusal([
      fault('jump-forbidden', hop.host, {
        what: `The jump host does not let us through to ${hop.label}.`,
        why: 'Its sshd forbids forwarding (AllowTcpForwarding, PermitOpen, or a restrict in authorized_keys).',
        mend: 'Set AllowTcpForwarding yes in sshd_config of the jump host.',
      }),
    ]);
  }
  if (/refused/i.test(text)) return new NoWay(hop, 'refused', text);
  if (/name|resolve|known/i.test(text)) return new NoWay(hop, 'not-found', text);
  return new NoWay(hop, error.reason === 2 ? 'unreachable' : 'cut', text);
}
