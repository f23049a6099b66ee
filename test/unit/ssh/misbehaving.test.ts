import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Diagnostic, Refusal } from '../../../src/diagnostics/diagnostic.ts';
import { sh } from '../../../src/posix/script.ts';
import { Secret } from '../../../src/posix/secret.ts';
import type { Target } from '../../../src/run/ports.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';
import { type Peer, rawPeer, sshPeer } from './peer.ts';
import { freePort } from './sshd.ts';

// Real processes on a busy machine: slow is not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const never = new AbortController().signal;
let peer: Peer | undefined;
afterEach(() => {
  peer?.stop();
  peer = undefined;
});

const refusal = async (at: { readonly home: string }, target: Target, signal = never): Promise<Diagnostic> => {
  const error = await sshTransport({ home: at.home })
    .connect(target, signal)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(Refusal);
  const [fault, ...more] = (error as Refusal).diagnostics;
  expect(more).toEqual([]);
  expect(fault).toMatchObject({ host: 'mon-a', severity: 'error', mend: expect.any(String) });
  return fault!;
};

describe('a server that', () => {
  it('speaks HTTP is no SSH server', async () => {
    peer = await rawPeer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const fault = await refusal(peer, peer.target);
    expect([fault.code, fault.output]).toEqual(['not-ssh', 'HTTP/1.1 400 Bad Request']);
    expect(peer.connections()).toBe(1);
  });

  it('sends garbage without end is no SSH server', async () => {
    peer = await rawPeer((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 0x80)));
      };
      socket.on('drain', flood);
      flood();
    });
    expect((await refusal(peer, peer.target)).code).toBe('not-ssh');
  });

  it('says nothing runs into the time limit', async () => {
    peer = await rawPeer(() => {});
    const start = performance.now();
    const fault = await refusal(peer, { ...peer.target, connectTimeoutS: 0.5 });
    expect(fault.code).toBe('connect-timeout');
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(peer.connections()).toBe(1);
  });

  it('greets and falls silent runs into the time limit', async () => {
    peer = await rawPeer((socket) => {
      socket.write('SSH-2.0-tar_1\r\n');
    });
    const fault = await refusal(peer, { ...peer.target, connectTimeoutS: 0.5 });
    expect([fault.code, fault.why]).toEqual(['connect-timeout', 'It greeted us and then fell silent.']);
  });

  it('closes at once is tried again, with pauses, and then given up', async () => {
    peer = await rawPeer((socket) => socket.end());
    expect((await refusal(peer, peer.target)).code).toBe('connection-cut');
    expect(peer.connections()).toBe(3);
  });

  it('resets at once is tried again', async () => {
    peer = await rawPeer((socket) => socket.resetAndDestroy());
    expect((await refusal(peer, peer.target)).code).toBe('connection-cut');
    expect(peer.connections()).toBe(3);
  });

  it('closes after its greeting is tried again', async () => {
    peer = await rawPeer((socket) => socket.end('SSH-2.0-x\r\n'));
    expect((await refusal(peer, peer.target)).code).toBe('connection-cut');
    expect(peer.connections()).toBe(3);
  });

  it('has too many logins open is tried again', async () => {
    peer = await rawPeer((socket) => socket.end('Exceeded MaxStartups\r\n'));
    expect((await refusal(peer, peer.target)).code).toBe('connection-cut');
    expect(peer.connections()).toBe(3);
  });

  it('has old algorithms alone is refused with their kind', async () => {
    peer = await sshPeer({ config: { algorithms: { kex: ['diffie-hellman-group1-sha1'] } } });
    const fault = await refusal(peer, peer.target);
    expect([fault.code, fault.what]).toEqual([
      'no-common-algorithm',
      expect.stringContaining('key exchange algorithm'),
    ]);
    expect(peer.connections()).toBe(1);
  });

  it('refuses the login is not asked again', async () => {
    peer = await sshPeer({ authenticate: (context) => context.reject(['publickey', 'password']) });
    const fault = await refusal(peer, { ...peer.target, password: new Secret('hunter2') });
    expect(fault.code).toBe('login-refused');
    expect(fault.why).toContain('The server takes publickey, password.');
    expect(peer.connections()).toBe(1);
  });

  it('wants a second proof is refused', async () => {
    peer = await sshPeer({
      authenticate: (context) =>
        context.method === 'password' ? context.reject(['keyboard-interactive'], true) : context.reject(['password']),
    });
    const fault = await refusal(peer, { ...peer.target, password: new Secret('hunter2') });
    expect(fault.why).toContain('wants a second one');
  });

  it('says nothing yet leaves time for what needs no answer of it', async () => {
    peer = await rawPeer(() => {});
    let done = 0;
    const target = { ...peer.target, connectTimeoutS: 0.5 };
    const connecting = sshTransport({ home: peer.home }).connect(target, never, () => {
      done += 1;
    });
    await expect(connecting).rejects.toBeInstanceOf(Refusal);
    expect(done).toBe(1);
  });

  it('asks for the password by a prompt gets it', async () => {
    peer = await sshPeer({
      authenticate: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) =>
          answer === 'hunter2' ? context.accept() : context.reject(),
        );
      },
    });
    const connection = await sshTransport({ home: peer.home }).connect(
      { ...peer.target, password: new Secret('hunter2') },
      never,
    );
    await connection.close();
  });

  it('hangs in the middle of the login runs into the time limit', async () => {
    peer = await sshPeer({ authenticate: () => {} });
    const fault = await refusal(peer, { ...peer.target, connectTimeoutS: 0.5 });
    expect([fault.code, fault.why]).toEqual(['connect-timeout', 'The login itself hung.']);
  });

  it('does not answer a command runs into its deadline', async () => {
    peer = await sshPeer({ exec: () => {} });
    const connection = await sshTransport({ home: peer.home }).connect(peer.target, never);
    const run = await connection.exec(sh`:`, { become: false, timeoutS: 0.3 });
    expect(run).toEqual({ code: undefined, stdout: '', stderr: '', lost: 'timeout' });
    await connection.close();
  });

  it('resets a connection on which a command waits ends no process', async () => {
    peer = await sshPeer({
      exec: (_channel, _command, client) => {
        const { _sock: socket } = client as unknown as { readonly _sock: Socket };
        // Only once what was written is out does a reset reach the other side as one.
        setTimeout(() => socket.resetAndDestroy(), 50);
      },
    });
    const connection = await sshTransport({ home: peer.home }).connect(peer.target, never);
    expect((await connection.exec(sh`:`, { become: false, timeoutS: 5 })).lost).toBe('connection');
    expect(
      await connection.http({ from: 'host', method: 'GET', url: 'http://127.0.0.1/', headers: {}, timeoutS: 1 }),
    ).toMatchObject({
      status: undefined,
    });
    await connection.close();
  });
});

describe('a network that', () => {
  it('has nobody on the port says refused, after a second try', async () => {
    const fault = await refusal(
      { home: '/nonexistent' },
      { host: 'mon-a', address: '127.0.0.1', port: await freePort(), user: 'x' },
    );
    expect([fault.code, fault.what]).toEqual(['connection-refused', expect.stringContaining('x@127.0.0.1:')]);
  });

  it('does not know the name says so', async () => {
    const fault = await refusal({ home: '/nonexistent' }, { host: 'mon-a', address: 'nowhere.invalid', user: 'x' });
    expect(fault.code).toBe('host-not-found');
  });

  it('is interrupted stops at once', async () => {
    peer = await rawPeer(() => {});
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    const start = performance.now();
    expect((await refusal(peer, { ...peer.target, connectTimeoutS: 60 }, abort.signal)).code).toBe('interrupted');
    expect((await refusal(peer, peer.target, abort.signal)).code).toBe('interrupted');
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
