import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Diagnostic, Refusal } from '../../src/diagnostics/diagnostic.ts';
import { kinds } from '../../src/resources/index.ts';
import type { Proved } from '../../src/resources/member.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { deploy } from '../../src/run/deploy.ts';
import { type DriftLook, lookForDrift } from '../../src/run/drift.ts';
import type { Event } from '../../src/run/events.ts';
import { goBack } from '../../src/run/go-back.ts';
import { type Job, type JobPlay, type Report, type Rolling, strict } from '../../src/run/job.ts';
import { localTransport } from './local-transport.ts';

/** A task of a play, the same on each of its hosts but for `$host` in its paths. */
export interface Task {
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly notify?: readonly string[];
}

/** A play over all its hosts at once, or, with a cell, the step of a roll of the cell's member on its only host. */
export interface CellPlay {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly tasks: readonly Task[];
  readonly cell?: { readonly name: string; readonly hosts: readonly string[] };
  readonly drain?: Task;
  /** Called `again`. */
  readonly handler?: Task;
  /** May be done with what the next play makes at once. */
  readonly withNext?: true;
}

/** Pretended hosts with members of cells: member `one-a` of the cell `one` on `a` answers at /one-a, and at /one-a/full. */
export interface Cells {
  readonly path: (name: string) => string;
  /** The text of a file, undefined where there is none. */
  readonly read: (name: string) => string | undefined;
  readonly events: Event[];
  /** Pages that do not answer with 200. */
  readonly ill: Set<string>;
  /** What was asked of members, with what `onAsk` says of that time. */
  readonly asked: string[];
  readonly hosts: ReturnType<typeof localTransport>['hosts'];
  /** Hosts that cannot be reached, by the code of the fault. */
  readonly unreached: Map<string, string>;
  run(plays: readonly CellPlay[], more?: RunOptions): Promise<Report>;
  /** What a host tells of drift. */
  drift(host: string): Promise<DriftLook>;
  close(): void;
}

type Confirm = Parameters<typeof deploy>[2];

/** What a run is told. */
export interface RunOptions {
  readonly rolling?: Partial<Rolling>;
  readonly confirm?: Confirm;
  /** Goes back to before the last run. */
  readonly back?: true;
  /** Not everything that is declared, as with `--tags`. */
  readonly part?: true;
}

/**
 * Such hosts, below a folder of their own; `onAsk` is added to what is noted of each question, and where `isThere` says
 * that a member is not, nobody listens at its pages.
 */
export async function startCells(
  onAsk: () => string = () => '',
  isThere: (member: string) => boolean = () => true,
): Promise<Cells> {
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-cells-'));
  const local = localTransport(folder);
  const path = (name: string) => join(folder, name);
  const ill = new Set<string>();
  const asked: string[] = [];
  const events: Event[] = [];
  const unreached = new Map<string, string>();
  const server = createServer((request, response) => {
    asked.push(`${request.url}${onAsk()}`);
    response.writeHead(ill.has(request.url!) ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const resource = (host: string, { kind, spec, notify = [] }: Task, name: string): Resource => {
    const own = JSON.parse(JSON.stringify(spec).replaceAll('$host', host)) as Task['spec'];
    const task = { name, at: { file: 'site.yml', line: 1, col: 1 }, tags: [] };
    return { host, kind, id: kinds.get(kind)!.id(own), spec: own, task, become: true, notify, noLog: false };
  };
  const gate = (host: string, page: string, name: string) =>
    resource(host, { kind: 'http', spec: { url: `http://127.0.0.1:${port}${page}`, timeout: 5 } }, name);
  const proved = (cell: string, host: string): Proved => ({
    member: `${cell}-${host}`,
    cell,
    host,
    proof: [gate(host, `/${cell}-${host}`, 'It is ready')],
    together: [],
    coverage: [gate(host, `/${cell}-${host}/full`, 'It holds enough')],
  });
  const planned = ({ name, hosts, tasks, cell, drain, handler, withNext }: CellPlay): JobPlay => {
    const [roll = name] = name.split(':');
    const per = <T>(of: (host: string) => T) => new Map(hosts.map((host) => [host, of(host)]));
    const others = (host: string) => cell!.hosts.filter((other) => other !== host);
    return {
      name,
      batches: [hosts],
      resources: per((host) => tasks.map((task, index) => resource(host, task, `${name} ${index + 1}`))),
      handlers: per((host) => (handler ? [{ names: ['again'], resource: resource(host, handler, 'again') }] : [])),
      drain: per((host) => (drain ? [resource(host, drain, 'drain')] : [])),
      ...(cell && {
        moving: per((host) => ({
          ...proved(cell.name, host),
          others: others(host).map((other) => proved(cell.name, other)),
          atOnce: true,
        })),
        roll: { name: roll, place: roll.charCodeAt(0) },
      }),
      ...(withNext && { withNext }),
    };
  };
  let marks = 0;
  let runs = 0;
  let now = 0;
  const world = () => ({
    transport: {
      connect: async (to: { readonly host: string; readonly address: string }, signal: AbortSignal) => {
        const code = unreached.get(to.host);
        if (code === undefined) {
          const connection = await local.transport.connect(to, signal);
          const http: typeof connection.http = async (question) =>
            isThere(new URL(question.url).pathname.split('/')[1]!)
              ? connection.http(question)
              : { status: undefined, error: 'connection refused' };
          return { ...connection, http };
        }
        const fault: Diagnostic = { code, severity: 'error', host: to.host, what: `No way to ${to.host}.` };
        throw new Refusal([fault]);
      },
    },
    clock: {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    },
    ask: async () => ({ status: undefined, error: 'nobody' }),
    mark: () => `mark${String(++marks).padStart(28, '0')}`,
    tell: (event: Event) => events.push(event),
  });
  return {
    path,
    read: (name) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : undefined),
    events,
    ill,
    asked,
    hosts: local.hosts,
    unreached,
    async drift(host) {
      const connection = await local.transport.connect({ host, address: host }, new AbortController().signal);
      return lookForDrift(connection, host, kinds, world());
    },
    run(list, { rolling = {}, confirm = async () => 'go' as const, back, part } = {}) {
      const plays = list.map(planned);
      const hosts = [...new Set(list.flatMap((play) => play.hosts))].sort();
      const target = (host: string) => ({ host, address: host });
      const ids = (host: string) => plays.flatMap((play) => (play.resources.get(host) ?? []).map(({ id }) => id));
      const declared = new Map(hosts.map((host) => [host, new Set(ids(host))]));
      const id = String(++runs).padStart(4, '0');
      const job: Job = {
        run: { id, who: 'test@here', command: 'apply inventory', since: '2026-11-22T01:30:00Z' },
        playbook: 'site.yml',
        targets: new Map(hosts.map((host) => [host, target(host)])),
        witness: target,
        rolling: { ...strict, ...rolling },
        kinds,
        become: () => true,
        factProbes: () => [],
        preflight: () => [],
        compile: () => ({ ok: true, value: { plays, declared }, warnings: [] }),
        ...(back && { back: goBack('site.yml', undefined, kinds) }),
        prune: !back && !part,
        forks: 5,
      };
      return deploy(job, world(), confirm, new AbortController().signal);
    },
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
