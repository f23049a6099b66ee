import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { Refusal } from '../../../src/diagnostics/diagnostic.ts';
import { sh } from '../../../src/posix/script.ts';
import { Secret } from '../../../src/posix/secret.ts';
import type { Target } from '../../../src/run/ports.ts';
import { type SshOptions, sshTransport } from '../../../src/ssh/transport.ts';
import { freePort, makeKey, type Sshd, sshdMissing, startSshd } from './sshd.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const title = `a login to a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`;
const never = new AbortController().signal;

describe.skipIf(sshdMissing)(title, () => {
  let sshd: Sshd;
  const folder = mkdtempSync(join(tmpdir(), 'hadeploy-login-'));
  let homes = 0;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });

  /** A home with no keys and no known hosts. */
  const bareHome = (): string => {
    const home = join(folder, String(homes++));
    mkdirSync(join(home, '.ssh'), { recursive: true });
    return home;
  };
  /** A home like the one of the sshd, but of its own. */
  const usualHome = (known = sshd.hostKeyLine()): string => {
    const home = bareHome();
    for (const file of ['id_ed25519', 'id_ed25519.pub'])
      copyFileSync(join(sshd.home, '.ssh', file), join(home, '.ssh', file));
    writeFileSync(join(home, '.ssh', 'known_hosts'), known);
    return home;
  };
  /** Logs in, runs a word, logs out. */
  const visit = async (options: SshOptions, target: Target = sshd.target): Promise<string> => {
    const connection = await sshTransport(options).connect(target, never);
    try {
      return (await connection.exec(sh`echo in`, { become: false, timeoutS: 10 })).stdout;
    } finally {
      await connection.close();
    }
  };
  const refusal = async (options: SshOptions, target: Target = sshd.target): Promise<Diagnostic> => {
    const error = await visit(options, target).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Refusal).diagnostics).toHaveLength(1);
    const fault = (error as Refusal).diagnostics[0]!;
    expect(fault.host).toBe('mon-a');
    expect(fault.mend).toBeTruthy();
    return fault;
  };

  describe('host keys', () => {
    it('refuses a host nobody knows, and does not write it down', async () => {
      const home = usualHome('');
      const fault = await refusal({ home });
      expect(fault.code).toBe('host-key-unknown');
      expect(fault.why).toContain('SHA256:');
      expect(readFileSync(join(home, '.ssh', 'known_hosts'), 'utf8')).toBe('');
    });

    it('refuses unknown hosts where nobody says how strict to be', async () => {
      const { hostKeys: _, ...target } = sshd.target;
      expect((await refusal({ home: usualHome('') }, target)).code).toBe('host-key-unknown');
    });

    it('trusts a new host only where that is chosen, and writes down its key once', async () => {
      const home = usualHome('# mine, without a newline');
      rmSync(join(home, '.ssh', 'known_hosts'));
      const known = join(home, 'new', 'known_hosts');
      const target = { ...sshd.target, hostKeys: 'accept-new', knownHostsFile: known } as const;
      const transport = sshTransport({ home });
      const all = await Promise.all([transport.connect(target, never), transport.connect(target, never)]);
      for (const connection of all) await connection.close();
      expect(readFileSync(known, 'utf8')).toBe(sshd.hostKeyLine());
      expect(await visit({ home }, { ...target, hostKeys: 'strict' })).toBe('in\n');
    });

    it('adds a line of its own to a file that does not end with a newline', async () => {
      const home = usualHome('# mine');
      await visit({ home }, { ...sshd.target, hostKeys: 'accept-new' });
      expect(readFileSync(join(home, '.ssh', 'known_hosts'), 'utf8')).toBe(`# mine\n${sshd.hostKeyLine()}`);
    });

    it('refuses a changed key, new keys accepted or not', async () => {
      makeKey(join(folder, 'other'), 'ed25519');
      const other = readFileSync(join(folder, 'other.pub'), 'utf8');
      const home = usualHome(`[127.0.0.1]:${sshd.port} ${other}`);
      for (const hostKeys of ['strict', 'accept-new'] as const) {
        const fault = await refusal({ home }, { ...sshd.target, hostKeys });
        expect(fault.code).toBe('host-key-changed');
        expect(fault.why).toContain('known_hosts:1');
      }
    });

    it('refuses a revoked key', async () => {
      const home = usualHome(`${sshd.hostKeyLine()}@revoked * ${sshd.hostKeyLine().split(' ').slice(1).join(' ')}`);
      expect((await refusal({ home })).code).toBe('host-key-revoked');
    });

    it('explains a host that is known by a certificate authority alone', async () => {
      const home = usualHome(`@cert-authority * ${sshd.hostKeyLine().split(' ').slice(1).join(' ')}`);
      const fault = await refusal({ home }, { ...sshd.target, hostKeys: 'accept-new' });
      expect(fault.code).toBe('host-certificate');
    });

    it('finds a hashed name', async () => {
      const home = usualHome();
      execFileSync('ssh-keygen', ['-q', '-H', '-f', join(home, '.ssh', 'known_hosts')], { stdio: 'ignore' });
      expect(await visit({ home })).toBe('in\n');
    });

    it('asks for the key type it knows, whatever else the host has', async () => {
      const many = await startSshd([], ['ed25519', 'rsa', 'ecdsa']);
      try {
        for (const type of ['rsa', 'ecdsa', 'ed25519']) {
          writeFileSync(join(many.home, '.ssh', 'known_hosts'), many.hostKeyLine(type));
          expect(await visit({ home: many.home }, many.target)).toBe('in\n');
        }
      } finally {
        await many.stop();
      }
    });
  });

  describe('keys', () => {
    it('refuses with the list of what was tried', async () => {
      const home = usualHome();
      makeKey(join(home, '.ssh', 'id_rsa'), 'rsa');
      rmSync(join(home, '.ssh', 'id_ed25519'));
      const fault = await refusal({ home, env: { SSH_AUTH_SOCK: join(home, 'gone') } });
      expect(fault.code).toBe('login-refused');
      expect(fault.why).toContain('id_rsa');
      expect(fault.why).toContain(`the agent at ${join(home, 'gone')} did not answer`);
      expect(fault.why).toContain('The server takes publickey');
    });

    it('says so when there is nothing to offer', async () => {
      const home = bareHome();
      writeFileSync(join(home, '.ssh', 'known_hosts'), sshd.hostKeyLine());
      expect((await refusal({ home })).why).toContain('There was no key and no password to offer.');
    });

    it('refuses a password without showing it', async () => {
      const home = bareHome();
      writeFileSync(join(home, '.ssh', 'known_hosts'), sshd.hostKeyLine());
      const fault = await refusal({ home }, { ...sshd.target, password: new Secret('hunter2') });
      expect(fault.why).toContain('Tried the password.');
      expect(JSON.stringify(fault)).not.toContain('hunter2');
    });

    it('names a key file of the inventory that is not there', async () => {
      const fault = await refusal({ home: usualHome() }, { ...sshd.target, privateKeyFile: '/nowhere/key' });
      expect(fault.code).toBe('ssh-file-unreadable');
      expect(fault.what).toContain('/nowhere/key');
    });

    it.each([
      ['ed25519', []],
      ['ecdsa', []],
      ['rsa', ['-m', 'PEM']],
    ])('logs in with an encrypted %s key %j, asking once for many hosts', async (type, format) => {
      const key = join(bareHome(), 'key');
      makeKey(key, type, 'sesame', format);
      const own = await startSshd();
      try {
        copyFileSync(`${key}.pub`, join(own.folder, 'authorized_keys'));
        let asked = 0;
        const prompt = async (question: string) => {
          asked++;
          expect(question).toContain(key);
          return new Secret('sesame');
        };
        const transport = sshTransport({ home: own.home, prompt });
        const target = { ...own.target, privateKeyFile: key };
        const all = await Promise.all(Array.from({ length: 10 }, () => transport.connect(target, never)));
        for (const connection of all) await connection.close();
        expect(asked).toBe(1);
      } finally {
        await own.stop();
      }
    });

    it('asks again for a wrong passphrase, three times at most, and does not count the time', async () => {
      const home = usualHome();
      execFileSync('ssh-keygen', ['-q', '-p', '-a', '1', '-N', 'sesame', '-f', join(home, '.ssh', 'id_ed25519')]);
      const answers = ['wrong', 'sesame'];
      const slow = async () => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return new Secret(answers.shift()!);
      };
      expect(await visit({ home, prompt: slow }, { ...sshd.target, connectTimeoutS: 2.5 })).toBe('in\n');
      const fault = await refusal({ home, prompt: async () => new Secret('wrong') });
      expect(fault.code).toBe('login-refused');
      expect(fault.why).toContain('its passphrase was wrong');
    });

    it('does not ask for the passphrase of a key that the server does not take', async () => {
      const home = usualHome();
      makeKey(join(home, '.ssh', 'id_rsa'), 'rsa', 'sesame');
      rmSync(join(home, '.ssh', 'id_ed25519'));
      const prompt = () => Promise.reject(new Error('asked'));
      expect((await refusal({ home, prompt })).code).toBe('login-refused');
    });

    it('says what to do about an encrypted key without a terminal', async () => {
      const home = usualHome();
      execFileSync('ssh-keygen', ['-q', '-p', '-a', '1', '-N', 'sesame', '-f', join(home, '.ssh', 'id_ed25519')]);
      const fault = await refusal({ home });
      expect(fault.code).toBe('key-encrypted');
      expect(fault.mend).toContain('ssh-add');
    });
  });

  describe('an agent', () => {
    let agent: ChildProcess;
    let socket: string;
    beforeAll(async () => {
      socket = join(folder, 'agent');
      agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
      await once(agent.stdout!, 'data');
    });
    afterAll(async () => {
      agent.kill();
      await once(agent, 'exit');
    });
    const add = (file: string) =>
      execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });

    it('logs in with a key that only the agent has', async () => {
      add(join(sshd.home, '.ssh', 'id_ed25519'));
      const home = bareHome();
      writeFileSync(join(home, '.ssh', 'known_hosts'), sshd.hostKeyLine());
      expect(await visit({ home, env: { SSH_AUTH_SOCK: socket } })).toBe('in\n');
    });

    it('lets the agent sign for an encrypted file, so that nobody is asked', async () => {
      const home = usualHome();
      add(join(home, '.ssh', 'id_ed25519'));
      execFileSync('ssh-keygen', ['-q', '-p', '-a', '1', '-N', 'sesame', '-f', join(home, '.ssh', 'id_ed25519')]);
      expect(await visit({ home, env: { SSH_AUTH_SOCK: socket } })).toBe('in\n');
    });

    it('takes a named key before the many of the agent', async () => {
      for (let i = 0; i < 7; i++) {
        makeKey(join(folder, `many${i}`), 'ed25519');
        add(join(folder, `many${i}`));
      }
      const env = { SSH_AUTH_SOCK: socket };
      const key = join(folder, 'named');
      makeKey(key, 'ed25519');
      const own = await startSshd();
      try {
        copyFileSync(`${key}.pub`, join(own.folder, 'authorized_keys'));
        const home = bareHome();
        writeFileSync(join(home, '.ssh', 'known_hosts'), own.hostKeyLine());
        expect(await visit({ home, env }, { ...own.target, privateKeyFile: key })).toBe('in\n');
        const fault = await refusal({ home, env }, own.target);
        expect(fault.code).toBe('login-refused');
        expect(fault.why).toContain('too many keys');
      } finally {
        await own.stop();
      }
    });
  });

  describe('jump hosts', () => {
    it('reaches a host through two of them, each with its own key checked, and shares them', async () => {
      const [one, two] = await Promise.all([startSshd(), startSshd()]);
      try {
        const home = usualHome(sshd.hostKeyLine() + one.hostKeyLine() + two.hostKeyLine());
        for (const server of [one, two])
          copyFileSync(join(home, '.ssh', 'id_ed25519.pub'), join(server.folder, 'authorized_keys'));
        const target = { ...sshd.target, jump: [`root@127.0.0.1:${one.port}`, `root@127.0.0.1:${two.port}`] };
        const transport = sshTransport({ home });
        const all = await Promise.all(Array.from({ length: 12 }, () => transport.connect(target, never)));
        const outs = await Promise.all(
          all.map((connection) => connection.exec(sh`echo $SSH_CONNECTION`, { become: false, timeoutS: 5 })),
        );
        expect(outs.every(({ stdout }) => stdout.trim().endsWith(String(sshd.port)))).toBe(true);
        for (const connection of all) await connection.close();
        const logins = (server: Sshd) => server.log().split('Accepted publickey').length - 1;
        expect([logins(one), logins(two)]).toEqual([1, 1]);
        // The last one has left, so the jump hosts are opened anew.
        const again = await transport.connect(target, never);
        await again.close();
        expect(logins(two)).toBe(2);

        writeFileSync(join(home, '.ssh', 'known_hosts'), sshd.hostKeyLine() + one.hostKeyLine());
        const fault = await refusal({ home }, target);
        expect(fault.code).toBe('host-key-unknown');
        expect(fault.what).toContain(`jump host root@127.0.0.1:${two.port}`);
      } finally {
        await Promise.all([one.stop(), two.stop()]);
      }
    });

    it('tells a jump host that is down, forbids forwarding, or finds nobody behind', async () => {
      const closed = await startSshd(['AllowTcpForwarding no']);
      try {
        const home = usualHome(sshd.hostKeyLine() + closed.hostKeyLine());
        copyFileSync(join(home, '.ssh', 'id_ed25519.pub'), join(closed.folder, 'authorized_keys'));
        const through = (jump: number, port = sshd.port) => ({
          ...sshd.target,
          port,
          jump: [`root@127.0.0.1:${jump}`],
        });
        expect((await refusal({ home }, through(closed.port))).code).toBe('jump-forbidden');
        const down = await refusal({ home }, through(await freePort()));
        expect([down.code, down.what]).toEqual(['connection-refused', expect.stringContaining('jump host')]);
        const behind = await refusal({ home }, through(sshd.port, await freePort()));
        expect([behind.code, behind.what]).toEqual(['connection-refused', expect.not.stringContaining('jump host')]);
      } finally {
        await closed.stop();
      }
    });

    it('follows ProxyJump, Port, User and IdentityFile of ssh_config', async () => {
      const home = usualHome(`${sshd.hostKeyLine()}bastion ${sshd.hostKeyLine().split(' ').slice(1).join(' ')}`);
      execFileSync('mv', [join(home, '.ssh', 'id_ed25519'), join(home, 'elsewhere')]);
      writeFileSync(
        join(home, '.ssh', 'config'),
        [
          'Host mon-*',
          '  HostName 127.0.0.1',
          `  Port ${sshd.port}`,
          '  User root',
          '  ProxyJump bastion',
          'Host bastion',
          '  HostName 127.0.0.1',
          '  HostKeyAlias bastion',
          `  Port ${sshd.port}`,
          'Host *',
          `  IdentityFile ${home}/elsewhere`,
          `  UserKnownHostsFile ${home}/.ssh/known_hosts`,
          '',
        ].join('\n'),
      );
      const logins = () => sshd.log().split('Accepted publickey').length - 1;
      const before = logins();
      expect(await visit({ home }, { host: 'mon-a', address: 'mon-a' })).toBe('in\n');
      expect(logins() - before).toBe(2);
    });
  });

  it('opens 50 connections to one sshd', async () => {
    const transport = sshTransport({ home: sshd.home });
    const all = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const connection = await transport.connect(sshd.target, never);
        const { code } = await connection.exec(sh`true`, { become: false, timeoutS: 10 });
        return { connection, code };
      }),
    );
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set([0]));
    for (const { connection } of all) await connection.close();
  });
});
