import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthContext, type Connection, Server, type ServerChannel, type ServerConfig, utils } from 'ssh2';
import type { Target } from '../../../src/run/ports.ts';

/** A server that does not behave, and a home that knows it. */
export interface Peer {
  readonly home: string;
  readonly target: Target;
  connections(): number;
  stop(): void;
}

async function peerOver(server: NetServer | Server, connections: () => number, hostKey?: string): Promise<Peer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const home = mkdtempSync(join(tmpdir(), 'hadeploy-peer-'));
  mkdirSync(join(home, '.ssh'));
  if (hostKey) writeFileSync(join(home, '.ssh', 'known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`);
  return {
    home,
    target: { host: 'mon-a', address: '127.0.0.1', port, user: 'deploy', connectTimeoutS: 30 },
    connections,
    stop() {
      server.close();
      rmSync(home, { recursive: true });
    },
  };
}

/** A server that is no SSH server; `meet` gets each connection and its number. */
export function rawPeer(meet: (socket: Socket, number: number) => void): Promise<Peer> {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    meet(socket, ++count);
  });
  return peerOver(server, () => count);
}

/** What an SSH peer does; by default it lets everybody in and runs nothing. */
export interface Habits {
  readonly authenticate?: (context: AuthContext) => void;
  readonly exec?: (channel: ServerChannel, command: string, client: Connection) => void;
  readonly config?: Partial<ServerConfig>;
}

/** A server that speaks SSH by ssh2's server side, with habits of its own. */
export function sshPeer(habits: Habits): Promise<Peer> {
  const pair = utils.generateKeyPairSync('ecdsa', { bits: 256 });
  let count = 0;
  const server = new Server({ hostKeys: [pair.private], ...habits.config }, (client) => {
    count++;
    client.on('error', () => {});
    client.on('authentication', habits.authenticate ?? ((context) => context.accept()));
    client.on('session', (accept) => {
      const session = accept();
      session.on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        channel.on('error', () => {});
        habits.exec?.(channel, command, client);
      });
    });
  });
  return peerOver(server, () => count, pair.public.split(' ').slice(0, 2).join(' '));
}

/** Runs the command line as sshd would, through a login shell, with a PATH of its own. */
export function runThrough(channel: ServerChannel, command: string, path: string): void {
  joined(channel, spawn('/bin/sh', ['-c', command], { env: { PATH: path, HOME: '/' } }));
}

/** Lets a program talk through a channel, whose end is its own. */
export function joined(channel: ServerChannel, child: ChildProcessWithoutNullStreams): void {
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.stdin.on('error', () => {});
  channel.pipe(child.stdin);
  child.on('close', (code) => {
    channel.exit(code ?? 255);
    channel.end();
  });
  channel.on('close', () => child.kill('SIGKILL'));
}
