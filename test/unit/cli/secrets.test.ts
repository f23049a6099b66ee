import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ServerChannel } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noLocalHosts } from '../../support/local-transport.ts';
import { type Crowd, startCrowd } from '../ssh/crowd.ts';
import { joined } from '../ssh/peer.ts';
import { makeKey } from '../ssh/sshd.ts';

/** In each secret place stands this word and the name of the place; where it turns up, it has leaked. */
const word = 'S3NT1NEL';
const leaksIn = (text: string) => [
  ...new Set([...text.matchAll(new RegExp(`${word}-[a-z-]*`, 'g'))].map(([one]) => one)),
];

let folder: string;
let crowd: Crowd;
let pages: Server;
/** The public half of a key that is encrypted. */
let lockedKey: string;
/** Every word on a command line or in an environment of this machine while hadeploy was at work. */
const seenOnProcesses = new Set<string>();
const state = () => join(folder, 'state');
const made = () => join(folder, 'host');

/** A stand-in for sudo that asks for the password, once. */
const sudo = `#!/bin/sh
prompt=
while [ "$1" != -- ]; do case $1 in -p) prompt=$2; shift;; esac; shift; done
shift
printf %s "$prompt" >&2
read -r word
[ "$word" = ${word}-become ] || { echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }
exec "$@"
`;

/** Runs a command line as sshd would, on a host whose /var/lib/hadeploy is its own. */
function onHost(channel: ServerChannel, command: string): void {
  const enter = 'mount --bind "$0" /var/lib/hadeploy && PATH=$1 && shift && exec /bin/sh -c "$1"';
  const path = `${join(folder, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`;
  const words = ['-m', 'sh', '-c', enter, state(), path, command];
  joined(channel, spawn('unshare', words, { env: { PATH: path, HOME: '/' } }));
}

function lookAtProcesses(): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ']) {
      let text = '';
      try {
        text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
      } catch {}
      for (const leak of leaksIn(text))
        seenOnProcesses.add(`${leak} in ${file} of ${text.replaceAll('\0', ' ').slice(0, 200)}`);
    }
  }
}

function hadeploy(...args: readonly string[]) {
  return run(resolve('bin/hadeploy'), args);
}

/** Runs hadeploy at a terminal, where each question gets the answer that is typed after it; the text has their echo. */
function atTerminal(answers: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return run('script', ['-qec', [resolve('bin/hadeploy'), ...args].join(' '), '/dev/null'], answers);
}

async function run(program: string, args: readonly string[], answers: Readonly<Record<string, string>> = {}) {
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: crowd.home, NO_COLOR: '1', SHELL: '/bin/sh' },
  });
  let text = '';
  let answered = 0;
  const answer = () => {
    const question = Object.keys(answers).find((one) => text.indexOf(one, answered) >= 0);
    if (question === undefined) return;
    answered = text.length;
    child.stdin.write(`${answers[question]}\r`);
  };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      answer();
    });
  if (Object.keys(answers).length === 0) child.stdin.end();
  const looking = setInterval(lookAtProcesses, 50);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(looking);
  return { code, text };
}

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The play that handles secrets as one should; `more` is added to its tasks. */
function playbook(more = ''): string {
  return `- name: Secrets
  hosts: all
  vars_files: [more.yml]
  facts: {told_by_host: {command: "echo ${word}-fact", type: string}}
  handlers:
    - name: told
      no_log: true
      command: "echo ${word}-handler-output; : ${word}-handler"
  tasks:
    - name: A file
      no_log: true
      file: {path: ${made()}/file, content: "${word}-content {{ api_token }}\\n", mode: "0600"}
      notify: told
    - name: A template
      no_log: true
      file: {path: ${made()}/template, template: secret.j2, mode: "0600", validate: "cat %s"}
    - name: A source
      no_log: true
      file: {path: ${made()}/source, source: secret.txt, mode: "0600"}
    - name: A command
      no_log: true
      command: {run: "echo ${word}-command; touch ${made()}/commanded", unless: "test -e ${made()}/commanded # ${word}-guard"}
    - no_log: true
      command: {run: ": ${word}-nameless; touch ${made()}/nameless", creates: ${made()}/nameless}
    - name: A loop
      no_log: true
      loop: [${word}-item-a, ${word}-item-b]
      file: {path: "${made()}/{{ item | length }}", content: "{{ item }}", mode: "0600"}
      when: item != '${word}-item-b'
    - name: A fact and a file of variables
      no_log: true
      file: {path: ${made()}/fact, content: "{{ facts.told_by_host }} {{ more.token }}\\n", mode: "0600"}
    - name: A page
      no_log: true
      http: {from: controller, url: "http://127.0.0.1:${(pages.address() as AddressInfo).port}/page?token=${word}-url", headers: {Authorization: "Bearer ${word}-header"}, contains: ${word}-body, timeout: 3}
${more}`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hadeploy-secrets-'));
  for (const one of ['state', 'host', 'bin']) mkdirSync(join(folder, one));
  mkdirSync('/var/lib/hadeploy', { recursive: true });
  writeFileSync(join(folder, 'bin', 'sudo'), sudo);
  chmodSync(join(folder, 'bin', 'sudo'), 0o755);
  makeKey(join(folder, 'locked'), 'ed25519', `${word}-passphrase`);
  lockedKey = readFileSync(join(folder, 'locked.pub'), 'utf8').split(' ')[1]!;
  pages = createServer((_request, response) => response.end(`${word}-body`));
  await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done));
  crowd = await startCrowd(
    new Map([
      [
        'mon-a',
        {
          authenticate: (context) =>
            (context.method === 'password' && context.password === `${word}-login`) ||
            (context.method === 'publickey' && context.key.data.toString('base64') === lockedKey)
              ? context.accept()
              : context.reject(['password', 'publickey']),
          exec: onHost,
        },
      ],
    ]),
  );
  write(
    'inv/hosts.yml',
    `all:
  vars:
    ansible_user: careful
    ansible_port: ${crowd.port}
    ansible_password: ${word}-login
    ansible_become_password: ${word}-become
    api_token: ${word}-variable
  hosts:
    mon-a: {ansible_host: ${crowd.addresses.get('mon-a')}}
`,
  );
  write('secret.j2', `${word}-template {{ api_token }} {{ given }}\n`);
  write('more.yml', `more: {token: ${word}-vars-file}\n`);
  write('broken.j2', `${word}-template {{ nope }} ${word}-after\n`);
  write('broken.yml', `more: {token: ${word}-vars-file}\ntoken: "${word}-vars-file" y\n`);
  write('secret.txt', `${word}-source\n`);
  write('extra.json', JSON.stringify({ given: `${word}-extra` }));
  write('host/file', `${word}-former\n`);
  write('site.yml', playbook());
});

afterAll(() => {
  crowd.stop();
  pages.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Temporary files that hold the word, or stayed beside what was written. */
function leftovers(): readonly string[] {
  const beside = readdirSync(made()).filter((name) => name.startsWith('.'));
  const temporary = ['/tmp', '/run', '/dev/shm'].flatMap((base) =>
    readdirSync(base).flatMap((name) => (/^(hadeploy|tmp)\.\w+$/.test(name) ? [join(base, name)] : [])),
  );
  return [...beside, ...temporary.filter((path) => spawnSync('grep', ['-rqs', word, path]).status === 0)];
}

const withExtra = ['-p', 'site.yml', '-e', '@extra.json'] as const;

describe.skipIf(noLocalHosts)(`a secret${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it.each([
    ['lint', ['lint', 'inv', ...withExtra], 0],
    ['a dry run with differences', ['apply', 'inv', ...withExtra, '--dry-run', '--diff'], 0],
    ['a plan as JSON', ['plan', 'inv', ...withExtra, '--json', '--diff'], 0],
    ['a plan that is saved', ['plan', 'inv', ...withExtra, '--out', 'plan.saved'], 0],
    ['a saved plan that is applied', ['apply', 'plan.saved', '-e', '@extra.json', '--yes', '--diff'], 0],
    ['a run with nothing to do', ['apply', 'inv', ...withExtra, '--yes', '--diff'], 0],
    ['drift', ['drift', 'inv'], 0],
    ['drift as JSON', ['drift', 'inv', '--json'], 0],
    ['history', ['history', 'inv'], 0],
    ['the way back', ['rollback', 'inv', ...withExtra, '--yes', '--diff'], 0],
    ['a run anew', ['apply', 'inv', ...withExtra, '--yes', '--json', '--diff'], 0],
    [
      'an explained password',
      ['explain', 'var', 'ansible_become_password', '--host', 'mon-a', '-i', 'inv', '-p', 'site.yml'],
      0,
    ],
  ])('is not told by %s', async (_name, args, code) => {
    const ended = await hadeploy(...args);
    expect(leaksIn(ended.text), ended.text).toEqual([]);
    expect(ended.code, ended.text).toBe(code);
  });

  const task = (args: string) => `    - name: It fails\n      no_log: true\n      ${args}\n`;
  const page = () => `http://127.0.0.1:${(pages.address() as AddressInfo).port}/`;

  it('is not told by any of many faults in what is written', async () => {
    const faulty = [
      task(`file: {path: /x, content: "${word}-literal {{ nope }}"}`),
      task(`file: {path: /x, content: "${word}-literal {{ 1 + }}"}`),
      task('file: {path: /x, content: "{{ api_token + 1 }}"}'),
      task(`compose: {project: x, path: /x, compose: "services: {web: {environment: {X: ${word}-env {{ nope }}}}}"}`),
      task(`compose: {project: x, path: /x, compose: "services: {web: [${word}-env"}`),
      task(`file: {path: /x, content: x, validate: "test ${word}-validate {{ nope }}"}`),
      task('file: {path: /x, content: "{{ api_token | from_json }}"}'),
      task(`file: {path: /x, content: "${word}-literal", nope: "${word}-key"}`),
      task(`file: {path: /x, content: ["${word}-literal"]}`),
      task(`file: {path: /x, content: "${word}-literal", mode: "${word}-mode"}`),
      task(`command: "echo ${word}-command"`),
      task(`http: {url: "ftp://me:${word}-url@nowhere"}`),
    ];
    const elsewhere = task('file: {path: /x, template: broken.j2}');
    write('faulty.yml', `- name: Faulty\n  hosts: all\n  tasks:\n${faulty.join('')}${elsewhere}`);
    const ended = await hadeploy('lint', 'inv', '-p', 'faulty.yml');
    expect(leaksIn(ended.text), ended.text).toEqual([]);
    expect(ended.text).toContain('broken.j2:1:');
    for (const index of faulty.keys()) expect(ended.text).toContain(`faulty.yml:${6 + 3 * index}:`);
    expect(ended.code).toBe(3);
  });

  it.each<readonly [string, () => string, number]>([
    [
      'a bundle with a secret in its environment and its files',
      () =>
        task(
          `compose: {project: secrets, path: ${made()}/bundle, timeout: 5, compose: "services: {web: {image: localhost:1/x, environment: {TOKEN: ${word}-env}}}", files: {"config/.env": "TOKEN=${word}-env-file", "config/x.yml": "${word}-config"}}`,
        ),
      1,
    ],
    [
      'a fact that cannot be read',
      () =>
        `    - name: x\n      no_log: true\n      file: {path: ${made()}/x, content: "{{ facts.bad }}"}\n  facts: {bad: {command: "cat ${join(folder, 'secret.txt')}", type: int}}\n`,
      1,
    ],
    [
      'a file of variables with a fault',
      () => `    - file: {path: ${made()}/x, content: x}\n  vars_files: [broken.yml]\n`,
      3,
    ],
    [
      'a check that prints what it refuses',
      () => task(`file: {path: ${made()}/x, content: "${word}-literal", validate: "cat %s; exit 1"}`),
      3,
    ],
    ['a file below a file', () => task(`file: {path: ${made()}/file/x, content: "${word}-literal"}`), 1],
    [
      'a command that fails',
      () =>
        task(`command: {run: "echo ${word}-output; exit 3 # ${word}-command", creates: "/nowhere/${word}-creates"}`),
      1,
    ],
    [
      'a command that changes nothing',
      () => task(`command: {run: "echo ${word}-output", unless: "echo ${word}-output; false"}`),
      1,
    ],
    [
      'a guard that hangs',
      () => task(`command: {run: "echo ${word}-command", unless: "echo ${word}-output >&2; exit 124"}`),
      1,
    ],
    [
      'a page that says something else',
      () => task(`http: {from: controller, url: "${page()}?token=${word}-url", lacks: "${word}-body", timeout: 1}`),
      1,
    ],
    [
      'a page with other values',
      () => task(`http: {from: controller, url: "${page()}", json: {a.b: "${word}-json"}, timeout: 1}`),
      1,
    ],
    [
      'a handler that fails',
      () =>
        `${task(`file: {path: ${made()}/x, content: "${word}-literal"}\n      notify: failing`)}  handlers:\n    - name: failing\n      no_log: true\n      command: "echo ${word}-output; exit 1 # ${word}-command"\n`,
      1,
    ],
  ])('is not told by %s', async (_name, tasks, code) => {
    write('failing.yml', `- name: Failing\n  hosts: all\n  tasks:\n${tasks()}`);
    const ended = await hadeploy('apply', 'inv', '-p', 'failing.yml', '--yes', '--diff', '--on-failure', 'unwind');
    expect(ended.text).not.toContain('This is a bug');
    expect(leaksIn(ended.text), ended.text).toEqual([]);
    expect(ended.code, ended.text).toBe(code);
  });

  it.each<readonly [string, string]>([
    ['a password of the wrong kind', `all: {hosts: {mon-a: {ansible_password: ["${word}-login"]}}}`],
    ['a line that is no YAML', `all:\n  vars:\n    ansible_password: "${word}-login" x\n  hosts: {mon-a: {}}`],
    ['a line that ends too early', `all:\n  vars:\n    api_token: '${word}-login\n  hosts: {mon-a: {}}`],
    [
      'a password given twice',
      `all:\n  vars:\n    ansible_password: ${word}-one\n    ansible_password: ${word}-two\n  hosts: {mon-a: {}}`,
    ],
    ['a password that is not right', `all: {hosts: {mon-a: {ansible_host: HOST, ansible_password: ${word}-wrong}}}`],
    [
      'a sudo password that is not right',
      `all: {hosts: {mon-a: {ansible_host: HOST, ansible_password: ${word}-login, ansible_become_password: ${word}-wrong}}}`,
    ],
  ])('is not told of an inventory with %s', async (_name, text) => {
    const address = `${crowd.addresses.get('mon-a')}, ansible_port: ${crowd.port}, ansible_user: careful`;
    write('bad/hosts.yml', `${text.replace('HOST', address)}\n`);
    const ended = await hadeploy('apply', 'bad', ...withExtra, '--yes', '--diff');
    expect(leaksIn(ended.text), ended.text).toEqual([]);
    expect(ended.code).not.toBe(0);
  });

  it('is not told, nor shown, of what is typed at a terminal', async () => {
    const address = `ansible_host: ${crowd.addresses.get('mon-a')}, ansible_port: ${crowd.port}, ansible_user: careful`;
    const key = `ansible_ssh_private_key_file: ${join(folder, 'locked')}`;
    write('typed/hosts.yml', `all: {vars: {api_token: x}, hosts: {mon-a: {${address}, ${key}}}}\n`);
    const answers = {
      'sudo password: ': `${word}-become`,
      'That was wrong. Passphrase for ': `${word}-passphrase`,
      'Passphrase for ': `${word}-mistyped`,
    };
    const ended = await atTerminal(answers, 'plan', 'typed', ...withExtra, '--ask-become-pass');
    expect(ended.text).toMatch(/^sudo password: \s+Passphrase for \S+\/locked: \s+That was wrong\./);
    expect(leaksIn(ended.text), ended.text).toEqual([]);
    expect(ended.text).toContain('Play "Secrets"');
    expect(ended.code, ended.text).toBe(0);
  });

  it('is not told of bad extra variables', async () => {
    const ended = await hadeploy('lint', 'inv', '-p', 'site.yml', '-e', `{"given": "${word}-extra"`);
    expect(leaksIn(ended.text)).toEqual([]);
    expect(ended.code).toBe(3);
  });

  it('stands on a host only where it belongs, and where root alone may look', () => {
    const kept = readdirSync(state(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => leaksIn(readFileSync(path, 'utf8')).length > 0);
    expect(
      kept
        .map((path) => path.slice(state().length + 1).replace(/\/[0-9].*/, '/RUN'))
        .filter((path) => path !== 'generations/RUN'),
    ).toEqual(['applied.json']);
    expect(kept.map((path) => statSync(path).mode & 0o777)).toEqual(kept.map(() => 0o600));
    expect(leftovers()).toEqual([]);
    expect(leaksIn(readFileSync(join(folder, 'plan.saved'), 'utf8'))).toEqual([]);
  });

  it('never stood on a command line or in an environment', () => {
    expect([...seenOnProcesses].filter((seen) => !seen.includes('lint inv'))).toEqual([]);
  });
});
