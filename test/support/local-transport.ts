import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from '../../src/posix/script.ts';
import type { Connection, ExecOptions, ExecResult, Transport } from '../../src/run/ports.ts';
import { askFromHere } from '../../src/ssh/http.ts';

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
export function localTransport(folder: string): {
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
        return connection(host, state);
      },
    },
  };
}

function connection(host: LocalHost, state: string): Connection {
  return {
    async exec(script: Script, options: ExecOptions): Promise<ExecResult> {
      host.conversations.push(script.text);
      await host.before?.(script.text);
      return run(script.text, state, options);
    },
    http: askFromHere,
    close: async () => {},
  };
}

function run(text: string, state: string, options: ExecOptions): Promise<ExecResult> {
  const enter = 'mount --bind "$0" /var/lib/hadeploy && exec sh';
  const child = spawn('unshare', ['-m', 'sh', '-c', enter, state], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) options.onLine?.(line);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.end(text);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? undefined, stdout, stderr })));
}
