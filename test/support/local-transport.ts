import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from '../../src/posix/script.ts';
import type { Connection, ExecOptions, ExecResult, Held, HoldOptions, Transport } from '../../src/run/ports.ts';
import { askFromHere } from '../../src/ssh/http.ts';
import type { LocalShell } from './local-shells.ts';

/** Why hosts cannot be pretended on this machine, or undefined when they can. */
export const noLocalHosts: string | undefined =
  process.platform !== 'linux' || spawnSync('unshare', ['-m', 'true']).status !== 0
    ? 'mount namespaces need Linux and root'
    : undefined;

/** What was asked of a pretended host, so that conversations can be counted. */
export interface LocalHost {
  readonly conversations: string[];
  /** Called before each conversation runs. */
  before?: (script: string) => void | Promise<void>;
}

/**
 * Hosts that are this machine's own shell, each in a mount namespace with its own /var/lib/hadeploy below `folder`: the
 * scripts, files and processes are real, only SSH is missing.
 */
export function localTransport(
  folder: string,
  shell: Pick<LocalShell, 'argv' | 'path'> = { argv: ['sh'], path: process.env['PATH'] ?? '' },
): {
  readonly transport: Transport;
  readonly hosts: Map<string, LocalHost>;
} {
  const hosts = new Map<string, LocalHost>();
  return {
    hosts,
    transport: {
      async connect(target) {
        const state = join(folder, target.host, 'state');
        mkdirSync(state, { recursive: true });
        mkdirSync('/var/lib/hadeploy', { recursive: true });
        const host = hosts.get(target.host) ?? { conversations: [] };
        hosts.set(target.host, host);
        return connection(host, { state, shell });
      },
    },
  };
}

interface Place {
  readonly state: string;
  readonly shell: Pick<LocalShell, 'argv' | 'path'>;
}

function connection(host: LocalHost, at: Place): Connection {
  return {
    async exec(script: Script, options: ExecOptions): Promise<ExecResult> {
      host.conversations.push(script.text);
      await host.before?.(script.text);
      return run(script.text, at, options);
    },
    hold: (script, options) => hold(script.text, at, options),
    http: askFromHere,
    reach: async () => ({ heard: true }),
    close: async () => {},
  };
}

function hold(text: string, at: Place, options: HoldOptions): Held {
  // The script is an argument here, so that its stdin is free for the beats.
  const { child, ended } = start(['-c', text], at, options.onLine);
  const beating = setInterval(() => child.stdin.write('.'), options.beatS * 1000);
  return {
    ended: ended.finally(() => clearInterval(beating)),
    release: (word) => child.stdin.end(word),
  };
}

function run(text: string, at: Place, options: ExecOptions): Promise<ExecResult> {
  const { child, ended } = start([], at, options.onLine);
  child.stdin.end(text);
  return ended;
}

function start(args: readonly string[], { state, shell }: Place, onLine: ExecOptions['onLine']) {
  const enter = 'mount --bind "$0" /var/lib/hadeploy && PATH=$1 && shift && exec "$@"';
  const child = spawn('unshare', ['-m', 'sh', '-c', enter, state, shell.path, ...shell.argv, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let rest = '';
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) onLine?.(line);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<ExecResult>((resolve) =>
    child.on('close', (code) => resolve({ code: code ?? undefined, stdout, stderr })),
  );
  return { child, ended };
}
