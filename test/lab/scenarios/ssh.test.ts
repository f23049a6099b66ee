import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { Refusal } from '../../../src/diagnostics/diagnostic.ts';
import { sh } from '../../../src/posix/script.ts';
import { Secret } from '../../../src/posix/secret.ts';
import type { Connection, Target } from '../../../src/run/ports.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';
import { labUnavailable } from '../lab/availability.ts';
import type { Lab } from '../lab/lab.ts';
import { down, up } from '../lab/life.ts';

const reason = labUnavailable();
const never = new AbortController().signal;
const password = new Secret('careful-password');

describe.skipIf(reason)(`logins to real hosts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let lab: Lab;
  let home: string;
  const open: Connection[] = [];
  beforeAll(async () => {
    lab = await up({ name: 't-ssh', hosts: 2 });
    home = mkdtempSync(join(tmpdir(), 'hadeploy-lab-ssh-'));
  });
  afterAll(async () => {
    for (const connection of open) await connection.close();
    await down('t-ssh');
    rmSync(home, { recursive: true, force: true });
  });

  const target = (user: string, more: Partial<Target> = {}, host = 'mon-a'): Target => ({
    host,
    address: lab.hosts.find(({ name }) => name === host)!.address,
    user,
    privateKeyFile: lab.privateKey,
    knownHostsFile: lab.knownHosts,
    hostKeys: 'strict',
    ...more,
  });
  const connect = async (asked: Target): Promise<Connection> => {
    const connection = await sshTransport({ home }).connect(asked, never);
    open.push(connection);
    return connection;
  };
  const faultOf = async (work: Promise<unknown>): Promise<Diagnostic> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Refusal);
    return (error as Refusal).diagnostics[0]!;
  };
  const root = { become: true, timeoutS: 20 };
  const whoAmI = sh`id -un; cat; echo "$HOME"; pwd`;

  it.each([
    ['root', {}, 'root\n/root\n/root\n'],
    ['deploy', {}, 'root\n/root\n/home/deploy\n'],
    ['deploy', { becomePassword: password }, 'root\n/root\n/home/deploy\n'],
    ['careful', { becomePassword: password }, 'root\n/root\n/home/careful\n'],
  ])('%s becomes root in one session %j', async (user, more, stdout) => {
    const connection = await connect(target(user, more));
    expect(await connection.exec(whoAmI, root)).toEqual({ code: 0, stdout, stderr: '' });
    // Again, when sudo may remember the password.
    expect((await connection.exec(whoAmI, root)).stdout).toBe(stdout);
    const plain = await connection.exec(sh`id -un`, { ...root, become: false });
    expect(plain.stdout).toBe(`${user}\n`);
    await connection.close();
  });

  it('a password for sudo shows in no log and on no argv of the host', async () => {
    const connection = await connect(target('careful', { becomePassword: password }));
    const seen = await connection.exec(
      sh`journalctl --no-pager -q | grep -c careful-passwor[d]; cat /proc/[0-9]*/cmdline | tr '\0' ' ' | grep -c careful-passwor[d]`,
      root,
    );
    expect(seen.stdout).toBe('0\n0\n');
  });

  it('a missing and a wrong password for sudo each have their own word', async () => {
    const without = await connect(target('careful'));
    expect((await faultOf(without.exec(whoAmI, root))).code).toBe('sudo-password-needed');
    const wrong = await connect(target('careful', { becomePassword: new Secret('not-this') }));
    const fault = await faultOf(wrong.exec(whoAmI, root));
    expect([fault.code, fault.host]).toEqual(['sudo-password-wrong', 'mon-a']);
    expect(JSON.stringify(fault)).not.toContain('not-this');
  });

  it('a user whom sudoers does not know, a sudo that wants a terminal, and a host without sudo each have their own word', async () => {
    await lab.exec(
      'mon-b',
      'useradd --create-home stranger; echo stranger:s3cret | chpasswd; cp -a /home/deploy/.ssh /home/stranger/; chown -R stranger: /home/stranger/.ssh',
    );
    const stranger = await connect(target('stranger', { becomePassword: new Secret('s3cret') }, 'mon-b'));
    expect((await faultOf(stranger.exec(whoAmI, root))).code).toBe('sudo-not-allowed');
    await lab.exec('mon-b', "echo 'Defaults:deploy requiretty' > /etc/sudoers.d/zz-tty");
    const terminal = await connect(target('deploy', {}, 'mon-b'));
    expect((await faultOf(terminal.exec(whoAmI, root))).code).toBe('sudo-wants-tty');
    await lab.exec('mon-b', 'rm /etc/sudoers.d/zz-tty; mv /usr/bin/sudo /usr/bin/sudo.away');
    const nothing = await connect(target('deploy', {}, 'mon-b'));
    expect((await faultOf(nothing.exec(whoAmI, root))).code).toBe('sudo-missing');
    await lab.exec('mon-b', 'mv /usr/bin/sudo.away /usr/bin/sudo');
  });

  it.each([
    ['deploy', {}],
    ['careful', { becomePassword: password }],
  ])('a script that %s runs as root is ended with all its children when it takes too long', async (user, more) => {
    const connection = await connect(target(user, more));
    const run = await connection.exec(sh`sleep 4321 & sleep 4321; echo never`, { ...root, timeoutS: 2 });
    expect(run).toMatchObject({ code: undefined, lost: 'timeout' });
    expect((await lab.exec('mon-a', 'pgrep -fc "^sleep 432[1]"')).stdout.trim()).toBe('0');
  });

  it('a host that got new keys is refused, even where new hosts are trusted', async () => {
    const swapped = join(home, 'swapped');
    const [a, b] = ['mon-a', 'mon-b'].map((name) => lab.hosts.find((host) => host.name === name)!.address);
    const lines = readFileSync(lab.knownHosts, 'utf8').split('\n');
    const own = lines.filter((line) => line.startsWith(`${b} `)).map((line) => line.replace(b!, a!));
    writeFileSync(swapped, `${own.join('\n')}\n`);
    const fault = await faultOf(connect(target('root', { knownHostsFile: swapped, hostKeys: 'accept-new' })));
    expect(fault.code).toBe('host-key-changed');
    expect(readFileSync(swapped, 'utf8')).toBe(`${own.join('\n')}\n`);
  });

  it('a host behind another is reached through it', async () => {
    const b = lab.hosts.find(({ name }) => name === 'mon-b')!.address;
    const connection = await connect(target('deploy', { jump: [`deploy@${b}`] }));
    expect((await connection.exec(sh`hostname; echo "$SSH_CONNECTION"`, { ...root, become: false })).stdout).toMatch(
      new RegExp(`^mon-a\n${b} `),
    );
  });

  it('a question is asked from the host itself', async () => {
    const connection = await connect(target('root'));
    const question = (url: string) => ({ from: 'host', method: 'GET', url, headers: {}, timeoutS: 5 }) as const;
    expect(await connection.http(question(`http://${lab.registry}/v2/`))).toMatchObject({ status: 200 });
    expect(await connection.http(question('http://127.0.0.1:1/'))).toEqual({
      status: undefined,
      error: 'connection refused',
    });
  });

  it('a host that is cut off runs into the deadline, and answers again after', async () => {
    const connection = await connect(target('root'));
    await lab.partition('mon-a', 'isolated');
    const cut = await connection.exec(sh`true`, { ...root, timeoutS: 2 });
    expect(cut.lost).toBe('timeout');
    const fault = await faultOf(connect(target('root', { connectTimeoutS: 2 })));
    expect(['connect-timeout', 'host-unreachable']).toContain(fault.code);
    await lab.heal('mon-a');
    expect((await connection.exec(sh`echo back`, root)).stdout).toBe('back\n');
  });

  it('a host that is cut off for good is noticed by its silence', async () => {
    const connection = await connect(target('root', {}, 'mon-b'));
    const running = connection.exec(sh`sleep 600`, { ...root, timeoutS: 600 });
    await lab.partition('mon-b', 'isolated');
    const start = performance.now();
    expect((await running).lost).toBe('connection');
    expect(performance.now() - start).toBeLessThan(75_000);
    await lab.heal('mon-b');
  });

  it('a reboot midway is a lost connection', async () => {
    const connection = await connect(target('root'));
    const run = await connection.exec(sh`echo going; systemctl reboot; sleep 60; echo never`, {
      ...root,
      timeoutS: 60,
    });
    expect(run).toMatchObject({ code: undefined, lost: 'connection' });
    expect(run.stdout).toContain('going');
  });
});
