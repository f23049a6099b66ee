import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../../src/run/ports.ts';

const program = '/usr/sbin/sshd';

/** Why no real sshd can be started here; undefined when it can. */
export const sshdMissing = !existsSync(program)
  ? 'openssh-server is not installed'
  : process.getuid?.() !== 0
    ? 'only root can start an sshd that lets anyone in'
    : undefined;

/** A real sshd on loopback with keys of its own. */
export interface Sshd {
  readonly folder: string;
  readonly home: string;
  readonly port: number;
  readonly pid: number;
  /** A target that logs in with the key of this sshd and knows its host key. */
  readonly target: Target;
  hostKeyLine(type?: string): string;
  log(): string;
  stop(): Promise<void>;
}

/** Starts a real sshd; `lines` are added to its configuration. */
export async function startSshd(
  lines: readonly string[] = [],
  hostKeyTypes: readonly string[] = ['ed25519'],
): Promise<Sshd> {
  mkdirSync('/run/sshd', { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-sshd-'));
  const home = join(folder, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  for (const type of hostKeyTypes) makeKey(join(folder, `host_${type}`), type);
  makeKey(join(home, '.ssh', 'id_ed25519'), 'ed25519');
  const authorized = join(folder, 'authorized_keys');
  writeFileSync(authorized, readFileSync(join(home, '.ssh', 'id_ed25519.pub')));
  const port = await freePort();
  const log = join(folder, 'log');
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      ...lines,
      `ListenAddress 127.0.0.1`,
      `Port ${port}`,
      ...hostKeyTypes.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
      `AuthorizedKeysFile ${authorized}`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'MaxStartups 200',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      `SetEnv HOME=${folder}`,
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  const child = spawn(program, ['-D', '-f', join(folder, 'sshd_config'), '-E', log], { stdio: 'ignore' });
  await listening(port, child);
  const hostKeyLine = (type = hostKeyTypes[0]!) =>
    `[127.0.0.1]:${port} ${readFileSync(join(folder, `host_${type}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')}\n`;
  writeFileSync(join(home, '.ssh', 'known_hosts'), hostKeyLine());
  return {
    folder,
    home,
    port,
    pid: child.pid!,
    target: {
      host: 'mon-a',
      address: '127.0.0.1',
      port,
      user: userInfo().username,
      hostKeys: 'strict',
      connectTimeoutS: 30,
    },
    hostKeyLine,
    log: () => readFileSync(log, 'utf8'),
    async stop() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a key pair with ssh-keygen. */
export function makeKey(path: string, type: string, passphrase = '', format: readonly string[] = []): void {
  execFileSync('ssh-keygen', [
    '-q',
    '-a',
    '1',
    '-t',
    type,
    '-N',
    passphrase,
    '-C',
    `test ${type}`,
    ...format,
    '-f',
    path,
  ]);
}

/** A port that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when something accepts on the port; gives up when the child ends. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isUp) return;
  }
  throw new Error('sshd did not start');
}
