import { chownSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command.ts';
import { makeOnce } from './make-once.ts';
import { labDir } from './paths.ts';

/** The lab's private key, which opens every account on every host. */
export const privateKeyPath = (lab: string): string => join(labDir(lab), 'id_ed25519');

/** The lab's own known_hosts. */
export const knownHostsPath = (lab: string): string => join(labDir(lab), 'known_hosts');

/** An ssh_config that knows the lab's hosts by name. */
export const sshConfigPath = (lab: string): string => join(labDir(lab), 'ssh_config');

/** Where a host's own keys are kept, so that they outlive its disk. */
export const hostKeysDir = (lab: string, host: string): string => join(labDir(lab), 'keys', host);

/** Makes the lab's key and each host's keys where missing, and writes known_hosts and ssh_config. */
export async function ensureKeys(
  lab: string,
  hosts: readonly { readonly name: string; readonly address: string }[],
): Promise<void> {
  const key = privateKeyPath(lab);
  if (!existsSync(key)) {
    // Made under another name: a killed command's half key must not pass for one.
    const draft = `${key}.draft-${process.pid}`;
    await generate('ed25519', draft, `hadeploy lab ${lab}`);
    giveToCaller(draft);
    renameSync(`${draft}.pub`, `${key}.pub`);
    renameSync(draft, key);
  }
  await Promise.all(hosts.map((host) => makeOnce(hostKeysDir(lab, host.name), generateHostKeys)));
  const known = hosts.flatMap((host) =>
    publicKeys(hostKeysDir(lab, host.name)).map((line) => `${host.address} ${line.split(' ').slice(0, 2).join(' ')}`),
  );
  writeFileSync(knownHostsPath(lab), `${known.join('\n')}\n`);
  writeFileSync(sshConfigPath(lab), sshConfig(lab, hosts));
}

async function generateHostKeys(folder: string): Promise<void> {
  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const)
    await generate(type, join(folder, `ssh_host_${type}_key`), '');
}

async function generate(type: 'ed25519' | 'ecdsa' | 'rsa', file: string, comment: string): Promise<void> {
  // 2048 bits take a third of the time of the default 3072, and three hosts come up at once.
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  await must('ssh-keygen', ['-q', '-t', type, ...bits, '-N', '', '-C', comment, '-f', file]);
}

function publicKeys(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.pub'));
  return files.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim());
}

function sshConfig(lab: string, hosts: readonly { readonly name: string; readonly address: string }[]): string {
  const names = hosts.map((host) => `Host ${host.name}\n  HostName ${host.address}\n`);
  return `${names.join('')}Host *
  User root
  IdentityFile ${privateKeyPath(lab)}
  IdentitiesOnly yes
  UserKnownHostsFile ${knownHostsPath(lab)}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  # The default of older clients costs a quarter of a second of computing for each login.
  KexAlgorithms curve25519-sha256
  LogLevel ERROR
`;
}

/** Run by sudo, the key belongs to the one who called, since ssh refuses another's key. */
function giveToCaller(key: string): void {
  const uid = Number(process.env['SUDO_UID'] ?? '0');
  const gid = Number(process.env['SUDO_GID'] ?? '0');
  for (const file of [key, `${key}.pub`]) chownSync(file, uid, gid);
}
