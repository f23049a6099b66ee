import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobOf } from '../../../src/cli/job.ts';
import { load } from '../../../src/cli/load.ts';
import { type Diagnostic, Refusal, unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { formatDiagnostics } from '../../../src/diagnostics/format.ts';
import { planText } from '../../../src/plan/plan-text.ts';
import { deploy } from '../../../src/run/deploy.ts';
import { type Report, strict } from '../../../src/run/job.ts';
import { type LocalShell, localShells } from '../../support/local-shells.ts';
import { localTransport, noLocalHosts } from '../../support/local-transport.ts';

/** What starts the program `canary` where a text is taken for shell; it leaves a file wherever it is started from. */
const payloads = [
  "'; canary; '",
  '$(canary)',
  '`canary`',
  '\ncanary\n',
  'x; canary #',
  "'\"'\"'; canary; '",
  '\\\ncanary',
  '--help',
  '${x:-$(canary)}',
  'ü"\'`$(canary)\u2028\u202e',
  '\u001b]0;x\u0007\u009b$(canary)',
  '%s%n\\$(canary)\\012canary\\012',
  ' $(canary) \t',
  '~root; canary',
] as const;

/** A project before it is written down. */
interface Draft {
  readonly folder: string;
  readonly hosts: Record<string, Record<string, unknown>>;
  readonly vars: Record<string, unknown>;
  readonly groups: Record<string, unknown>;
  readonly play: Record<string, unknown> & { readonly tasks: unknown[]; readonly handlers: unknown[] };
  readonly more: unknown[];
  readonly files: Record<string, string>;
  readonly extra: string[];
  /** Below the folder of the host, what is declared to stand there: the text of a file. */
  readonly made: Record<string, string>;
}

const root = '{{ root }}';
const flat = (text: string) => text.replaceAll('/', '');
const told = { name: 'told', command: 'true' };

/** Each place in which a user may write a text. */
const places: Readonly<Record<string, (draft: Draft, text: string) => void>> = {
  'a host name': ({ hosts, folder }, text) => {
    hosts[text] = { root: join(folder, 'other') };
  },
  'a group name': ({ groups }, text) => {
    groups[text] = { hosts: { a: null } };
  },
  'a variable name': ({ vars }, text) => {
    vars[text] = 1;
  },
  'the name of a file of variables': ({ files }, text) => {
    files[`inv/group_vars/${flat(text)}.yml`] = 'x: 1\n';
  },
  'a variable': ({ vars, play, made }, text) => {
    vars['value'] = text;
    play.tasks.push({ file: { path: `${root}/value`, content: '{{ value }}' } });
    made['value'] = text;
  },
  'a variable in a command': ({ vars, play, made }, text) => {
    vars['word'] = text;
    const run = `printf %s {{ word | quote }} >{{ (root ~ '/word') | quote }}`;
    play.tasks.push({ command: { run, creates: `${root}/word` } });
    made['word'] = text;
  },
  'a variable of the command line': ({ extra, play, made }, text) => {
    extra.push(`given=${text}`, JSON.stringify({ other: text }));
    play.tasks.push({ file: { path: `${root}/given`, content: '{{ given }}|{{ other }}' } });
    made['given'] = `${text}|${text}`;
  },
  'the path of a file': ({ play, made }, text) => {
    play.tasks.push({ file: { path: `${root}/f${flat(text)}`, content: 'x' } });
    made[`f${flat(text)}`] = 'x';
  },
  'a path that begins with it': ({ play, made }, text) => {
    play.tasks.push({ file: { path: `${root}/${flat(text)}`, content: 'x' } });
    made[flat(text)] = 'x';
  },
  'a folder whose file is judged': ({ play, made }, text) => {
    const path = `${root}/d${flat(text)}`;
    play.tasks.push({ directory: { path } });
    play.tasks.push({ file: { path: `${path}/x`, content: 'x', validate: 'test -s %s' } });
    made[`d${flat(text)}/x`] = 'x';
  },
  'what a command makes': ({ vars, play, made }, text) => {
    vars['made'] = `c${flat(text)}`;
    play.tasks.push({ command: { run: ": >{{ (root ~ '/' ~ made) | quote }}", creates: `${root}/{{ made }}` } });
    made[`c${flat(text)}`] = '';
  },
  'the text of a file': ({ play, made }, text) => {
    play.tasks.push({ file: { path: `${root}/text`, content: `{{ '' }}${text}` } });
    made['text'] = text;
  },
  'a template and a source': ({ play, files, made }, text) => {
    files['t.j2'] = text;
    files['source'] = text;
    play.tasks.push({ file: { path: `${root}/template`, template: 't.j2' } });
    play.tasks.push({ file: { path: `${root}/source`, source: 'source' } });
    made['template'] = text;
    made['source'] = text;
  },
  'an item of a loop': ({ play, made }, text) => {
    play.tasks.push({ loop: [text], name: 'x{{ item }}', file: { path: `${root}/loop`, content: '{{ item }}' } });
    made['loop'] = text;
  },
  'the name of a play': ({ play }, text) => {
    play['name'] = text;
  },
  'a tag': ({ play, made }, text) => {
    play.tasks.push({ tags: [text], file: { path: `${root}/tag`, content: '' } });
    made['tag'] = '';
  },
  'the name of a task and of its handler': ({ play, made }, text) => {
    play.handlers.push({ ...told, name: text });
    play.tasks.push({ name: text, notify: text, file: { path: `${root}/named`, content: '' } });
    made['named'] = '';
  },
  'a member and its cell': ({ vars, more, made }, text) => {
    vars['member_name'] = text;
    const proof = { name: '{{ member.name }}', http: { from: 'controller', url: 'http://127.0.0.1/' } };
    const roll = { members: [{ name: '{{ member_name }}', cell: '{{ member_name }}' }], proof: [proof] };
    const tasks = [{ file: { path: `${root}/member`, content: '{{ member.name }}' } }];
    more.push({ name: 'roll', hosts: 'a', roll, tasks });
    made['member'] = text;
  },
  'the host that drains': ({ more }, text) => {
    const drain = [{ name: 'drain', command: 'true', delegate_to: text }];
    const proof = [{ name: 'ready', http: { from: 'controller', url: 'http://127.0.0.1/' } }];
    more.push({ name: 'away', hosts: 'a', roll: { members: [{ name: 'm', cell: 'c' }], proof, drain }, tasks: [] });
  },
  'a user': ({ play }, text) => void play.tasks.push({ user: { name: text, state: 'absent' } }),
  'a service': ({ play }, text) => void play.tasks.push({ service: { name: text, state: 'stopped' } }),
  'a package': ({ play }, text) => void play.tasks.push({ package: { name: text, state: 'absent' } }),
  'a kernel setting': ({ play }, text) => void play.tasks.push({ sysctl: { name: text, value: 1 } }),
  'a chain': ({ play }, text) => void play.tasks.push({ iptables_chain: { chain: text, state: 'absent' } }),
  'a project': ({ play }, text) =>
    void play.tasks.push({ compose: { project: text, path: '/opt/none', state: 'absent' } }),
};

/** Places whose kinds would change this machine: what they would run is tried in injection.test.ts. */
const tooReal = ['a user', 'a service', 'a package', 'a kernel setting', 'a chain', 'a project'];

/** What no text may hold that goes to a terminal. */
const raw = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/;

let base: string;
let shells: readonly LocalShell[];
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'hadeploy-whole-'));
  const tools = join(base, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'canary'), `#!/bin/sh\n: >'${base}/CANARY'\n`);
  chmodSync(join(tools, 'canary'), 0o755);
  // What a host has beside busybox.
  for (const name of ['flock', 'getconf']) symlinkSync(`/usr/bin/${name}`, join(tools, name));
  shells = localShells().map((shell) => ({ ...shell, path: `${tools}:${shell.path}` }));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

let projects = 0;
/** Writes a project down with the text in each of the places. */
function written(names: readonly string[], text: string) {
  projects += 1;
  const folder = join(base, `p${projects}`);
  const draft: Draft = {
    folder,
    hosts: { a: { root: join(folder, 'host') } },
    vars: {},
    groups: {},
    play: { name: 'play', hosts: 'all', become: true, tasks: [], handlers: [told] },
    more: [],
    files: {},
    extra: [],
    made: {},
  };
  for (const name of names) places[name]!(draft, text);
  const { hosts, vars, groups, play, more, files, made, extra } = draft;
  const all: Readonly<Record<string, string>> = {
    'inv/hosts.yml': JSON.stringify({ all: { vars, hosts, children: groups } }),
    'site.yml': JSON.stringify([play, ...more]),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  for (const host of ['host', 'other']) mkdirSync(join(folder, host));
  return { folder, made, extra };
}

/** The job of such a project, or why it is refused. */
function read({ folder, extra }: ReturnType<typeof written>) {
  try {
    const options = { playbook: join(folder, 'site.yml'), tags: [], skipTags: [], extraVars: extra };
    const loaded = load(join(folder, 'inv'), options);
    return { loaded, targets: unwrap(loaded.targets({})), faults: [] as readonly Diagnostic[] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { faults: error.diagnostics };
  }
}

let marks = 0;
const mark = () => {
  marks += 1;
  return `mark${String(marks).padStart(28, '0')}`;
};
async function run({ loaded, targets }: ReturnType<typeof read>, folder: string, shell: LocalShell): Promise<Report> {
  return deploy(
    {
      ...jobOf(loaded!),
      run: { id: mark(), who: 'it@here', command: 'apply', since: '2026-11-22T01:30:00Z' },
      targets: targets!,
      witness: loaded!.witness({}),
      rolling: strict,
      prune: true,
      forks: 2,
    },
    {
      transport: localTransport(folder, shell).transport,
      clock: { now: () => 0, sleep: async () => {} },
      ask: async () => ({ status: 200, body: '' }),
      mark,
      tell: () => {},
    },
    async () => 'go',
    new AbortController().signal,
  );
}

function sound(faults: readonly Diagnostic[]): void {
  for (const fault of faults) expect(fault.what).not.toMatch(/This is a bug|TypeError|RangeError/);
  expect(formatDiagnostics(faults, () => undefined)).not.toMatch(raw);
}

describe.skipIf(noLocalHosts)(`no text is done${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it('unless the user says so, which shows here', async () => {
    const project = written([], '');
    const site = [{ hosts: 'all', tasks: [{ command: { run: 'echo $(canary)', unless: `test -e ${base}/CANARY` } }] }];
    writeFileSync(join(project.folder, 'site.yml'), JSON.stringify(site));
    await run(read(project), project.folder, shells[0]!);
    expect(existsSync(join(base, 'CANARY'))).toBe(true);
    rmSync(join(base, 'CANARY'));
  });

  it.each(payloads.map((text, index) => [JSON.stringify(text), text, index] as const))(
    'wherever it stands: %s',
    async (_name, text, index) => {
      const names = Object.keys(places).filter((name) => {
        const { faults } = read(written([name], text));
        sound(faults);
        const bad = faults.filter(({ severity }) => severity === 'error');
        return bad.length === 0;
      });
      const project = written(
        names.filter((name) => !tooReal.includes(name)),
        text,
      );
      const job = read(project);
      expect(job.faults).toEqual([]);
      const shell = shells[index % shells.length]!;
      for (const outcome of ['done', 'planned']) {
        const report = await run(job, project.folder, shell);
        sound(report.faults);
        expect(report).toMatchObject({ outcome, faults: [] });
        const plan = planText(report.plan!, { diffs: true });
        expect(plan).not.toMatch(raw);
        // A name never makes a line of its own, which could be taken for one of the plan.
        expect(plan).not.toMatch(/^ *canary$/m);
      }
      const there = readdirSync(join(project.folder, 'host'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(project.folder, 'host').length + 1));
      expect(there.sort()).toEqual(Object.keys(project.made).sort());
      for (const [path, content] of Object.entries(project.made))
        expect(readFileSync(join(project.folder, 'host', path), 'utf8')).toBe(content);
      expect(existsSync(join(base, 'CANARY'))).toBe(false);
    },
  );
});
