import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BaseImage } from './base-image.ts';
import { hasLegacyCgroups } from './cgroups.ts';
import { must } from './command.ts';
import { unmountBelow } from './mounts.ts';
import { labDir } from './paths.ts';

/** A host's own folders: its root file system once mounted, and the real folder that its Docker writes to. */
export type HostDisk = {
  readonly folder: string;
  readonly root: string;
  readonly docker: string;
  /** The file system that the folder is, where the disk has a size of its own. */
  readonly image: string;
};

/** What a host's first boot finds on its disk besides the base image. */
export type HostSettings = {
  readonly name: string;
  readonly address: string;
  readonly bridgeAddress: string;
  readonly registry: string;
  readonly hostKeys: string;
  readonly authorizedKey: string;
};

/** Where a host's disk is, made or not. */
export function hostDisk(lab: string, host: string): HostDisk {
  const folder = join(labDir(lab), 'hosts', host);
  const image = join(labDir(lab), 'disks', `${host}.ext4`);
  return { folder, root: join(folder, 'root'), docker: join(folder, 'docker'), image };
}

/** Mounts a host's root: its own upper folder over the shared base image; a new disk gets the settings written. */
export async function mountDisk(
  disk: HostDisk,
  image: BaseImage,
  bare: boolean,
  settings: HostSettings,
  sizeMb?: number,
): Promise<void> {
  await openDisk(disk, sizeMb);
  const upper = join(disk.folder, 'upper');
  const work = join(disk.folder, 'work');
  const made = join(disk.folder, 'made');
  // Half-made by a killed command: begin again.
  if (!existsSync(made)) {
    await wipeDisk(disk);
    await openDisk(disk, sizeMb);
  }
  for (const folder of [upper, work, disk.root, disk.docker]) mkdirSync(folder, { recursive: true });
  const lower = bare ? image.bare : `${image.prepared}:${image.bare}`;
  await must('mount', [
    '-t',
    'overlay',
    'overlay',
    '-o',
    `lowerdir=${lower},upperdir=${upper},workdir=${work}`,
    disk.root,
  ]);
  if (existsSync(made)) return;
  await writeSettings(disk.root, settings);
  writeFileSync(made, '');
}

/** Removes a host's disk with all that is on it. */
export async function wipeDisk(disk: HostDisk): Promise<void> {
  await unmountBelow(disk.folder);
  rmSync(disk.folder, { recursive: true, force: true });
  rmSync(disk.image, { force: true });
}

/** Leaves nothing mounted on a disk but, where it has a size of its own, the file system that it is. */
async function openDisk(disk: HostDisk, sizeMb: number | undefined): Promise<void> {
  await unmountBelow(disk.folder);
  if (sizeMb === undefined) return;
  mkdirSync(disk.folder, { recursive: true });
  if (!existsSync(disk.image)) {
    mkdirSync(dirname(disk.image), { recursive: true });
    await must('truncate', ['-s', `${sizeMb}M`, disk.image]);
    // Nothing is kept for root, so that full is full.
    await must('mkfs.ext4', ['-q', '-m', '0', disk.image]);
  }
  await must('mount', ['-o', 'loop', disk.image, disk.folder]);
}

async function writeSettings(root: string, settings: HostSettings): Promise<void> {
  const files: Record<string, string> = {
    'etc/hostname': `${settings.name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n${settings.address} ${settings.name}\n`,
    // Nothing answers there, and says so at once; no nameserver at all would make Docker ask one on the internet.
    'etc/resolv.conf': `nameserver ${settings.bridgeAddress}\n`,
    'etc/machine-id': `${randomBytes(16).toString('hex')}\n`,
    'etc/docker/daemon.json': `${JSON.stringify({ 'registry-mirrors': [`http://${settings.registry}`] }, undefined, 2)}\n`,
  };
  if (hasLegacyCgroups()) files['etc/systemd/system/docker.service.d/lab-cgroups.conf'] = writableCgroups;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const key of readdirSync(settings.hostKeys))
    cpSync(join(settings.hostKeys, key), join(root, 'etc/ssh', key), { preserveTimestamps: true });
  await must('sh', ['-c', giveKey, 'sh', root, settings.authorizedKey]);
}

const giveKey = `set -eu
cd "$1"
chmod 0600 etc/ssh/ssh_host_*_key
for home in root home/deploy home/careful; do
  mkdir -p "$home/.ssh"
  chmod 0700 "$home/.ssh"
  printf '%s' "$2" >"$home/.ssh/authorized_keys"
  chown -R --reference="$home" "$home/.ssh"
done`;

/** On a machine with cgroup v1, nspawn binds the controllers read-only and Docker needs to make folders in them. */
const writableCgroups = `[Service]
ExecStartPre=/bin/sh -c 'while read -r _ point type _; do if [ "$$type" = cgroup ]; then mount -o remount,rw,bind "$$point"; fi; done </proc/mounts'
`;
