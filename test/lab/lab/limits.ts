import { readFileSync, writeFileSync } from 'node:fs';

/** Each host's systemd, D-Bus and Docker hold about seven of these, and a kernel's default for root is 128. */
const inotifyInstances = 8192;

/** Raises this machine's limits that many hosts would hit; they stay raised until the machine restarts. */
export function raiseLimits(): void {
  const file = '/proc/sys/fs/inotify/max_user_instances';
  if (Number(readFileSync(file, 'utf8')) < inotifyInstances) writeFileSync(file, String(inotifyInstances));
}
