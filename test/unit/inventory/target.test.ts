import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../src/diagnostics/diagnostic.ts';
import { readTarget } from '../../../src/inventory/target.ts';
import { Secret } from '../../../src/posix/secret.ts';

const at = () => ({ file: 'hosts.yml', line: 1, col: 1 });
const target = (vars: Record<string, unknown>) => unwrap(readTarget('mon-a', vars, at));

function said(vars: Record<string, unknown>) {
  const outcome = readTarget('mon-a', vars, at);
  return (outcome.ok ? outcome.warnings : outcome.faults).map(({ severity, code }) => `${severity} ${code}`);
}

describe('readTarget', () => {
  it('needs nothing but the name of the host', () => {
    expect(target({ app_port: 9090 })).toEqual({ address: 'mon-a', hostKeys: 'strict', connectTimeoutS: 10 });
  });

  it.each([
    [
      'Ansible’s names',
      {
        ansible_host: '10.0.0.1',
        ansible_port: '2222',
        ansible_user: 'deploy',
        ansible_ssh_private_key_file: '~/.ssh/id',
        ansible_become: 'yes',
        ansible_timeout: 5,
        ansible_connection: 'ssh',
        ansible_become_method: 'sudo',
        ansible_become_user: 'root',
        ansible_python_interpreter: '/usr/bin/python3',
      },
      {
        address: '10.0.0.1',
        port: 2222,
        user: 'deploy',
        privateKeyFile: '~/.ssh/id',
        become: true,
        connectTimeoutS: 5,
      },
    ],
    [
      'our own names',
      {
        address: 'a.example.org',
        port: 22,
        user: 'root',
        private_key_file: 'keys/id',
        known_hosts_file: 'known_hosts',
        jump: 'me@gw:2222, inner',
        host_keys: 'accept-new',
        become: false,
        connect_timeout: 2.5,
      },
      {
        address: 'a.example.org',
        port: 22,
        user: 'root',
        privateKeyFile: 'keys/id',
        knownHostsFile: 'known_hosts',
        jump: ['me@gw:2222', 'inner'],
        hostKeys: 'accept-new',
        become: false,
        connectTimeoutS: 2.5,
      },
    ],
    ['both, of which Ansible’s win', { ansible_port: 22, port: 9090 }, { port: 22 }],
    [
      'SSH arguments',
      {
        ansible_ssh_common_args:
          "-o ProxyJump=a@b:22,c -oStrictHostKeyChecking=accept-new -o 'UserKnownHostsFile kh' -C -o ControlPersist=60s",
        ansible_ssh_extra_args: '-i key -p 2200 -l me -o ConnectTimeout=3',
      },
      {
        jump: ['a@b:22', 'c'],
        hostKeys: 'accept-new',
        knownHostsFile: 'kh',
        privateKeyFile: 'key',
        port: 2200,
        user: 'me',
        connectTimeoutS: 3,
      },
    ],
    ['a variable before an argument', { ansible_ssh_args: '-J a', jump: ['b'] }, { jump: ['b'] }],
    ['jump hosts with IPv6', { jump: ['me@[fe80::1]:22'] }, { jump: ['me@[fe80::1]:22'] }],
  ])('understands %s', (_, vars, expected) => {
    expect(target(vars)).toEqual({ address: 'mon-a', hostKeys: 'strict', connectTimeoutS: 10, ...expected });
  });

  it('hides passwords, and warns when they stand in the open', () => {
    const vars = { ansible_password: 'hunter2', ansible_become_password: new Secret('x') };
    expect(JSON.stringify(target(vars))).not.toContain('hunter2');
    expect(target(vars).password?.reveal()).toBe('hunter2');
    expect(said(vars)).toEqual(['warning literal-secret']);
  });

  it.each([
    [{ ansible_connection: 'local' }, 'error unsupported-connection'],
    [{ ansible_connection: 'docker' }, 'error unsupported-connection'],
    [{ ansible_become_method: 'su' }, 'error unsupported-connection'],
    [{ ansible_become_user: 'postgres' }, 'error unsupported-connection'],
    [{ ansible_host_key_checking: false }, 'error unsupported-connection'],
    [{ ansible_ssh_common_args: '-o ProxyCommand="ssh -W %h:%p gw"' }, 'error unsupported-ssh-argument'],
    [{ ansible_ssh_common_args: '-o StrictHostKeyChecking=no' }, 'error unsupported-ssh-argument'],
    [{ ansible_ssh_common_args: '-F other_config' }, 'error unsupported-ssh-argument'],
    [{ ansible_ssh_common_args: '-o "x' }, 'error unsupported-ssh-argument'],
    [{ port: 0 }, 'error bad-connection'],
    [{ port: 'ssh' }, 'error bad-connection'],
    [{ port: 65536 }, 'error bad-connection'],
    [{ address: '' }, 'error bad-connection'],
    [{ address: ['a'] }, 'error bad-connection'],
    [{ become: 'maybe' }, 'error bad-connection'],
    [{ host_keys: 'no' }, 'error bad-connection'],
    [{ connect_timeout: 0 }, 'error bad-connection'],
    [{ jump: 'a b' }, 'error bad-connection'],
    [{ address: Symbol('unknown') }, 'error bad-connection'],
    [{ become: Symbol('unknown') }, 'error bad-connection'],
    [{ ansible_hots: 'x' }, 'warning unknown-connection'],
  ])('objects to %o', (vars, expected) => {
    const words = said(vars).filter((one) => expected.startsWith('error') || one.startsWith('warning'));
    expect(new Set(words)).toEqual(new Set([expected]));
  });

  it('finds all faults at once', () => {
    expect(said({ port: 0, host_keys: 'no', ansible_connection: 'local' })).toHaveLength(3);
  });
});
