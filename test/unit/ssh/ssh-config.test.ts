import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { parseSshG, sshConfigReader } from '../../../src/ssh/ssh-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'hadeploy-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
const homeWith = (config: string | undefined): string => {
  const home = join(folder, String(made++));
  mkdirSync(join(home, '.ssh'), { recursive: true });
  if (config !== undefined) writeFileSync(join(home, '.ssh', 'config'), config);
  return home;
};
const quiet = () => {};

describe('parseSshG', () => {
  it('reads what counts and expands tokens', () => {
    const text = [
      'host mon-a',
      'user deploy',
      'hostname 10.0.0.1',
      'port 2222',
      'identitiesonly yes',
      'stricthostkeychecking accept-new',
      'identityfile ~/.ssh/%r@%h',
      'identityfile /keys/100%%',
      'userknownhostsfile ~/.ssh/a /dev/null',
      'globalknownhostsfile /etc/ssh/ssh_known_hosts',
      'proxyjump one,root@two:2200',
      'connecttimeout 3',
      'identityagent none',
    ].join('\n');
    expect(parseSshG(text, 'mon-a', '/home/me')).toEqual({
      hostName: '10.0.0.1',
      user: 'deploy',
      port: 2222,
      identityFiles: ['/home/me/.ssh/deploy@10.0.0.1', '/keys/100%'],
      identitiesOnly: true,
      identityAgent: 'none',
      jump: ['one', 'root@two:2200'],
      knownHostsFiles: ['/home/me/.ssh/a', '/dev/null', '/etc/ssh/ssh_known_hosts'],
      hostKeys: 'accept-new',
      connectTimeoutS: 3,
    });
  });

  it.each([
    ['yes', 'strict'],
    ['true', 'strict'],
    ['ask', 'strict'],
    ['accept-new', 'accept-new'],
    ['no', 'accept-new'],
    ['false', 'accept-new'],
  ])('takes StrictHostKeyChecking %s for %s: a changed key is refused in any case', (word, hostKeys) => {
    expect(parseSshG(`stricthostkeychecking ${word}`, 'a', '/h').hostKeys).toBe(hostKeys);
  });
});

const noSsh = spawnSync('ssh', ['-V']).error !== undefined;
describe.skipIf(noSsh)(`the real ssh${noSsh ? ' (skipped: not installed)' : ''}`, () => {
  const read = (home: string, address = 'mon-a', user?: string, port?: number) =>
    sshConfigReader(home, quiet)(address, user, port, 'mon-a');

  it('answers for patterns, includes and explicit words', async () => {
    const home = homeWith(
      'Host mon-*\n  HostName 10.0.0.7\n  Port 2200\n  User deploy\nMatch user root\n  IdentityFile /keys/root\n',
    );
    expect(await read(home)).toMatchObject({ hostName: '10.0.0.7', port: 2200, user: 'deploy' });
    const asRoot = await read(home, 'mon-a', 'root', 22);
    expect(asRoot).toMatchObject({ hostName: '10.0.0.7', port: 22, user: 'root', identityFiles: ['/keys/root'] });
    expect((await read(home, 'other'))?.hostName).toBe('other');
  });

  it('leaves the usual keys and names no user where the file does not', async () => {
    const config = await read(homeWith('Host *\n  ConnectTimeout 4\n'));
    expect(config).toMatchObject({ user: userInfo().username, port: 22, connectTimeoutS: 4, hostKeys: 'strict' });
    expect(config?.identityFiles).toBeUndefined();
    expect(config?.proxyCommand).toBeUndefined();
  });

  it('names a fault of the file with its place', async () => {
    await expect(read(homeWith('Host mon-*\n  Port nowhere\n'))).rejects.toMatchObject({
      diagnostics: [{ code: 'ssh-config', host: 'mon-a', output: expect.stringContaining('line 2') }],
    });
  });
});

it('is not asked where no file says anything that counts', async () => {
  for (const config of [undefined, '# nothing\nHost *\n  HashKnownHosts yes\n']) {
    const read = sshConfigReader(homeWith(config), quiet, '/nonexistent/ssh');
    expect(await read('mon-a', undefined, undefined, 'mon-a')).toBeUndefined();
  }
});

it('warns once where there is a file but no ssh', async () => {
  const warnings: Diagnostic[] = [];
  const read = sshConfigReader(
    homeWith('Host *\n  User deploy\n'),
    (warning) => warnings.push(warning),
    '/nonexistent/ssh',
  );
  for (const address of ['a', 'b', 'c']) expect(await read(address, undefined, undefined, address)).toBeUndefined();
  expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([['ssh-config-unread', 'warning']]);
});
