import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/posix/secret.ts';
import type { Target } from '../../../src/run/ports.ts';
import { jumpParts, route } from '../../../src/ssh/settings.ts';
import { parseSshG, type SshConfig } from '../../../src/ssh/ssh-config.ts';

const around = { home: '/home/me', env: { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' } };
/** ssh_config as a table: what `ssh -G` says of each address, nothing where it is silent. */
const reader =
  (table: Readonly<Record<string, readonly string[]>>) =>
  async (address: string): Promise<SshConfig | undefined> =>
    table[address] && parseSshG(table[address].join('\n'), address, around.home);
const target: Target = { host: 'mon-a', address: 'mon-a', user: 'deploy' };
const labels = async (asked: Target, table: Readonly<Record<string, readonly string[]>> = {}) =>
  (await route(asked, around, reader(table))).map(({ label }) => label);

describe('jumpParts', () => {
  it.each([
    ['bastion', { address: 'bastion' }],
    ['me@bastion', { address: 'bastion', user: 'me' }],
    ['me@bastion:2200', { address: 'bastion', user: 'me', port: 2200 }],
    ['me@dom@bastion', { address: 'bastion', user: 'me@dom' }],
    ['[fe80::1]:2200', { address: 'fe80::1', port: 2200 }],
    ['root@[fe80::1]', { address: 'fe80::1', user: 'root' }],
    ['fe80::1', { address: 'fe80::1' }],
    ['ssh://me@bastion:2200/', { address: 'bastion', user: 'me', port: 2200 }],
  ])('%s', (text, parts) => {
    expect(jumpParts(text)).toEqual(parts);
  });
});

describe('route', () => {
  it('goes by defaults where nobody says anything', async () => {
    const [hop] = await route({ ...target, address: '10.0.0.1' }, around, reader({}));
    expect(hop).toMatchObject({
      label: 'deploy@10.0.0.1:22',
      knownAs: '10.0.0.1',
      knownHostsFiles: ['/home/me/.ssh/known_hosts', '/etc/ssh/ssh_known_hosts'],
      hostKeys: 'strict',
      agentSocket: '/run/agent',
      timeoutMs: 10_000,
    });
  });

  it('lets the inventory win over ssh_config', async () => {
    const asked: Target = {
      ...target,
      port: 2222,
      privateKeyFile: '~/key',
      knownHostsFile: '~/known',
      hostKeys: 'strict',
      connectTimeoutS: 3,
      jump: [],
    };
    const says = [
      'hostname 10.0.0.7',
      'user root',
      'port 99',
      'identityfile /other',
      'stricthostkeychecking no',
      'connecttimeout 30',
      'proxyjump x',
    ];
    expect(await route(asked, around, reader({ 'mon-a': says }))).toEqual([
      expect.objectContaining({
        label: 'deploy@10.0.0.7:2222',
        identityFiles: ['/home/me/key'],
        requiredKeyFile: '/home/me/key',
        knownHostsFiles: ['/home/me/known'],
        hostKeys: 'strict',
        timeoutMs: 3000,
      }),
    ]);
  });

  it('follows ssh_config where the inventory is silent', async () => {
    const says = [
      'user root',
      'port 99',
      'identityfile /other',
      'identitiesonly yes',
      'stricthostkeychecking accept-new',
      'connecttimeout 30',
      'hostkeyalias mon',
      'identityagent $OTHER',
    ];
    expect(await route({ host: 'mon-a', address: 'mon-a' }, around, reader({ 'mon-a': says }))).toEqual([
      expect.objectContaining({
        label: 'root@mon-a:99',
        knownAs: 'mon',
        identityFiles: ['/other'],
        identitiesOnly: true,
        hostKeys: 'accept-new',
        timeoutMs: 30_000,
        agentSocket: '/run/other',
      }),
    ]);
  });

  it('strings jump hosts together, the first of which may have jump hosts of its own', async () => {
    const table = {
      'mon-a': ['proxyjump one,me@two:2200'],
      one: ['user gate', 'proxyjump zero'],
      zero: ['user root', 'port 1'],
      two: ['user x', 'proxyjump ignored'],
    };
    expect(await labels(target, table)).toEqual([
      'jump host root@zero:1',
      'jump host gate@one:22',
      'jump host me@two:2200',
      'deploy@mon-a:22',
    ]);
  });

  it('ends a circle of jump hosts', async () => {
    const chain = await labels(target, {
      'mon-a': ['proxyjump a'],
      a: ['user r', 'proxyjump b'],
      b: ['user r', 'proxyjump a'],
    });
    expect(chain.length).toBeLessThan(12);
  });

  it("gives a jump host the target's key and known_hosts, but not its passwords", async () => {
    const asked: Target = {
      ...target,
      jump: ['root@gate'],
      privateKeyFile: '/k',
      knownHostsFile: '/kh',
      password: new Secret('x'),
    };
    const [gate] = await route(asked, around, reader({}));
    expect(gate).toMatchObject({
      knownHostsFiles: ['/kh'],
      requiredKeyFile: undefined,
      password: undefined,
      host: 'mon-a',
    });
    expect(gate?.identityFiles[0]).toBe('/k');
    const [own] = await route(asked, around, reader({ gate: ['user root', 'identityfile /gate-key'] }));
    expect(own?.identityFiles).toEqual(['/gate-key']);
  });

  it('refuses a ProxyCommand, unless the inventory names the way', async () => {
    const table = { 'mon-a': ['proxycommand nc %h %p'] };
    await expect(labels(target, table)).rejects.toMatchObject({ diagnostics: [{ code: 'proxy-command' }] });
    expect(await labels({ ...target, jump: [] }, table)).toEqual(['deploy@mon-a:22']);
  });
});
