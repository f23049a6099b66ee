import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobOf } from '../../../src/cli/job.ts';
import { load } from '../../../src/cli/load.ts';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { deploy } from '../../../src/run/deploy.ts';
import { strict } from '../../../src/run/job.ts';
import type { Target, Transport } from '../../../src/run/ports.ts';
import { askFromHere } from '../../../src/ssh/http.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';

/** A script that hadeploy sent to a host, and the seconds until its answer was there. */
export interface Sent {
  readonly host: string;
  readonly text: string;
  readonly become: boolean;
  readonly seconds: number;
}

/** What a dry run sends. */
export interface Recorded {
  /** In the order in which they began. */
  readonly scripts: readonly Sent[];
  /** HTTP questions, by host. */
  readonly questions: readonly { readonly host: string; readonly url: string; readonly seconds: number }[];
  readonly targets: ReadonlyMap<string, Target>;
}

/** Runs a dry run of an inventory and keeps the scripts that it sends to the hosts. */
export async function record(inventory: string, playbook?: string): Promise<Recorded> {
  const real = sshTransport({ home: process.env['HOME'] ?? '/root', env: process.env });
  const scripts: Sent[] = [];
  const questions: { host: string; url: string; seconds: number }[] = [];
  const transport: Transport = {
    async connect(target, signal) {
      const connection = await real.connect(target, signal);
      const timed = async <T>(work: () => Promise<T>, note: (seconds: number) => void): Promise<T> => {
        const from = performance.now();
        try {
          return await work();
        } finally {
          note((performance.now() - from) / 1000);
        }
      };
      return {
        ...connection,
        exec: (script, how) => {
          const sent = { host: target.host, text: script.text, become: how.become, seconds: 0 };
          scripts.push(sent);
          return timed(
            () => connection.exec(script, how),
            (seconds) => Object.assign(sent, { seconds }),
          );
        },
        http: (ask) =>
          timed(
            () => connection.http(ask),
            (seconds) => questions.push({ host: target.host, url: ask.url, seconds }),
          ),
      };
    },
  };
  return { scripts, questions, targets: await dryRun(inventory, playbook, transport) };
}

/** Plans an inventory over a transport; the hosts that were asked. */
export async function dryRun(
  inventory: string,
  playbook: string | undefined,
  transport: Transport,
): Promise<ReadonlyMap<string, Target>> {
  const options = { tags: [], skipTags: [], extraVars: [], ...(playbook !== undefined && { playbook }) };
  const loaded = load(inventory, options);
  const targets = unwrap(loaded.targets({}));
  const ports = {
    transport,
    clock: { now: Date.now, sleep: (ms: number) => sleep(ms) },
    ask: askFromHere,
    mark: () => randomBytes(16).toString('hex'),
    tell: () => {},
  };
  const report = await deploy(
    {
      run: { id: 'bench', who: 'bench', command: 'plan', since: new Date().toISOString() },
      ...jobOf(loaded),
      targets,
      witness: loaded.witness({}),
      rolling: strict,
      object: loaded.object,
      prune: true,
      forks: 50,
    },
    ports,
    async () => 'stop',
    new AbortController().signal,
  );
  if (report.outcome !== 'planned') throw new Error(report.faults.map(({ what }) => what).join('\n'));
  return targets;
}
