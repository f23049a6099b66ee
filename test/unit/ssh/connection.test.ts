import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sh } from '../../../src/posix/script.ts';
import type { Connection } from '../../../src/run/ports.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';
import { freePort, type Sshd, sshdMissing, startSshd } from './sshd.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const title = `a connection to a real sshd${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`;
const never = new AbortController().signal;
const plain = { become: false, timeoutS: 20 };
const isAlive = (pid: string) => {
  try {
    // A zombie has ended; only nobody has asked for its exit code yet.
    return !execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8', stdio: 'pipe' }).includes(') Z ');
  } catch {
    return false;
  }
};

describe.skipIf(sshdMissing)(title, () => {
  let sshd: Sshd;
  let host: Connection;
  beforeAll(async () => {
    sshd = await startSshd();
    host = await sshTransport({ home: sshd.home }).connect(sshd.target, never);
  });
  afterAll(async () => {
    await host.close();
    await sshd.stop();
  });
  const another = (at: Sshd = sshd) => sshTransport({ home: at.home }).connect(at.target, never);

  describe('exec', () => {
    it('gives code, stdout and stderr to the byte', async () => {
      const run = await host.exec(sh`printf '  a\n\n'; printf 'b ' >&2; exit 3`, plain);
      expect(run).toEqual({ code: 3, stdout: '  a\n\n', stderr: 'b ' });
    });

    it('needs no sudo where the login is root', async () => {
      expect(await host.exec(sh`id -u`, { ...plain, become: true })).toMatchObject({ code: 0, stdout: '0\n' });
    });

    it('decodes UTF-8 whole, however it is cut into packets', async () => {
      const run = await host.exec(sh`i=0; while [ $i -lt 20000 ]; do printf 'äöü€𝄞xx'; i=$((i+1)); done`, plain);
      expect(run.stdout).toBe('äöü€𝄞xx'.repeat(20000));
    });

    it('carries a script of megabytes there and its output back', async () => {
      const text = 'ü'.repeat(3 << 20);
      const run = await host.exec(sh`printf %s ${text}`, plain);
      expect(run.stdout.length).toBe(text.length);
      expect(run.stdout === text).toBe(true);
    });

    it('never shows the script on an argv', async () => {
      const run = await host.exec(
        sh`: s3cret-word; cat /proc/[0-9]*/cmdline | tr '\0' ' ' | grep -c s3cret-[w]ord`,
        plain,
      );
      expect(run.stdout.trim()).toBe('0');
    });

    it('gives lines as they come, the last one without newline too', async () => {
      const lines: string[] = [];
      let first: (() => void) | undefined;
      const firstCame = new Promise<void>((resolve) => {
        first = resolve;
      });
      const running = host.exec(sh`echo one; sleep 1; printf 'two\nthree'`, {
        ...plain,
        onLine: (line) => {
          lines.push(line);
          first?.();
        },
      });
      await firstCame;
      expect(lines).toEqual(['one']);
      expect((await running).stdout).toBe('one\ntwo\nthree');
      expect(lines).toEqual(['one', 'two', 'three']);
    });

    it('is over when the script is, whatever a child in the background holds open', async () => {
      const start = performance.now();
      const run = await host.exec(sh`sleep 20 & echo $!`, plain);
      expect(performance.now() - start).toBeLessThan(15_000);
      expect(isAlive(run.stdout.trim())).toBe(true);
      process.kill(Number(run.stdout));
    });

    it('tells a script that a signal ended', async () => {
      expect((await host.exec(sh`kill -KILL $$; sleep 0.2`, plain)).code).toBe(137);
    });

    it('runs 25 at once, though sshd allows 10', async () => {
      const runs = await Promise.all(Array.from({ length: 25 }, (_, i) => host.exec(sh`sleep 0.1; echo ${i}`, plain)));
      expect(runs.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 25 }, (_, i) => String(i)));
    });

    it('waits its turn where sshd allows fewer, and says so where it allows none', async () => {
      const [two, none] = await Promise.all([startSshd(['MaxSessions 2']), startSshd(['MaxSessions 0'])]);
      try {
        const connection = await another(two);
        const runs = await Promise.all(Array.from({ length: 6 }, (_, i) => connection.exec(sh`echo ${i}`, plain)));
        expect(runs.map(({ stdout }) => stdout.trim()).join('')).toBe('012345');
        await connection.close();
        const closed = await another(none);
        await expect(closed.exec(sh`:`, plain)).rejects.toMatchObject({
          diagnostics: [{ code: 'no-session', host: 'mon-a' }],
        });
        await closed.close();
      } finally {
        await Promise.all([two.stop(), none.stop()]);
      }
    });

    it('works beside what it holds where sshd allows one session alone', async () => {
      const one = await startSshd(['MaxSessions 1']);
      try {
        const connection = await another(one);
        const alone = await Promise.all(['a', 'b'].map((word) => connection.exec(sh`echo ${word}`, plain)));
        expect(alone.map(({ stdout }) => stdout)).toEqual(['a\n', 'b\n']);
        let begun: () => void = () => {};
        const isHeld = new Promise<void>((resolve) => {
          begun = resolve;
        });
        const held = connection.hold(sh`echo held; dd bs=1 count=100 2>/dev/null`, {
          become: false,
          beatS: 30,
          onLine: () => begun(),
        });
        await isHeld;
        const runs = await Promise.all(['c', 'd', 'e'].map((word) => connection.exec(sh`echo ${word}`, plain)));
        expect(runs.map(({ stdout }) => stdout)).toEqual(['c\n', 'd\n', 'e\n']);
        expect(one.log().split('Accepted publickey').length - 1).toBe(2);
        held.release('x');
        expect((await held.ended).stdout).toContain('x');
        await connection.close();
      } finally {
        await one.stop();
      }
    });

    it('ends a script that takes too long, with all its children', async () => {
      const lines: string[] = [];
      const run = await host.exec(sh`echo $$; sh -c 'sleep 300; :' & echo $!; sleep 300; echo never`, {
        ...plain,
        timeoutS: 1,
        onLine: (line) => lines.push(line),
      });
      expect(run).toMatchObject({ code: undefined, lost: 'timeout' });
      expect(lines).toHaveLength(2);
      expect(lines.map(isAlive)).toEqual([false, false]);
      expect((await host.exec(sh`echo well`, plain)).stdout).toBe('well\n');
    });

    it('lets a script that takes too long clean up', async () => {
      const file = `${sshd.folder}/cleaned`;
      await host.exec(sh`trap 'echo yes > ${file}; exit 1' TERM; sleep 300 & wait`, { ...plain, timeoutS: 1 });
      expect((await host.exec(sh`cat ${file}`, plain)).stdout).toBe('yes\n');
    });

    it('ends a script that prints without end, and keeps the end of what it said', async () => {
      const run = await host.exec(sh`echo $$ >&2; while :; do printf '%01024d\n' 7; done`, { ...plain, timeoutS: 60 });
      expect(run.lost).toBe('output-limit');
      expect(run.stdout.length).toBe(65_536);
      expect(isAlive(run.stderr.split('\n')[0]!)).toBe(false);
    });

    it('gives what came and says so when the connection is lost midway', async () => {
      const connection = await another();
      const both = [
        connection.exec(sh`echo before; sleep 0.3; kill -KILL $PPID; sleep 1; echo after`, plain),
        connection.exec(sh`sleep 20`, plain),
      ];
      expect(await Promise.all(both)).toEqual([
        { code: undefined, stdout: 'before\n', stderr: '', lost: 'connection' },
        { code: undefined, stdout: '', stderr: '', lost: 'connection' },
      ]);
      expect((await connection.exec(sh`:`, plain)).lost).toBe('connection');
      await connection.close();
    });

    it('loses what runs when it is closed', async () => {
      const connection = await another();
      const running = connection.exec(sh`sleep 20`, plain);
      await connection.exec(sh`:`, plain);
      await connection.close();
      expect((await running).lost).toBe('connection');
    });

    it('tells a login that runs no commands', async () => {
      const forced = await startSshd(['ForceCommand echo This account is not available; exit 1']);
      try {
        const connection = await another(forced);
        await expect(connection.exec(sh`:`, plain)).rejects.toMatchObject({
          diagnostics: [{ code: 'no-shell', host: 'mon-a', output: 'This account is not available' }],
        });
        await connection.close();
      } finally {
        await forced.stop();
      }
    });

    it('is not disturbed by a start-up file that talks', async () => {
      const noisy = await startSshd(['ForceCommand echo Welcome; echo careful >&2; sh -c "$SSH_ORIGINAL_COMMAND"']);
      try {
        const connection = await another(noisy);
        expect(await connection.exec(sh`echo out; echo err >&2`, plain)).toEqual({
          code: 0,
          stdout: 'out\n',
          stderr: 'err\n',
        });
        await connection.close();
      } finally {
        await noisy.stop();
      }
    });
  });

  describe('hold', () => {
    const echo = sh`while beat=$(dd bs=1 count=1 2>/dev/null) && [ "$beat" = . ]; do echo dot; done; echo "last $beat"`;
    /** What a held script says: the lines so far, and a wait for the next one. */
    function ear() {
      const lines: string[] = [];
      let heard: () => void = () => {};
      const onLine = (line: string) => {
        lines.push(line);
        heard();
      };
      const next = () =>
        new Promise<void>((resolve) => {
          heard = resolve;
        });
      return { lines, onLine, next };
    }

    it('gives a script a dot every so often, and a last word', async () => {
      const { lines, onLine, next } = ear();
      const held = host.hold(echo, { become: true, beatS: 0.5, onLine });
      while (lines.length < 3) await next();
      expect((await host.exec(sh`echo beside`, plain)).stdout).toBe('beside\n');
      held.release('d');
      expect((await held.ended).code).toBe(0);
      expect(lines.slice(0, 3)).toEqual(['dot', 'dot', 'dot']);
      expect(lines.at(-1)).toBe('last d');
    });

    it('lets a script end that is released before it has begun', async () => {
      const held = host.hold(echo, { become: false, beatS: 5, onLine: () => {} });
      held.release('');
      expect((await held.ended).stdout).toBe('last \n');
    });

    it('takes a script that no longer answers for the end of the connection', async () => {
      const connection = await another();
      const { lines, onLine, next } = ear();
      const held = connection.hold(sh`echo "$$"; sleep 300`, { become: false, beatS: 0.2, onLine });
      const beside = connection.exec(sh`sleep 300`, { ...plain, timeoutS: 300 });
      await next();
      expect(await held.ended).toMatchObject({ code: undefined, lost: 'timeout' });
      expect((await beside).lost).toBe('connection');
      await connection.close();
      process.kill(Number(lines[0]));
    });

    it('ends with its connection, here and there', async () => {
      const connection = await another();
      const { lines, onLine, next } = ear();
      const held = connection.hold(sh`echo "$$"; ${echo}`, { become: false, beatS: 0.5, onLine });
      while (lines.length < 2) await next();
      await connection.close();
      expect((await held.ended).lost).toBe('connection');
      while (isAlive(lines[0]!)) await new Promise((resolve) => setTimeout(resolve, 10));
    });
  });

  describe('http', () => {
    const ask = (port: number, path: string, timeoutS = 5) =>
      ({ from: 'host', method: 'GET', url: `http://127.0.0.1:${port}${path}`, headers: {}, timeoutS }) as const;
    const server = createServer((request, response) => {
      if (request.url === '/cut') request.socket.destroy();
      if (request.url === '/big') response.end('x'.repeat(17 << 20));
      if (request.url !== '/x') return;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.statusCode = 503;
        response.end(
          `${request.method} ${request.headers['x-word'] ?? ''} ${Buffer.concat(chunks)} ${request.headers.host}`,
        );
      });
    });
    let port: number;
    beforeAll(async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    it('asks as the host would', async () => {
      const question = { ...ask(port, '/x'), method: 'POST', headers: { 'x-word': 'hi' }, body: 'bödy' } as const;
      expect(await host.http(question)).toEqual({ status: 503, body: `POST hi bödy 127.0.0.1:${port}` });
    });

    it('keeps 16 MiB of a body', async () => {
      const answer = await host.http(ask(port, '/big'));
      expect(answer).toEqual({ status: 200, body: 'x'.repeat(16 << 20) });
    });

    it.each([
      ['nobody listens', async () => ask(await freePort(), '/'), 'connection refused'],
      ['no answer', async () => ask(port, '/hang', 0.3), 'no answer within 0.3 s'],
      ['a connection that is cut', async () => ask(port, '/cut'), 'the connection was closed before an answer came'],
      [
        'an unknown name',
        async () => ({ ...ask(port, '/'), url: 'http://nowhere.invalid/' }),
        'the name cannot be resolved',
      ],
      [
        'not http',
        async () => ({ ...ask(port, '/'), url: 'https://127.0.0.1/' }),
        'https://127.0.0.1/ is not an http:// URL',
      ],
    ])('gives the reason: %s', async (_name, question, error) => {
      expect(await host.http(await question())).toEqual({ status: undefined, error });
    });

    it('hears whoever answers a connection, be it by refusing', async () => {
      expect(await host.reach('127.0.0.1', port, 3)).toEqual({ heard: true });
      expect(await host.reach('127.0.0.1', await freePort(), 3)).toEqual({ heard: true });
    });

    it('says that sshd forbids forwarding, and that the connection is lost', async () => {
      const closed = await startSshd(['AllowTcpForwarding no']);
      try {
        const connection = await another(closed);
        expect(await connection.http(ask(port, '/'))).toEqual({
          status: undefined,
          error: 'sshd on the host forbids forwarding (AllowTcpForwarding no)',
        });
        expect(await connection.reach('127.0.0.1', port, 3)).toMatchObject({ heard: undefined });
        await connection.exec(sh`kill -KILL $PPID`, plain);
        expect(await connection.http(ask(port, '/'))).toMatchObject({
          status: undefined,
          error: expect.stringMatching(/connect/i),
        });
        await connection.close();
      } finally {
        await closed.stop();
      }
    });
  });
});
