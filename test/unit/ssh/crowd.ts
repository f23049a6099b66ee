import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthContext, Server, type ServerChannel, utils } from 'ssh2';
import { runThrough } from './peer.ts';

/** What a server of the crowd does; what is left out is done as a good one would. */
export interface Manner {
  /** Before any word of SSH; answers whether SSH is spoken at all. */
  readonly meet?: (socket: Socket) => boolean;
  readonly hasWrongKey?: boolean;
  readonly authenticate?: (context: AuthContext) => void;
  readonly exec?: (channel: ServerChannel, command: string, socket: Socket) => void;
}

/** Many servers on loopback addresses and one port, told apart by the address; a home that knows their keys. */
export interface Crowd {
  readonly home: string;
  readonly port: number;
  readonly addresses: ReadonlyMap<string, string>;
  /** In their order: `met HOST` for each connection, `heard HOST` when a script ended there, `left HOST` when a connection did. */
  readonly log: readonly string[];
  stop(): void;
}

/** Starts a server for each host of `manners`. */
export async function startCrowd(manners: ReadonlyMap<string, Manner>): Promise<Crowd> {
  const names = [...manners.keys()];
  const addressOf = (index: number) => `127.77.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const addresses = new Map(names.map((name, index) => [name, addressOf(index)]));
  const byAddress = new Map(names.map((name, index) => [addressOf(index), name]));
  const log: string[] = [];
  const sockets = new Set<Socket>();
  const hostOf = new WeakMap<object, { readonly name: string; readonly socket: Socket }>();
  const speak = (key: string) =>
    new Server({ hostKeys: [key] }, (client) => {
      const { name, socket } = hostOf.get((client as unknown as { readonly _sock: object })._sock)!;
      const { authenticate, exec } = manners.get(name)!;
      client.on('error', () => {});
      client.on('authentication', authenticate ?? ((context) => context.accept()));
      client.on('session', (accept) => {
        accept().on('exec', (acceptExec, _reject, { command }) => {
          const channel = acceptExec();
          channel.on('error', () => {});
          channel.on('close', () => log.push(`heard ${name}`));
          if (exec) exec(channel, command, socket);
          else runThrough(channel, command, '/usr/sbin:/usr/bin:/sbin:/bin');
        });
      });
    });
  const right = utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const wrong = utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const [rightServer, wrongServer] = [speak(right.private), speak(wrong.private)];
  const door = createServer((socket) => {
    const name = byAddress.get(socket.localAddress!)!;
    const manner = manners.get(name)!;
    log.push(`met ${name}`);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      log.push(`left ${name}`);
    });
    if (manner.meet && !manner.meet(socket)) return;
    hostOf.set(socket, { name, socket });
    (manner.hasWrongKey ? wrongServer : rightServer).injectSocket(socket);
  });
  door.listen(0, '0.0.0.0', 1000);
  await once(door, 'listening');
  const { port } = door.address() as AddressInfo;
  const home = mkdtempSync(join(tmpdir(), 'hadeploy-crowd-'));
  mkdirSync(join(home, '.ssh'));
  const known = right.public.split(' ').slice(0, 2).join(' ');
  writeFileSync(join(home, '.ssh', 'known_hosts'), `[127.77.*]:${port} ${known}\n`);
  return {
    home,
    port,
    addresses,
    log,
    stop() {
      door.close();
      for (const socket of sockets) socket.destroy();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Writes `bytes` of a chunk again and again, as fast as the other side takes them, then calls `done`. */
export function flood(channel: ServerChannel, bytes: number, done: () => void): void {
  const chunk = Buffer.alloc(32_768, 'all work and no play\n');
  let left = bytes;
  const pour = () => {
    while (left > 0 && !channel.destroyed) {
      left -= chunk.length;
      if (!channel.write(chunk)) return void channel.once('drain', pour);
    }
    done();
  };
  pour();
}

/** The mark by which a command line lets the beginning of its script be known; a liar can say it too. */
export function markIn(command: string): string {
  return /hd[0-9a-f]{32}/.exec(command)![0];
}

/** Bytes that no shell would say. */
export const garbage = (): Buffer => randomBytes(4096);
