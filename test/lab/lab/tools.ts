import { existsSync } from 'node:fs';
import { must } from './command.ts';

/** Programs the lab runs on the machine, and the package that brings each. */
const needed: Readonly<Record<string, string>> = {
  debootstrap: 'debootstrap',
  flock: 'util-linux',
  ip: 'iproute2',
  nsenter: 'util-linux',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  'systemd-nspawn': 'systemd-container',
};

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Installs from the machine's apt what the lab needs and is not there. */
export async function ensureTools(say: (line: string) => void): Promise<void> {
  const packages = Object.entries(needed)
    .filter(([program]) => !folders.some((folder) => existsSync(`${folder}/${program}`)))
    .map(([, name]) => name);
  if (packages.length === 0) return;
  const missing = [...new Set([...packages, 'debian-archive-keyring'])];
  say(`Installing ${missing.join(', ')} on this machine`);
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const patience = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  await must('apt-get', [...patience, 'update'], { env });
  await must('apt-get', [...patience, '--yes', '--no-install-recommends', 'install', ...missing], { env });
}
