import type { Shown } from '../../src/resources/change.ts';
import type { Connection, ExecResult, Held, Transport } from '../../src/run/ports.ts';

/** A host in memory: its things with their fields, the files that hadeploy keeps there, and what was done. */
export interface MemoryHost {
  readonly things: Map<string, Map<string, Shown>>;
  /** Below /var/lib/hadeploy. */
  readonly files: Map<string, string>;
  /** Names of the deeds done, in order. */
  readonly done: string[];
  /** Steps that were carried out, whatever they did. */
  steps: number;
}

/** A host with nothing but things. */
export function memoryHost(things: MemoryHost['things'] = new Map()): MemoryHost {
  return { things, files: new Map(), done: [], steps: 0 };
}

/** Who is told, in order, what hosts in memory do. */
export interface MemoryWatch {
  did(thing: string): void;
  answers(url: string): boolean;
  /** Whether anybody listens there. */
  listens(url: string): boolean;
}

/**
 * Connections to hosts in memory, which understand the frames of a run, its own files and the words of the memory kinds,
 * and reject other probes and steps; what is noted in the journal is passed over. `pause` comes before each answer, so
 * that hosts can answer in any order;
 * `watch` is told of things at which something is done, and says whether a page answers with 200 now.
 */
export function memoryTransport(
  hosts: ReadonlyMap<string, MemoryHost>,
  pause: (host: string) => Promise<void> = async () => {},
  watch: MemoryWatch = { did() {}, answers: () => true, listens: () => true },
): Transport {
  return {
    async connect({ host: name }): Promise<Connection> {
      await pause(name);
      const host = hosts.get(name)!;
      return {
        async exec({ text }, { onLine }) {
          await pause(name);
          if (text.startsWith(stepsStart)) perform(host, text, watch, onLine);
          const stdout = text.startsWith('{\nprintf ') ? answers(host, text) : '';
          return { code: 0, stdout, stderr: '' };
        },
        hold: (_, { onLine }) => hold(onLine),
        async http({ url }) {
          await pause(name);
          if (!watch.listens(url)) return { status: undefined, error: 'connection refused' };
          return { status: watch.answers(url) ? 200 : 503, body: '' };
        },
        reach: async () => ({ heard: true }),
        async close() {},
      };
    },
  };
}

const stepsStart = '{\nhadeploy_stop=\n';

function hold(onLine: (line: string) => void): Held {
  let end: (result: ExecResult) => void;
  const ended = new Promise<ExecResult>((resolve) => {
    end = resolve;
  });
  queueMicrotask(() => onLine('taken'));
  return { ended, release: () => end({ code: 0, stdout: '', stderr: '' }) };
}

/** The answers to the probes of a frame. */
function answers(host: MemoryHost, text: string): string {
  const framed = /^\{\nprintf '%s\\n' (\w+); [^\n]*\n([\s\S]*)\n\}$/.exec(text);
  if (framed === null) throw new Error(`no frame: ${text.slice(0, 200)}`);
  const [, mark, body] = framed as unknown as [string, string, string];
  const probes = body
    .split(`\n) </dev/null\nprintf '\\n%s %s\\n' ${mark} "$?"; printf '\\n%s\\n' ${mark} >&2`)
    .slice(0, -1);
  const said = probes.map((probe) => `${look(host, probe.replace(/^\n?\(\n/, ''))}\n${mark} 0\n`);
  return `${mark}\n${said.join('')}`;
}

function look(host: MemoryHost, probe: string): string {
  const [, path] = /^cat -- (\S+) 2>\/dev\/null \|\| :$/.exec(probe) ?? [];
  if (path !== undefined) return host.files.get(path) ?? '';
  const [, headed] = /^\[ ! -r (\S+) \] \|\| \{ IFS= read -r head/.exec(probe) ?? [];
  if (headed !== undefined) return (host.files.get(headed) ?? '').split('\n')[0]!;
  const [colon, word, name] = words(probe);
  if (colon === ':' && word === 'look') {
    const fields = host.things.get(name!);
    return fields ? JSON.stringify(Object.fromEntries(fields)) : '';
  }
  // Nobody else holds a host in memory, and no run there was ever broken off.
  if (probe === ':' || /^cd -- \/var\/lib\/hadeploy |journal\.jsonl/.test(probe)) return '';
  throw new Error(`no probe of the memory: ${probe.slice(0, 300)}`);
}

/** Carries out the steps of a script, and tells of each as a host does. */
function perform(host: MemoryHost, text: string, watch: MemoryWatch, onLine?: (line: string) => void): void {
  const mark = /^printf '%s pid %s\\n' (\w+)/m.exec(text)![1]!;
  const steps = [
    ...text.matchAll(/^hadeploy_out=\$\( \(\n([\s\S]*?)\n\) <\/dev\/null 2>&1 8<&- \); hadeploy_rc=\$\?$/gm),
  ];
  onLine?.(`${mark} pid 1`);
  for (const [, step] of steps) {
    carryOut(host, step!, watch);
    host.steps += 1;
    onLine?.(`${mark} 0`);
  }
}

function carryOut(host: MemoryHost, step: string, watch: MemoryWatch): void {
  const written = /\nprintf %s ('(?:[^']|'\\'')*'|\S+) > "\$t" [\s\S]*mv -f -- "\$t" (\S+) &&/.exec(step);
  if (written !== null) {
    host.files.set(written[2]!, words(written[1]!)[0]!);
    return;
  }
  if (/^(mkdir -p|rm -f) /.test(step)) return;
  const [colon, word, name, field, value] = words(step);
  if (colon !== ':') throw new Error(`no step of the memory: ${step.slice(0, 300)}`);
  watch.did(name!);
  if (word === 'make') host.things.set(name!, new Map());
  else if (word === 'set') host.things.get(name!)!.set(field!, JSON.parse(value!) as Shown);
  else if (word === 'drop') host.things.delete(name!);
  else host.done.push(name!);
}

/** The words of a simple command as a shell reads them, without expansions. */
function words(text: string): readonly string[] {
  return [...text.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/gs)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/gs, (_, quoted?: string, escaped?: string) => quoted ?? escaped!),
  );
}
