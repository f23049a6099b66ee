import { existsSync } from 'node:fs';
import { must } from './command.ts';
import { withLock } from './lock.ts';

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
  // Two labs coming up on a new machine must not both install. `flock` itself is part of every Debian.
  if (missingPackages().length > 0) await withLock('tools', () => install(missingPackages(), say));
}

async function install(packages: readonly string[], say: (line: string) => void): Promise<void> {
  if (packages.length === 0) return;
  say(`Installing ${packages.join(', ')} on this machine`);
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const apt = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  await must('apt-get', [...apt, 'update'], { env });
  await must('apt-get', [...apt, '--yes', '--no-install-recommends', 'install', ...packages], { env });
}

function missingPackages(): readonly string[] {
  const missing = Object.entries(needed).filter(([program]) => !folders.some((at) => existsSync(`${at}/${program}`)));
  if (missing.length === 0) return [];
  return [...new Set([...missing.map(([, name]) => name), 'debian-archive-keyring'])];
}
