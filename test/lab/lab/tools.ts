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
  const packages = missingPackages();
  if (packages.length === 0) return;
  say(`Installing ${packages.join(', ')} on this machine`);
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  // Two labs may come up at once on a new machine; apt itself makes the second wait.
  const apt = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  await must('apt-get', [...apt, 'update'], { env });
  await must('apt-get', [...apt, '--yes', '--no-install-recommends', 'install', ...packages], { env });
}

function missingPackages(): readonly string[] {
  const missing = Object.entries(needed).filter(([program]) => !folders.some((at) => existsSync(`${at}/${program}`)));
  if (missing.length === 0) return [];
  return [...new Set([...missing.map(([, name]) => name), 'debian-archive-keyring'])];
}
