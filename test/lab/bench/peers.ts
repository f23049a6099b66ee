import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, run } from '../lab/command.ts';
import type { Command } from './measure.ts';

/** Where Debian's ansible-mitogen puts what takes the place of Ansible's own way of running tasks. */
const strategies = '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy';

/** The others that take part. */
export interface Peers {
  readonly ansible: boolean;
  readonly mitogen: boolean;
  /** Why one does not, as sentences. */
  readonly missing: readonly string[];
}

/** Installs Debian's packages where they are missing. */
export async function installPeers(): Promise<Peers> {
  const hasAnsible = async () => (await run('ansible-playbook', ['--version']).catch(() => ({ code: 1 }))).code === 0;
  const missing: string[] = [];
  const ensure = async (name: string, there: () => boolean | Promise<boolean>): Promise<boolean> => {
    if (await there()) return true;
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) =>
      run('apt-get', ['-qq', ...args], { env }).catch(() => ({ code: 1, stderr: 'there is no apt-get' }));
    await apt('update');
    const { stderr } = await apt('-y', '--no-install-recommends', 'install', name);
    if (await there()) return true;
    missing.push(`${name} could not be installed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
    return false;
  };
  const ansible = await ensure('ansible', hasAnsible);
  const mitogen = ansible && (await ensure('ansible-mitogen', () => existsSync(strategies)));
  return { ansible, mitogen, missing };
}

/** How Ansible reaches hosts of the lab. */
export interface Reach {
  readonly folder: string;
  readonly privateKey: string;
  readonly knownHosts: string;
  readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Writes an inventory for Ansible; gives its path. */
export function writeInventory({ folder, privateKey, knownHosts, hosts }: Reach, name: string): string {
  const vars = {
    ansible_user: 'deploy',
    ansible_ssh_private_key_file: privateKey,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${knownHosts} -o KexAlgorithms=curve25519-sha256`,
    ansible_python_interpreter: '/usr/bin/python3',
  };
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ all: { vars, hosts } }, null, 1));
  return path;
}

/** A play as Ansible or as Mitogen runs it: pipelining, kept connections, as many forks as there is work for. */
export function play(
  how: 'ansible' | 'mitogen',
  inventory: string,
  playbook: string,
  ...more: readonly string[]
): Command {
  const env = {
    ANSIBLE_PIPELINING: 'True',
    ANSIBLE_FORKS: '50',
    ANSIBLE_HOST_KEY_CHECKING: 'True',
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_DEPRECATION_WARNINGS: 'False',
    ...(how === 'mitogen' && { ANSIBLE_STRATEGY_PLUGINS: strategies, ANSIBLE_STRATEGY: 'mitogen_linear' }),
  };
  return { argv: ['ansible-playbook', '-i', inventory, playbook, ...more], env };
}

/** Ends the connections that Ansible keeps open, so that its next run pays for them as everybody does. */
export async function forgetConnections(): Promise<void> {
  await must('sh', [
    '-c',
    'for one in "$HOME"/.ansible/cp/*; do [ ! -S "$one" ] || ssh -O exit -S "$one" x 2>/dev/null; done; :',
  ]);
}

/** How many changes a run of Ansible says it made, or would make. */
export function changesOf(text: string): number {
  return [...text.matchAll(/\bchanged=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}
