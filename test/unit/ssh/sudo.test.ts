import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { sh } from '../../../src/posix/script.ts';
import { Secret } from '../../../src/posix/secret.ts';
import type { Connection } from '../../../src/run/ports.ts';
import { sudoFault } from '../../../src/ssh/sudo.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';
import { type Peer, runThrough, sshPeer } from './peer.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'hadeploy-sudo-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('sudoFault', () => {
  const who = { host: 'mon-a', user: 'careful' };
  const codeFor = (said: string, more: Partial<Parameters<typeof sudoFault>[1]> = {}) =>
    sudoFault(who, { code: 1, said, askedAgain: false, hasPassword: false, ...more }).code;

  it.each([
    ['sudo: a password is required\n', {}, 'sudo-password-needed'],
    ['sudo: interactive authentication is required\n', {}, 'sudo-password-needed'],
    ['sudo: 1 incorrect password attempt\n', { hasPassword: true }, 'sudo-password-wrong'],
    ['Sorry, try again.\n', { hasPassword: true }, 'sudo-password-wrong'],
    ['', { hasPassword: true, askedAgain: true }, 'sudo-password-wrong'],
    ['env: \u2018sudo\u2019: No such file or directory\n', { code: 127 }, 'sudo-missing'],
    ['careful is not in the sudoers file.\n', { hasPassword: true }, 'sudo-not-allowed'],
    ["Sorry, user careful is not allowed to execute '/bin/sh' as root on mon-a.\n", {}, 'sudo-not-allowed'],
    ['Sorry, user careful may not run sudo on mon-a.\n', {}, 'sudo-not-allowed'],
    ["sudo: I'm sorry careful. I'm afraid I can't do that\n", { hasPassword: true }, 'sudo-not-allowed'],
    ['sudo: sorry, you must have a tty to run sudo\n', {}, 'sudo-wants-tty'],
    ['Verification code: ', { code: undefined, hasPassword: true }, 'sudo-no-answer'],
    ['sudo: parse error in /etc/sudoers near line 3\n', {}, 'sudo-refused'],
  ])('%j %j: %s', (said, more, code) => {
    expect(codeFor(said, more)).toBe(code);
  });

  it('quotes sudo without its lecture', () => {
    const said =
      'We trust you have received the usual lecture from the local System\n    #3) With great power comes great responsibility.\n\ncareful is not in the sudoers file.\n';
    const fault = sudoFault(who, { code: 1, said, askedAgain: false, hasPassword: true });
    expect(fault.output).toBe('careful is not in the sudoers file.');
  });
});

/**
 * A stand-in for sudo that keeps to its manners: `-n` never asks, `-S` asks on stderr with the prompt of `-p` and reads
 * one line from stdin. It records its arguments and how often it was started.
 */
const manners = (asks: 'never' | 'always') => `#!/bin/sh
echo "$*" >> "$0.calls"
prompt= silent=
while [ "$1" != -- ]; do
  case $1 in -n) silent=1;; -p) prompt=$2; shift;; esac
  shift
done
shift
if [ ${asks} = always ]; then
  if [ "$silent" ]; then echo 'sudo: a password is required' >&2; exit 1; fi
  for try in 1 2 3; do
    printf %s "$prompt" >&2
    read -r word || break
    [ "$word" = hunter2 ] && break
    echo 'Sorry, try again.' >&2
    word=
  done
  if [ "$word" != hunter2 ]; then echo 'sudo: 3 incorrect password attempts' >&2; exit 1; fi
fi
BECAME=root exec "$@"
`;

describe('exec with become', () => {
  let peer: Peer;
  let connection: Connection;
  let program: string;
  let made = 0;
  afterEach(async () => {
    await connection.close();
    peer.stop();
  });

  const host = async (sudo: string | undefined, password?: string): Promise<void> => {
    const bin = join(folder, String(made++));
    mkdirSync(bin);
    program = join(bin, 'sudo');
    if (sudo) {
      writeFileSync(program, sudo);
      chmodSync(program, 0o755);
    }
    const path = sudo ? `${bin}:/usr/bin:/bin` : bin;
    if (!sudo)
      writeFileSync(join(bin, 'env'), '#!/bin/sh\necho "env: sudo: No such file" >&2\nexit 127\n', { mode: 0o755 });
    peer = await sshPeer({ exec: (channel, command) => runThrough(channel, command, path) });
    const target = { ...peer.target, ...(password === undefined ? {} : { becomePassword: new Secret(password) }) };
    connection = await sshTransport({ home: peer.home }).connect(target, new AbortController().signal);
  };
  const calls = () =>
    existsSync(`${program}.calls`) ? readFileSync(`${program}.calls`, 'utf8').trim().split('\n') : [];
  const become = { become: true, timeoutS: 10 };
  const probe = sh`echo "$BECAME"; cat; echo end`;

  it('needs one conversation where sudo does not ask', async () => {
    await host(manners('never'));
    expect(await connection.exec(probe, become)).toEqual({ code: 0, stdout: 'root\nend\n', stderr: '' });
    expect(calls()).toHaveLength(1);
  });

  it('needs one conversation where sudo asks, and shows the password to sudo alone', async () => {
    await host(manners('always'), 'hunter2');
    expect(await connection.exec(probe, become)).toEqual({ code: 0, stdout: 'root\nend\n', stderr: '' });
    expect(calls()).toHaveLength(1);
    expect(calls().join()).not.toContain('hunter2');
  });

  it('keeps the password to itself where sudo does not ask after all', async () => {
    await host(manners('never'), 'hunter2');
    expect(await connection.exec(probe, become)).toEqual({ code: 0, stdout: 'root\nend\n', stderr: '' });
  });

  it('does not use sudo where nobody asked for it', async () => {
    await host(manners('always'), 'hunter2');
    expect((await connection.exec(probe, { ...become, become: false })).stdout).toBe('\nend\n');
    expect(calls()).toEqual([]);
  });

  it('says that a password is needed', async () => {
    await host(manners('always'));
    await expect(connection.exec(probe, become)).rejects.toMatchObject({
      diagnostics: [
        { code: 'sudo-password-needed', host: 'mon-a', mend: expect.stringContaining('--ask-become-pass') },
      ],
    });
  });

  it('gives a wrong password once only, and never the script in its place', async () => {
    await host(manners('always'), 'wrong');
    for (let i = 0; i < 2; i++) {
      await expect(connection.exec(probe, become)).rejects.toMatchObject({
        diagnostics: [{ code: 'sudo-password-wrong' }],
      });
    }
    expect(calls()).toHaveLength(1);
  });

  it('says that there is no sudo', async () => {
    await host(undefined);
    await expect(connection.exec(probe, become)).rejects.toMatchObject({ diagnostics: [{ code: 'sudo-missing' }] });
  });

  it('does not wait for ever for a sudo that wants something else', async () => {
    await host('#!/bin/sh\nprintf "Verification code: " >&2\nread -r word\necho "read $word" >&2', 'hunter2');
    await expect(connection.exec(probe, { ...become, timeoutS: 0.5 })).rejects.toMatchObject({
      diagnostics: [{ code: 'sudo-no-answer', output: 'Verification code:' }],
    });
  });
});
