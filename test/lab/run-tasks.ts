import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { deeds } from '../../src/plan/plan.ts';
import { isDeed } from '../../src/resources/change.ts';
import { kinds } from '../../src/resources/index.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { deploy } from '../../src/run/deploy.ts';
import { type Report, strict } from '../../src/run/job.ts';
import { sshTransport } from '../../src/ssh/transport.ts';
import type { Lab } from './lab/lab.ts';

/** A task as a playbook would have it: `['iptables_chain', { chain: … }]`. */
export type Task = readonly [kind: string, spec: Readonly<Record<string, unknown>>];

/** Runs tasks on one host of a lab by the real road, over SSH; `stop` is the dry run. */
export function runTasks(
  lab: Lab,
  host: string,
  tasks: readonly Task[],
  answer: 'go' | 'stop' = 'go',
): Promise<Report> {
  const resources = tasks.map(([kind, spec]): Resource => {
    const task = { name: kind, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
    return { host, kind, id: kinds.get(kind)!.id(spec), spec, task, become: true, notify: [], noLog: false };
  });
  const play = {
    name: 'all',
    batches: [[host]],
    resources: new Map([[host, resources]]),
    handlers: new Map([[host, []]]),
  };
  const declared = new Map([[host, new Set(resources.map(({ id }) => id))]]);
  const target = {
    host,
    address: lab.hosts.find(({ name }) => name === host)!.address,
    user: 'root',
    privateKeyFile: lab.privateKey,
    knownHostsFile: lab.knownHosts,
  };
  return deploy(
    {
      run: { id: 'run-1', who: 'test@here', command: 'apply inventory', since: '2026-11-22T01:30:00Z' },
      playbook: 'site.yml',
      targets: new Map([[host, target]]),
      kinds,
      become: () => true,
      factProbes: () => [],
      witness: () => undefined,
      rolling: strict,
      preflight: () => [],
      compile: () => ({ ok: true, value: { plays: [play], declared }, warnings: [] }),
      prune: true,
      forks: 1,
    },
    {
      transport: sshTransport({ home: homedir() }),
      clock: { now: Date.now, sleep: (ms) => pause(ms) },
      ask: async () => ({ status: undefined, error: 'nobody asks' }),
      mark: () => randomBytes(16).toString('hex'),
      tell: () => {},
    },
    async () => answer,
    new AbortController().signal,
  );
}

/** Each change of a plan in short: the fields with what they were and what they become; faults throw. */
export function changesIn(report: Report): Readonly<Record<string, readonly [from: unknown, to: unknown]>>[] {
  if (report.faults.length > 0) throw new Error(JSON.stringify(report.faults, undefined, 1));
  return deeds(report.plan!).flatMap(({ change }) =>
    isDeed(change) ? [Object.fromEntries(change.fields.map(({ field, from, to }) => [field, [from, to]]))] : [],
  );
}
