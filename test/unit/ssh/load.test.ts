import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sh } from '../../../src/posix/script.ts';
import { sshTransport } from '../../../src/ssh/transport.ts';
import { noLocalHosts } from '../../support/local-transport.ts';
import { type Crowd, flood, garbage, type Manner, markIn, startCrowd } from './crowd.ts';
import { runThrough } from './peer.ts';
import { sshdMissing, startSshd } from './sshd.ts';

let crowd: Crowd | undefined;
afterEach(() => {
  crowd?.stop();
  crowd = undefined;
});

const path = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Ends a channel as a program that exits with this code does. */
const leave = (channel: { exit(code: number): void; end(): void }, code: number) => {
  channel.exit(code);
  channel.end();
};

/** How servers behave, how many do so, and the fault that each of them is to be told by; none for those that are fine. */
const habits: Readonly<Record<string, { readonly count: number; readonly code?: string; readonly manner: Manner }>> = {
  silent: {
    count: 60,
    code: 'connect-timeout',
    manner: {
      meet: (socket) => {
        socket.resume();
        return false;
      },
    },
  },
  greeting: {
    count: 20,
    code: 'connect-timeout',
    manner: {
      meet: (socket) => {
        socket.resume().write('SSH-2.0-OpenSSH_9.2\r\n');
        return false;
      },
    },
  },
  pondering: { count: 20, code: 'connect-timeout', manner: { authenticate: () => {} } },
  good: { count: 40, manner: {} },
  talkative: {
    count: 10,
    manner: {
      exec: (channel, command) => {
        channel.stderr.write('Welcome! You have new mail.\n');
        channel.write('loading profile...\n');
        runThrough(channel, `echo from the shell rc; ${command}`, path);
      },
    },
  },
  cutting: {
    count: 30,
    code: 'connection-cut',
    manner: {
      meet: (socket) => {
        socket.end('SSH-2.0-OpenSSH_9.2\r\n');
        return false;
      },
    },
  },
  web: {
    count: 20,
    code: 'not-ssh',
    manner: {
      meet: (socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
        return false;
      },
    },
  },
  impostor: { count: 30, code: 'host-key-changed', manner: { hasWrongKey: true } },
  stranger: {
    count: 10,
    code: 'login-refused',
    manner: { authenticate: (context) => context.reject(['publickey']) },
  },
  dying: { count: 10, code: 'connection-lost', manner: { exec: (_channel, _command, socket) => socket.destroy() } },
  nologin: {
    count: 10,
    code: 'no-shell',
    manner: {
      exec: (channel) => {
        channel.write('This account is currently not available.\n');
        leave(channel, 1);
      },
    },
  },
  python: {
    count: 10,
    code: 'no-shell',
    manner: {
      exec: (channel) => {
        channel.stderr.write('  File "<string>", line 1\nSyntaxError: invalid syntax\n');
        leave(channel, 1);
      },
    },
  },
  garbled: {
    count: 10,
    code: 'garbled-answer',
    manner: {
      exec: (channel, command) => {
        const mark = markIn(command);
        for (const stream of [channel, channel.stderr]) {
          stream.write(`${mark}.start 4 4 4\n`);
          stream.write(garbage());
          stream.write(`${mark}.end 0\n`);
        }
        leave(channel, 0);
      },
    },
  },
  flooding: {
    count: 10,
    code: 'output-limit',
    manner: { exec: (channel) => flood(channel, 100 << 20, () => leave(channel, 0)) },
  },
  drowning: {
    count: 2,
    code: 'output-limit',
    manner: {
      exec: (channel, command) => {
        const mark = markIn(command);
        channel.stderr.write(`${mark}.start 4 4 4\n`);
        channel.write(`${mark}.start \n`);
        flood(channel, 100 << 20, () => leave(channel, 0));
      },
    },
  },
  endless: {
    count: 8,
    code: 'output-limit',
    manner: {
      exec: (channel, command) => {
        // The mark begins and its line never ends.
        channel.write(`${markIn(command)}.start `);
        const pour = () => {
          while (!channel.destroyed && channel.write(Buffer.alloc(32_768, 'x')));
          channel.once('drain', pour);
        };
        pour();
      },
    },
  },
};

describe('300 servers at once', () => {
  it('are each told by their own fault, while the good among them answer', { timeout: 120_000 }, async () => {
    const names = Object.entries(habits).flatMap(([habit, { count }]) =>
      Array.from({ length: count }, (_, index) => [`${habit}-${String(index).padStart(2, '0')}`, habit] as const),
    );
    expect(names).toHaveLength(300);
    crowd = await startCrowd(new Map(names.map(([name, habit]) => [name, habits[habit]!.manner])));
    const { home, port, addresses, log } = crowd;
    const folder = join(home, 'project');
    mkdirSync(join(folder, 'inv'), { recursive: true });
    mkdirSync(join(folder, 'made'));
    const hosts = [...addresses].map(([name, address]) => `    ${name}: {ansible_host: ${address}}`);
    writeFileSync(
      join(folder, 'inv', 'hosts.yml'),
      `all:\n  vars: {ansible_user: root, ansible_port: ${port}, ansible_timeout: 15}\n  hosts:\n${hosts.join('\n')}\n`,
    );
    writeFileSync(
      join(folder, 'site.yml'),
      `- name: All\n  hosts: all\n  tasks:\n    - name: A file\n      file: {path: "${folder}/made/{{ inventory_hostname }}", content: x}\n`,
    );
    const { code, stderr, peakMb } = await run(folder, home, ['apply', 'inv', '-p', 'site.yml', '--yes']);
    const told = [...stderr.matchAll(/^error (\S+) .*\n {2}(?:\S+ {2})?on (\S+)/gm)].map(
      ([, fault, host]) => `${host} ${fault}`,
    );
    const due = names.flatMap(([name, habit]) => (habits[habit]!.code ? [`${name} ${habits[habit]!.code}`] : []));
    expect(told.sort()).toEqual(due.sort());
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(code).toBe(1);
    expect(readdirSync(join(folder, 'made'))).toEqual([]);
    const good = names.filter(([, habit]) => habits[habit]!.code === undefined).map(([name]) => name);
    expect(good.filter((name) => !log.includes(`heard ${name}`))).toEqual([]);
    const lastCame = Math.max(...good.map((name) => log.indexOf(`met ${name}`)));
    const hanging = names.filter(([, habit]) => habits[habit]!.code === 'connect-timeout').map(([name]) => name);
    expect(hanging.filter((name) => log.indexOf(`left ${name}`) > lastCame).length).toBeGreaterThan(hanging.length / 2);
    expect(peakMb).toBeLessThan(250);
  });
});

describe.skipIf(sshdMissing)(`100 hosts behind one bastion${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  it('are all reached, by one login there, although its sshd drops logins when many are open', {
    timeout: 120_000,
  }, async () => {
    const bastion = await startSshd(['MaxStartups 10:30:100', 'MaxSessions 1']);
    try {
      const names = Array.from({ length: 100 }, (_, index) => `host-${index}`);
      crowd = await startCrowd(new Map(names.map((name) => [name, {}])));
      const { home, port, addresses } = crowd;
      appendFileSync(join(bastion.home, '.ssh', 'known_hosts'), readFileSync(join(home, '.ssh', 'known_hosts')));
      const transport = sshTransport({ home: bastion.home });
      const jump = [`root@127.0.0.1:${bastion.port}`];
      const connections = await Promise.all(
        names.map((host) =>
          transport.connect(
            { host, address: addresses.get(host)!, port, user: 'root', jump, connectTimeoutS: 30 },
            new AbortController().signal,
          ),
        ),
      );
      const heard = await Promise.all(
        connections.map((one, index) => one.exec(sh`echo ${index}`, { become: false, timeoutS: 30 })),
      );
      expect(heard.map(({ stdout }) => stdout)).toEqual(names.map((_, index) => `${index}\n`));
      await Promise.all(connections.map((one) => one.close()));
      expect(bastion.log().split('Accepted publickey').length - 1).toBe(1);
    } finally {
      await bastion.stop();
    }
  });
});

/** Runs command lines where `/var/lib/hadeploy` is what these mounts make of it. */
const within = (mounts: string): Manner => ({
  exec: (channel, command) => {
    const child = spawn('unshare', ['-m', 'sh', '-c', `${mounts}; exec /bin/sh -c "$0"`, command], {
      env: { PATH: path, HOME: '/' },
    });
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    child.stdin.on('error', () => {});
    channel.pipe(child.stdin);
    child.on('close', (code) => leave(channel, code ?? 255));
  },
});

describe.skipIf(noLocalHosts)(`a host${noLocalHosts ? ` (skipped: ${noLocalHosts})` : ''}`, () => {
  it.each([
    [
      'with a full /tmp is brought to what is wanted',
      'mount --bind STATE /var/lib/hadeploy; mount -t tmpfs -o size=4k none /tmp; cat /dev/zero >/tmp/full 2>&-',
      [0, ''],
    ],
    ['that is read-only is not touched', 'mount -t tmpfs -o ro none /var/lib/hadeploy', [1, 'no-lease']],
    [
      'with a full disk is not touched',
      'mount -t tmpfs -o size=4k none /var/lib/hadeploy; cat /dev/zero >/var/lib/hadeploy/full 2>&-',
      [1, 'no-lease'],
    ],
  ] as const)('%s', async (_name, mounts, [code, fault]) => {
    mkdirSync('/var/lib/hadeploy', { recursive: true });
    const state = mkdtempSync(join(tmpdir(), 'hadeploy-state-'));
    crowd = await startCrowd(new Map([['mon-a', within(`{ ${mounts.replace('STATE', state)}; }`)]]));
    const { home, port, addresses } = crowd;
    const folder = join(home, 'project');
    mkdirSync(join(folder, 'inv'), { recursive: true });
    writeFileSync(
      join(folder, 'inv', 'hosts.yml'),
      `all: {hosts: {mon-a: {ansible_host: ${addresses.get('mon-a')}, ansible_user: root, ansible_port: ${port}}}}\n`,
    );
    writeFileSync(
      join(folder, 'site.yml'),
      '- name: All\n  hosts: all\n  tasks:\n    - name: A file\n      file: {path: /var/lib/hadeploy/a, content: x}\n',
    );
    const ended = await run(folder, home, ['apply', 'inv', '-p', 'site.yml', '--yes']);
    const made = existsSync(join(state, 'a'));
    rmSync(state, { recursive: true });
    expect(ended.stderr).toContain(fault);
    expect([ended.code, made]).toEqual([code, code === 0]);
  });
});

/** The built program as a user runs it, beside the servers of this process; `peakMb` is the most memory it had. */
async function run(folder: string, home: string, args: readonly string[]) {
  const peak = join(folder, 'peak.mjs');
  writeFileSync(
    peak,
    `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(join(folder, 'peak'))}, String(process.resourceUsage().maxRSS)));\n`,
  );
  const child = spawn(resolve('bin/hadeploy'), args, {
    cwd: folder,
    env: { ...process.env, HOME: home, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: `--import ${peak}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  const peakMb = existsSync(join(folder, 'peak'))
    ? Number(readFileSync(join(folder, 'peak'), 'utf8')) / 1024
    : Number.NaN;
  return { code, stdout, stderr, peakMb };
}
