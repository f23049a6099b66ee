import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command.ts';
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
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `hadeploy lab ${lab}`, '-f', key]);
    giveToCaller(key);
  }
  await Promise.all(hosts.map((host) => ensureHostKeys(hostKeysDir(lab, host.name))));
  const known = hosts.flatMap((host) =>
    publicKeys(hostKeysDir(lab, host.name)).map((line) => `${host.address} ${line.split(' ').slice(0, 2).join(' ')}`),
  );
  writeFileSync(knownHostsPath(lab), `${known.join('\n')}\n`);
  writeFileSync(sshConfigPath(lab), sshConfig(lab, hosts));
}

async function ensureHostKeys(folder: string): Promise<void> {
  if (existsSync(join(folder, 'ssh_host_rsa_key.pub'))) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const type of ['ed25519', 'ecdsa', 'rsa']) {
    const file = join(folder, `ssh_host_${type}_key`);
    if (!existsSync(file)) await must('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', file]);
  }
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
